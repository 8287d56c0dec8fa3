// SPDX-License-Identifier: Apache-2.0
// Lists in groups with sums, sorted by several keys, with columns of one's own; a view remembers all of it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { clean } from './axe.mjs';
import { both, declare, record } from './setup.mjs';

const FIELDS = [
  { name: 'kind', type: 'choice', label: both('种类', 'Kind'), choices: [{ value: 'open', label: both('开放', 'Open') }, { value: 'shut', label: both('关闭', 'Shut') }] },
  { name: 'amount', type: 'money', label: both('金额', 'Amount') }, { name: 'due', type: 'date', label: both('到期', 'Due') }, { name: 'count', type: 'integer', label: both('数量', 'Count') },
];
async function some(server) {
  const o = await declare(server, FIELDS);
  const rows = [['一', 'open', '100', '2026-03-05', 1], ['二', 'open', '250.5', '2026-03-20', 2], ['三', 'shut', '40', '2026-04-01', 3], ['四', null, null, null, 4]];
  for (const [name, kind, price, due, count] of rows) await record(server, o, { name, kind, amount: price && { value: price, currency: 'CNY' }, due, count });
  return o;
}
const head = (page, words) => page.locator('.grow-head', { hasText: words });

async function grouped({ page, server }, phone) {
  const o = await some(server);
  await page.goto(`/${o.plural}?group=kind&sort=name`);
  await head(page, '开放').waitFor();
  assert.deepEqual((await page.locator('.ghead em').allInnerTexts()).map(Number).sort(), [1, 1, 2]);
  assert.match(await head(page, '开放').innerText(), /350\.50/);
  assert.equal(await page.locator('.members, .mlist').count(), 0, 'nothing is open yet');
  await head(page, '开放').locator('.ghead').focus();
  await page.keyboard.press('ArrowRight');
  await (phone ? page.locator('.mrow') : page.locator('.members [role=row]')).nth(1).waitFor();
  await page.keyboard.press('ArrowDown');
  await head(page, '关闭').locator('.ghead:focus').waitFor();
  await clean(page, `groups ${phone ? 390 : 1440}`);
  await page.shot(`groups-${phone ? 390 : 1440}`);
  await page.goto(`/${o.plural}?group=due`);
  await head(page, '2026年3月').waitFor();
  await head(page, '2026年3月').locator('.ghead').click();
  await (phone ? page.locator('.mrow') : page.locator('.members [role=row]')).nth(1).waitFor();
  assert.match(await head(page, '（空）').innerText(), /1/);
}

/** The dialog of the grouped list, with CSV chosen. */
async function exportDialog(page, o) {
  await page.goto(`/${o.plural}?group=kind&sort=name`);
  await head(page, '开放').waitFor();
  await page.getByRole('button', { name: '更多' }).last().click();
  await page.getByText('导出…').click();
  const dialog = page.getByRole('dialog');
  const groups = dialog.getByRole('checkbox', { name: '按列表分组' });
  await groups.waitFor();
  assert.ok(await groups.isChecked());
  await page.getByRole('combobox', { name: '格式' }).click();
  await page.locator('.ant-select-item-option', { hasText: /^JSON/ }).click();
  await groups.waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: '格式' }).click();
  await page.locator('.ant-select-item-option', { hasText: /^CSV$/ }).click();
  await groups.waitFor();
  return dialog;
}

