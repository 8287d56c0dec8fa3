// SPDX-License-Identifier: Apache-2.0
// Cells of a list: edited in place in every type, walked by keyboard, filled down, pasted from a spreadsheet, taken back.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { both, declare, record, toast, word } from './setup.mjs';

const FIELDS = [
  { name: 'count', type: 'integer', max: 100, label: both('数量', 'Count') }, { name: 'price', type: 'money', label: both('金额', 'Price') },
  { name: 'kind', type: 'choice', label: both('种类', 'Kind'), choices: [{ value: 'open', label: both('开放', 'Open') }, { value: 'shut', label: both('关闭', 'Shut') }] },
  { name: 'due', type: 'date', label: both('到期', 'Due') }, { name: 'done', type: 'boolean', label: both('完成', 'Done') }, { name: 'marks', type: 'choices', label: both('标记', 'Marks'), choices: [{ value: 'a', label: both('甲', 'A') }, { value: 'b', label: both('乙', 'B') }] },
  { name: 'memo', type: 'long_text', label: both('说明', 'Memo') },
];
const COLUMNS = ['name', ...FIELDS.map((f) => f.name)];
const cell = (page, row, name) => page.locator(`[data-cell="${row} ${COLUMNS.indexOf(name)}"]`);
const wait = async (server, o, id, name, test) => {
  for (let i = 0; i < 100; i++) {
    const value = (await server.request('GET', `/api/v1/${o.plural}/${id}`)).body[name];
    if (test(value)) return value;
    await new Promise((next) => setTimeout(next, 100));
  }
  return assert.fail(`${name} did not become what it should`);
};

async function table(page, server, n = 3) {
  const o = await declare(server, FIELDS);
  const rows = [];
  for (let i = 1; i <= n; i++) rows.push(await record(server, o, { name: `行 ${i}`, count: i }));
  await page.addInitScript(([key, names]) => { if (!localStorage.getItem(key)) localStorage.setItem(key, JSON.stringify(names)); }, [`gx.columns.${o.object}.all`, COLUMNS]);
  await page.goto(`/${o.plural}?sort=name`);
  await cell(page, n - 1, 'count').waitFor();
  return { o, rows };
}
const paste = (page, text) => page.evaluate((words) => {
  const data = new DataTransfer();
  data.setData('text/plain', words);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}, text);

