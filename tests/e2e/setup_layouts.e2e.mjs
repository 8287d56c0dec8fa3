// SPDX-License-Identifier: Apache-2.0
// Settings, layouts: order by drag and by keys, sections, related lists, list columns, board, views; conditions take effect in forms.
import assert from 'node:assert/strict';
import { both, box, button, declare, drawer, pick, read, record, toast } from './setup.mjs';

const three = [{ name: 'a', type: 'text', label: both('甲', 'Ay') }, { name: 'b', type: 'integer', label: both('乙', 'Bee') }, { name: 'c', type: 'choice', label: both('丙', 'Cee'), choices: [{ value: 'x', label: both('一', 'One') }, { value: 'y', label: both('二', 'Two') }] }];
const layouts = (o) => [{ layout: `${o}.form`, kind: 'form', sections: [{ label: both('基本', 'Basics'), columns: 2, fields: ['name', 'a', 'b', 'c'] }] }];
const layout = async (server, o, kind) => (await read(server, `${o.path}/layouts`)).items.find((l) => l.kind === kind);
const grip = (page, name) => page.getByRole('button', { name: `移动 ${name}` });
const tab = (page, name) => page.locator('.seg').getByRole('button', { name, exact: true });

/** Saved is what has nothing unsaved any more. */
async function save(page) {
  await button(page, '保存').click();
  await page.waitForFunction(() => [...document.querySelectorAll('.layout-foot .ant-btn-primary')].every((b) => b.disabled));
  await toast(page, '已保存布局');
}

async function declared(server) {
  const o = await declare(server, three);
  const set = await server.request('PATCH', o.path, { layouts: layouts(o.object) });
  assert.equal(set.status, 200, set.text);
  return o;
}

async function drag(page, from, to) {
  const [a, b] = [await from.boundingBox(), await to.boundingBox()];
  await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
  await page.mouse.down();
  await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2 + 10, { steps: 4 });
  await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 12 });
  await page.mouse.up();
  await page.waitForTimeout(120); // what was dragged swallows clicks for 50 ms
}

