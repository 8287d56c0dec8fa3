// SPDX-License-Identifier: Apache-2.0
// Lines are written inside their record's form: added, filled in by what is picked, changed, moved, taken away, refused at their place.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';

const post = async (server, path, body) => {
  const answer = await server.request('POST', `/api/v1/${path}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};
const linesOf = async (server, id) => (await server.request('GET', `/api/v1/orders/${id}?expand=order_lines`)).body.order_lines;
const money = (value) => ({ value, currency: 'CNY' });

/** An order of two lines, and a product that a third may take. */
async function prepare(server) {
  const mark = `L${Date.now()}`;
  const account = await post(server, 'accounts', { name: `${mark} 客户` });
  const product = await post(server, 'products', { name: `${mark} 泵`, price: money('12.5'), kind: 'goods' }).catch(() => post(server, 'products', { name: `${mark} 泵`, price: money('12.5') }));
  const line = (name, quantity) => ({ name, quantity, price: money('10'), amount: money(String(10 * quantity)) });
  const order = await post(server, 'orders', { account: account.id, placed_on: '2026-11-02', order_lines: [line('甲', '2'), line('乙', '3')], total: money('50') });
  return { order, product };
}

const input = (section, row, name) => section.locator(`[id^="line-order_lines-"][id$="-${name}"]`).nth(row);

function editing(options) {
  return { options, async run({ page, server }) {
    const zh = options.language === 'zh-CN';
    const { order, product } = await prepare(server);
    await page.goto(`/orders/${order.id}`);
    await page.locator('.rechead').waitFor();
    await page.keyboard.press('e');
    const section = page.locator('section[data-relation=order_lines]');
    await section.waitFor();
    await section.getByRole('button', { name: zh ? '添加一行' : 'Add a line' }).click();
    await input(section, 2, 'product').fill(product.name);
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: product.name }).first().click();
    await page.waitForFunction((name) => [...document.querySelectorAll('[id^="line-order_lines-"][id$="-name"]')].at(-1)?.value === name, product.name);
    await input(section, 2, 'quantity').fill('4');
    assert.match(await input(section, 2, 'amount').inputValue(), /^50(\.0+)?$/);
    await section.getByRole('button', { name: zh ? '删除第1行' : 'Remove line 1' }).click();
    await section.getByRole('button', { name: zh ? '第2行上移' : 'Move line 2 up' }).click();
    await clean(page, 'lines', { include: 'section.lines' });
    await page.shot(`lines-${options.phone ? '390' : '1440'}-${options.language}`);
    await page.locator('.form-foot .ant-btn-primary').click();
    await page.locator('.toast').waitFor();
    const stored = (await linesOf(server, order.id)).map((l) => [l.name, Number(l.quantity), Number(l.amount.value)]);
    assert.deepEqual(stored, [[product.name, 4, 50], ['乙', 3, 30]]);
    const total = (await server.request('GET', `/api/v1/orders/${order.id}`)).body.total;
    assert.equal(Number(total.value), 80, 'the total followed');
  } };
}

export const tests = {
  'lines: added, filled by the product, moved and taken away in one save, 1440 zh-CN': editing({ language: 'zh-CN', phone: false }),
  'lines: added, filled by the product, moved and taken away in one save, 390 en': editing({ language: 'en', phone: true }),
  'lines: what is refused is said at the line and its field, and nothing is stored': {
    async run({ page, server }) {
      const { order } = await prepare(server);
      page.expected.push('422');
      await page.goto(`/orders/${order.id}`);
      await page.locator('.rechead').waitFor();
      await page.keyboard.press('e');
      const section = page.locator('section[data-relation=order_lines]');
      await input(section, 1, 'quantity').fill('0');
      await page.keyboard.press('Enter'); // the last row: one more comes
      await input(section, 2, 'name').waitFor();
      await page.keyboard.press('Control+Enter');
      const errors = section.locator('.err');
      await errors.first().waitFor();
      assert.ok(await errors.count() >= 2, 'the quantity, and what the new line lacks');
      assert.equal((await linesOf(server, order.id)).length, 2);
    },
  },
};