export const tests = {
  'cells: typed, picked and roomy values are edited in place; Enter goes down, Tab on, Esc back': {
    async run({ page, server }) {
      const { o, rows } = await table(page, server);
      await cell(page, 0, 'count').dblclick();
      await cell(page, 0, 'count').locator('input').fill('42');
      await page.keyboard.press('Enter');
      await wait(server, o, rows[0].id, 'count', (v) => v === 42);
      await page.waitForFunction(() => document.activeElement?.getAttribute('data-cell') === '1 1');
      await page.keyboard.press('F2');
      await cell(page, 1, 'count').locator('input').fill('7');
      await page.keyboard.press('Tab');
      await wait(server, o, rows[1].id, 'count', (v) => v === 7);
      await cell(page, 1, 'price').locator('input').fill('1200.5');
      await page.keyboard.press('Escape');
      await cell(page, 1, 'price').locator('input').waitFor({ state: 'detached' });
      assert.equal((await server.request('GET', `/api/v1/${o.plural}/${rows[1].id}`)).body.price, null);
      await cell(page, 0, 'kind').dblclick();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: '关闭' }).click();
      await wait(server, o, rows[0].id, 'kind', (v) => v === 'shut');
      await cell(page, 0, 'memo').dblclick();
      await page.locator('.cell-room textarea').fill('第一行\n第二行');
      await clean(page, 'cell with room');
      await page.shot('cells-room');
      await page.keyboard.press('Control+Enter');
      await wait(server, o, rows[0].id, 'memo', (v) => v === '第一行\n第二行');
      await cell(page, 0, 'done').dblclick();
      await cell(page, 0, 'done').locator('[role=switch]').click();
      await wait(server, o, rows[0].id, 'done', (v) => v === true);
      await page.locator('.toast button').click();
      await wait(server, o, rows[0].id, 'done', (v) => !v);
    },
  },

  'cells: what is refused stays with its reason, what another changed is put side by side': {
    async run({ page, server }) {
      page.expected.push('422', '412');
      const { o, rows } = await table(page, server, 2);
      await cell(page, 0, 'count').dblclick();
      await cell(page, 0, 'count').locator('input').fill('500');
      await page.keyboard.press('Enter');
      await page.locator('.ant-tooltip:not(.ant-tooltip-hidden)').waitFor();
      assert.equal(await cell(page, 0, 'count').locator('input').inputValue(), '500');
      await page.keyboard.press('Escape');
      await cell(page, 1, 'count').dblclick();
      await cell(page, 1, 'count').locator('input').fill('50');
      const other = await server.request('PATCH', `/api/v1/${o.plural}/${rows[1].id}`, { count: 60 });
      assert.equal(other.status, 200, other.text);
      await page.keyboard.press('Enter');
      const merge = page.locator('.conflict');
      await merge.waitFor();
      assert.match(await merge.innerText(), /50[\s\S]*60/);
      await page.shot('cells-conflict');
      await merge.getByRole('radio').first().click();
      await merge.locator('.ant-btn-primary').click();
      await wait(server, o, rows[1].id, 'count', (v) => v === 50);
    },
  },

  'cells: a table from a spreadsheet is shown before it is written, mistakes are left out, one undo takes all back': {
    async run({ page, server }) {
      const { o, rows } = await table(page, server);
      await cell(page, 0, 'count').click();
      await paste(page, '10\t1,000.50\t关闭\t2026/3/1\n11\tviel\t开放\t2026-03-02\n12\t7\tno such\t');
      const dialog = page.locator('.paste-dialog');
      await dialog.locator('.bad').nth(1).waitFor();
      await dialog.locator('.ant-btn-primary:not([disabled])').waitFor();
      assert.match(await dialog.locator('.ant-modal-footer').innerText(), /将更改9处 · 2处有错/);
      await clean(page, 'paste dialog');
      await page.shot('cells-paste');
      await dialog.locator('.ant-btn-primary').click();
      await toast(page, '已更改3条记录');
      const now = await Promise.all(rows.map(async (r) => { const b = (await server.request('GET', `/api/v1/${o.plural}/${r.id}`)).body; return [b.count, b.price?.value ?? null, b.kind, b.due]; }));
      assert.deepEqual(now, [[10, '1000.50', 'shut', '2026-03-01'], [11, null, 'open', '2026-03-02'], [12, '7.00', null, null]]);
      await page.locator('.toast button').click();
      await wait(server, o, rows[2].id, 'count', (v) => v === 3);
      assert.deepEqual((await Promise.all(rows.map((r) => server.request('GET', `/api/v1/${o.plural}/${r.id}`)))).map((a) => a.body.count), [1, 2, 3]);
    },
  },

  'cells: more rows than are loaded are pasted as one batch, a name that two bear is told at its cell': {
    async run({ page, server }) {
      const o = await declare(server, [{ name: 'count', type: 'integer', label: both('数量', 'Count') }, { name: 'place', type: 'address', label: both('地址', 'Address') }, { name: 'client', type: 'link', to: 'account', inverse: word('client'), label: both('客户', 'Client') }]);
      const [one, two] = [word('独名'), word('重名')];
      for (const name of [one, two, two]) assert.equal((await server.request('POST', '/api/v1/accounts', { name })).status, 201);
      const rows = [];
      for (const part of [0, 65]) {
        const made = await server.request('POST', '/api/v1/batch', { requests: Array.from({ length: 65 }, (_, i) => ({ method: 'POST', path: `/${o.plural}`, body: { name: `行 ${1001 + part + i}`, count: part + i } })) });
        assert.equal(made.status, 200, made.text);
        rows.push(...made.body.items.map((i) => i.body));
      }
      const names = ['name', 'count', 'place', 'client'];
      await page.addInitScript(([key, columns]) => localStorage.setItem(key, JSON.stringify(columns)), [`gx.columns.${o.object}.all`, names]);
      await page.goto(`/${o.plural}?sort=name`);
      await page.locator('[data-cell="0 1"]').click();
      const lines = rows.map((_, i) => `${5000 + i}\t\t`);
      lines[0] = `5,000\t浙江省杭州市西湖区文三路1号\t${one}`;
      lines[1] = `5001\tnowhere\t${two}`;
      lines[120] = 'viel\t\t';
      await paste(page, lines.join('\n'));
      const dialog = page.locator('.paste-dialog');
      await dialog.locator('.ant-btn-primary:not([disabled])').waitFor();
      assert.match(await dialog.locator('.ant-modal-footer').innerText(), /将更改131处 · 3处有错/);
      assert.match((await dialog.locator('.bad').allInnerTexts()).join('\n'), /不是这一列能填的值[\s\S]*有多条记录符合/);
      await page.shot('cells-paste-many');
      await dialog.locator('.ant-btn-primary').click();
      await toast(page, '已更改129条记录');
      const now = async (i) => (await server.request('GET', `/api/v1/${o.plural}/${rows[i].id}`)).body;
      const first = await now(0);
      assert.deepEqual([first.count, first.place.city !== null, first.place.district, first.place.street, first.client.title], [5000, true, '西湖区', '文三路1号', one]);
      assert.deepEqual((await Promise.all([1, 120, 129].map(now))).map((r) => [r.count, r.client, r.version]), [[5001, null, 2], [120, null, 1], [5129, null, 2]]);
      await page.locator('.toast button').click();
      await wait(server, o, rows[0].id, 'count', (v) => v === 0);
      await wait(server, o, rows[129].id, 'count', (v) => v === 129);
    },
  },

  'cells: a range by Shift is copied and filled down': {
    async run({ page, server }) {
      const { o, rows } = await table(page, server);
      await cell(page, 0, 'count').click();
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('Shift+ArrowDown');
      assert.equal(await page.locator('.td.marked').count(), 3);
      await page.shot('cells-range');
      const text = await page.evaluate(() => { const data = new DataTransfer(); document.activeElement.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true })); return data.getData('text/plain'); });
      assert.equal(text, '1\n2\n3');
      await page.keyboard.press('Control+d');
      await wait(server, o, rows[2].id, 'count', (v) => v === 1);
      await page.locator('.toast button').click();
      await wait(server, o, rows[2].id, 'count', (v) => v === 3);
    },
  },
};