export const tests = {
  'setup layouts: a form is put in order by keys and by drag, in sections; forms follow at once': {
    async run({ page, server }) {
      const o = await declared(server);
      await page.goto(`${o.page}/layouts`);
      await grip(page, '丙').focus();
      await page.keyboard.press('ArrowUp');
      await page.locator('[role=status]', { hasText: '丙现在是第' }).waitFor({ state: 'attached' });
      await page.keyboard.press('ArrowUp');
      await button(page, '添加分组').click();
      await page.getByLabel('分组的中文名称').fill('其余');
      await grip(page, '乙').focus();
      await page.keyboard.press('ArrowDown');
      await drag(page, grip(page, '丙'), grip(page, '名称'));
      await save(page);
      const stored = (await layout(server, o, 'form')).sections.map((s) => [s.label['zh-CN'], s.fields]);
      assert.deepEqual(stored, [['基本', ['c', 'name', 'a']], ['其余', ['b']]]);
      await page.shot('setup-layout-form');
      await page.goto(`/${o.plural}?new=1`);
      await page.locator('.ant-drawer form .ff').first().waitFor();
      const order = await page.locator('.ant-drawer form .ff > label').allInnerTexts();
      assert.deepEqual(order.slice(0, 3).map((x) => x.replace(/必填$/, '').trim()), ['丙', '名称', '甲']);
      await page.goto(`${o.page}/layouts`);
      await button(page, '恢复系统布局').click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: '恢复系统布局' }).click();
      await toast(page, '已恢复系统布局');
    },
  },
  'setup layouts: columns of lists, board with cards, related lists, default sort': {
    async run({ page, server }) {
      const o = await declared(server);
      const part = await server.request('POST', '/api/v1/meta/objects', { object: `${o.object}_q`, plural: `${o.object}_qs`, title: 'name', label: both('零件', 'Part'), fields: [{ name: 'name', type: 'text', label: both('名称', 'Name') }, { name: 'whole', type: 'link', to: o.object, inverse: 'parts', label: both('整体', 'Whole') }] });
      assert.equal(part.status, 201, part.text);
      for (const [name, b] of [['z', 1], ['y', 2]]) await record(server, o, { name, b, c: 'x' });
      await page.goto(`${o.page}/layouts`);
      await tab(page, '列表列').click();
      for (const words of ['甲', '丙']) await page.getByRole('button', { name: `从布局中去掉 ${words}` }).click();
      await save(page);
      const list = await layout(server, o, 'list');
      assert.ok(list.fields.includes('b') && !list.fields.includes('a') && !list.fields.includes('c'), JSON.stringify(list));
      await tab(page, '看板').click();
      await pick(page, box(page, '按此字段分列').locator('.ant-select'), '丙');
      await pick(page, box(page, '列合计').locator('.ant-select'), '乙');
      await save(page);
      const board = await layout(server, o, 'board');
      assert.deepEqual([board.group, board.sum], ['c', 'b']);
      await tab(page, '表单').click();
      await pick(page, page.locator('.lay-related .add-related'), '零件').catch(async () => pick(page, page.locator('.lay-related .add-related'), 'Part'));
      await pick(page, page.locator('.lay-rel .ant-select').last(), '名称');
      await page.keyboard.press('Escape');
      await save(page);
      assert.deepEqual((await layout(server, o, 'form')).related.at(-1), { relation: 'parts', fields: ['name'] });
      await tab(page, '视图').click();
      const all = page.locator('.view-edit', { has: page.locator('code:text-is("all")') });
      await all.locator('.ant-select').hover();
      while (await all.locator('.ant-select-selection-item-remove').count()) await all.locator('.ant-select-selection-item-remove').first().click();
      await pick(page, all.locator('.ant-select'), '乙 降序', { search: true });
      await page.keyboard.press('Escape');
      await all.getByRole('button', { name: '保存' }).click();
      const sorted = async () => (await read(server, `${o.path}/views`)).items.find((v) => v.view === 'all').sort;
      for (let i = 0; i < 200 && (await sorted())[0] !== '-b'; i++) await page.waitForTimeout(50); // the toast of the save before may still stand
      assert.deepEqual(await sorted(), ['-b']);
    },
  },
  'setup layouts: a field shows, is wanted and is fixed when its conditions say so': {
    async run({ page, server }) {
      const o = await declare(server, [...three, { name: 'reason', type: 'text', label: both('原因', 'Reason'), visible_when: 'c = "y"', required_when: 'c = "y"' }, { name: 'price', type: 'integer', label: both('价格', 'Price'), readonly_when: 'b > 5' }]);
      await page.goto(`/${o.plural}?new=1`);
      const form = page.locator('.ant-drawer form');
      const reason = form.locator('.ff', { has: page.locator('#field-reason') });
      await form.locator('#field-name').fill('n');
      assert.equal(await reason.count(), 0);
      await pick(page, form.locator('.ff', { has: page.locator('#field-c') }).locator('.ant-select'), '二');
      await reason.waitFor();
      await reason.locator('.req').waitFor();
      await form.locator('#field-reason').fill('因为');
      await form.locator('#field-b').fill('6');
      await form.locator('#field-price').fill('3');
      await page.keyboard.press('Control+Enter');
      await form.waitFor({ state: 'detached' });
      const { id } = (await read(server, `/api/v1/${o.plural}`)).items[0];
      await page.goto(`/${o.plural}/${id}`);
      await page.locator('.fl', { has: page.locator('.k:text-is("原因")') }).waitFor();
      assert.equal(await page.locator('.fl', { has: page.locator('.k:text-is("价格")') }).locator('.v.can').count(), 0);
      await page.locator('.rechead button:not(.star)').first().click();
      await drawer(page).locator('.fixed-value', { hasText: '3' }).waitFor();
      await page.shot('form-conditions');
    },
  },
};