export const tests = {
  'groups: a grouped list goes out as it is seen, with heads and sums': {
    async run({ page, server }) {
      const dialog = await exportDialog(page, await some(server));
      await clean(page, 'export of groups');
      await page.shot('export-groups-1440');
      await dialog.getByRole('button', { name: /^导\s?出$/ }).click();
      const link = dialog.locator('a[download]');
      await link.waitFor();
      const waiting = page.waitForEvent('download');
      await link.click();
      const text = await readFile(await (await waiting).path(), 'utf8');
      const lines = text.replace('\ufeff', '').trim().split('\r\n').map((line) => line.split(','));
      assert.equal(lines[0][0], '种类');
      assert.deepEqual(lines.slice(1).map((cells) => cells[0]).filter(Boolean), ['开放（2）', '开放 合计', '关闭（1）', '关闭 合计', '（空）（1）', '（空） 合计', '合计（4）']);
      const amount = lines[0].indexOf('金额');
      assert.match(lines.find((cells) => cells[0] === '开放 合计')[amount], /^350\.50/);
      assert.match(lines.at(-1)[amount], /^390\.50/);
    },
  },
  'groups: counts, sums, months, opened by keyboard, 1440': { run: (x) => grouped(x, false) },
  'groups: counts, sums, months, 390': { options: { phone: true }, run: (x) => grouped(x, true) },

  'groups: two levels one inside the other, rows chosen across groups, one bar, kept by a view': {
    async run({ page, server }) {
      const o = await some(server);
      await page.goto(`/${o.plural}?group=kind&sort=name`);
      await head(page, '开放').waitFor();
      await page.locator('.toolbar.filters button', { hasText: '按种类' }).click();
      await page.locator('.sort-pop .ant-select').nth(1).click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: '到期' }).click();
      await page.waitForURL((url) => url.searchParams.get('group') === 'kind,due');
      await page.locator('.sort-pop').getByRole('button', { name: '关闭' }).click();
      await head(page, '开放').locator('.ghead').click();
      await head(page, '2026年3月').locator('.ghead').click();
      await page.locator('.members [role=row]').nth(1).waitFor();
      assert.match(await head(page, '2026年3月').innerText(), /350\.50/);
      await page.locator('.members').getByRole('checkbox', { name: '选择这2条' }).check();
      await head(page, '关闭').locator('.ghead').click();
      await head(page, '2026年4月').locator('.ghead').click();
      await page.locator('.members [role=row]', { hasText: '三' }).getByRole('checkbox').check();
      const bar = page.locator('.bulk');
      await bar.getByText('3').first().waitFor();
      await clean(page, 'two levels of groups, rows chosen');
      await page.shot('groups-two-levels');
      await page.locator('.members [role=row]', { hasText: '二' }).getByRole('checkbox').uncheck();
      await bar.getByRole('button', { name: '删除' }).click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: '删除' }).click();
      await page.waitForFunction(() => !document.querySelector('.bulk'));
      const left = (await server.request('GET', `/api/v1/${o.plural}?sort=name`)).body.items.map((r) => r.name);
      assert.deepEqual(left.sort(), ['二', '四'].sort());
      await page.locator('.toast').getByRole('button', { name: '撤销' }).click();
      while ((await server.request('GET', `/api/v1/${o.plural}`)).body.items.length < 4) await page.waitForTimeout(50);
    },
  },

  'groups: a view remembers grouping, order, widths and frozen columns': {
    async run({ page, server }) {
      const o = await some(server);
      await page.goto(`/${o.plural}`);
      await page.locator('[data-cell="3 1"]').waitFor();
      const name = (words) => page.locator('[role=columnheader]', { hasText: words });
      await name('种类').locator('.sorter').click();
      await name('金额').locator('.sorter').click({ modifiers: ['Shift'] });
      await page.waitForURL((url) => url.searchParams.get('sort') === 'kind,amount');
      assert.equal((await name('金额').locator('sup').innerText()).trim(), '2');
      await page.locator('.toolbar.filters button', { hasText: '种类' }).click();
      const sort = page.locator('.sort-pop');
      await sort.locator('.ant-segmented-item', { hasText: '降序' }).nth(1).click();
      await page.waitForURL((url) => url.searchParams.get('sort') === 'kind,-amount');
      await clean(page, 'sort keys');
      await page.keyboard.press('Escape');
      await page.locator('h1, .topbar').first().click({ force: true }).catch(() => {});
      await name('数量').locator('.edge').focus();
      const wide = async () => (await name('数量').boundingBox()).width;
      const before = await wide();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction(([old]) => [...document.querySelectorAll('[role=columnheader]')].some((h) => h.textContent.includes('数量') && h.getBoundingClientRect().width > old + 20), [before]);
      await page.locator('.toolbar.filters button', { hasText: /^列$/ }).click();
      const list = page.locator('.column-picker');
      await list.getByRole('button', { name: '冻结到期' }).click();
      await list.getByRole('button', { name: '数量上移' }).click();
      await clean(page, 'columns');
      await page.shot('columns-1440');
      await page.keyboard.press('Escape');
      await page.locator('.add-view').click();
      await page.locator('.view-menu .ant-dropdown-menu-item', { hasText: '存为视图' }).click();
      const drawer = page.locator('.ant-drawer');
      await drawer.locator('input').first().fill('我的样子');
      await drawer.getByRole('button', { name: '保存', exact: true }).click();
      await drawer.waitFor({ state: 'detached' });
      const view = (await server.request('GET', `/api/v1/me/views?object=${o.object}`)).body.items[0];
      assert.deepEqual([view.kind, view.sort, view.group], ['table', ['kind', '-amount'], null]);
      assert.equal(view.columns.find((c) => c.field === 'due').frozen, true);
      assert.ok(view.columns.find((c) => c.field === 'count').width > before + 20);
      await page.goto(`/${o.plural}?view=${view.view}&group=kind`);
      await head(page, '开放').waitFor();
      await page.locator('.add-view').click();
      const kept = page.waitForResponse((r) => r.url().includes('/me/views/') && r.request().method() === 'PATCH');
      await page.locator('.view-menu .ant-dropdown-menu-item', { hasText: /保存“.*”的更改/ }).click();
      assert.equal((await kept).status(), 200);
      await page.goto(`/${o.plural}?view=${view.view}`);
      await head(page, '开放').waitFor();
      await page.shot('view-grouped');
    },
  },
};
