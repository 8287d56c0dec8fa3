// SPDX-License-Identifier: Apache-2.0
// The filter builder: conditions are clicked together, read back from text, kept as text where no row fits.
import assert from 'node:assert/strict';
import { rowsOf } from './browser.mjs';
import { clean } from './axe.mjs';

const OPEN = '.ant-select-dropdown:not(.ant-select-dropdown-hidden)';
const WORDS = {
  'zh-CN': { add: '条件', apply: '应用', text: '表达式', rows: '条件', name: '客户名称', created: '创建时间', month: '本月', group: '条件组', any: '满足任一', title: '筛选', region: '负责人', contacts: '联系人' },
  en: { add: 'Filter', apply: 'Apply', text: 'Expression', rows: 'Conditions', name: 'Name', created: 'Created at', month: 'this month', group: 'Group', any: 'Any of', title: 'Filter', contacts: 'Contacts' },
};
const filterOf = (page) => new URL(page.url()).searchParams.get('filter');

async function choose(page, select, words) {
  if (!await page.locator(OPEN).count()) await select.click();
  const input = select.locator('input:not([readonly])');
  if (await input.count()) await input.fill(words);
  await page.locator(`${OPEN} .ant-select-item-option`, { hasText: words }).first().click();
  await page.locator(OPEN).waitFor({ state: 'detached' }).catch(() => {});
  await page.waitForFunction((selector) => !document.querySelector(selector), OPEN);
}
const mode = (scope, words) => scope.locator('.cond-edit > .ce-top .ant-segmented-item', { hasText: words });

async function build({ page, server }, language, phone) {
  const w = WORDS[language];
  const key = `筛选${Date.now()}`;
  for (const n of [1, 2]) assert.equal((await server.request('POST', '/api/v1/accounts', { name: `${key} ${n}` })).status, 201);
  await page.goto('/accounts');
  await (phone ? page.locator('.mrow') : rowsOf(page)).first().waitFor();
  await (phone ? page.getByRole('button', { name: w.title, exact: true }) : page.locator('.toolbar.filters button', { hasText: w.add })).first().click();
  const scope = page.locator(phone ? '.phone-filter' : '.cond-pop');
  if (phone) await scope.locator('.cgroup > .add button').first().click();
  const row = (n) => scope.locator('.crow').nth(n);
  await choose(page, row(0).locator('.ant-select').first(), w.name);
  await row(0).locator('.val input').fill(`${key} 1`);
  await scope.locator('.cgroup > .add button').first().click();
  await choose(page, row(1).locator('.ant-select').first(), w.created);
  await choose(page, row(1).locator('.val .ant-select'), w.month);
  await clean(page, `filter builder ${language} ${phone ? 390 : 1440}`);
  await page.shot(`filter-builder-${phone ? 390 : 1440}-${language}`);
  await mode(scope, w.text).click();
  const want = `name ~ "${key} 1" and (created_at >= start_of("month", today()) and created_at < add_months(start_of("month", today()), 1))`;
  assert.equal(await scope.locator('textarea').inputValue(), want);
  await mode(scope, w.rows).click();
  assert.equal(await scope.locator('.crow').count(), 2, 'rows are read back from the text');
  await (phone ? page.locator('.phone-filter .form-foot .ant-btn-primary') : scope.locator('.foot .ant-btn-primary')).click();
  await page.waitForURL((url) => url.searchParams.get('filter') === want);
  await page.getByText(`${key} 1`).first().waitFor();
  await page.waitForFunction((other) => !document.body.innerText.includes(other), `${key} 2`);
  if (!phone) assert.match(await page.locator('.fchip').nth(1).innerText(), new RegExp(w.month));
}

export const tests = {
  'filter: province and city are chosen in one cascade, whose depth says which is asked': {
    async run({ page }) {
      await page.goto('/accounts?view=all');
      await rowsOf(page).first().waitFor();
      await page.locator('.toolbar.filters button', { hasText: '条件' }).first().click();
      const row = page.locator('.cond-pop:visible .crow').first();
      await choose(page, row.locator('.ant-select').first(), '· 省');
      const columns = page.locator('.place-pop:visible .ant-cascader-menu');
      const open = async () => { if (!await columns.count()) await page.locator('.cond-pop:visible .crow').first().locator('.val .ant-cascader').click(); await columns.first().waitFor(); };
      await open();
      await columns.first().locator('.ant-cascader-menu-item', { hasText: '江苏' }).click();
      await columns.first().waitFor({ state: 'hidden' });
      await open();
      await columns.first().locator('.ant-cascader-menu-item', { hasText: '江苏' }).hover();
      await page.shot('filter-place');
      await columns.nth(1).locator('.ant-cascader-menu-item', { hasText: '苏州' }).click();
      await page.locator('.cond-pop:visible .foot .ant-btn-primary').click();
      await page.waitForURL((url) => /^\w+\.city = "[^"]+"$/.test(url.searchParams.get('filter') ?? ''));
      await page.locator('.cond-pop:visible').waitFor({ state: 'detached' });
      await page.locator('.fchip .edit', { hasText: '苏州' }).click();
      assert.match(await page.locator('.cond-pop:visible .val').innerText(), /江苏 · 苏州/);
      await open();
      await columns.first().locator('.ant-cascader-menu-item', { hasText: '浙江' }).click();
      await page.locator('.cond-pop:visible .foot .ant-btn-primary').click();
      await page.waitForURL((url) => /^\w+\.province = "[^"]+"$/.test(url.searchParams.get('filter') ?? ''));
    },
  },

  'filter: province and city by touch: the province opens its cities at once': {
    options: { phone: true },
    async run({ page }) {
      await page.goto(`/accounts?view=all&filter=${encodeURIComponent('address.city = "suzhou_320500"')}`);
      await page.getByRole('button', { name: '筛选', exact: true }).first().click();
      const value = page.locator('.phone-filter .val .ant-cascader');
      await value.filter({ hasText: '江苏 · 苏州' }).click();
      const columns = page.locator('.place-pop:visible .ant-cascader-menu');
      await columns.first().locator('.ant-cascader-menu-item', { hasText: '浙江' }).tap();
      await columns.nth(1).locator('.ant-cascader-menu-item', { hasText: '杭州' }).waitFor();
      await page.shot('filter-place-390');
      await columns.nth(1).locator('.ant-cascader-menu-item', { hasText: '杭州' }).tap();
      await value.filter({ hasText: '浙江 · 杭州' }).waitFor();
      await page.locator('.phone-filter .form-foot .ant-btn-primary').click();
      await page.waitForURL((url) => url.searchParams.get('filter') === 'address.city = "hangzhou"');
    },
  },

  'filter builder: rows and text are one condition, 1440, zh-CN': { run: (x) => build(x, 'zh-CN', false) },
  'filter builder: rows and text are one condition, 390, en': { options: { phone: true, language: 'en' }, run: (x) => build(x, 'en', true) },

  'filter builder: groups, related records, links and text of one\'s own': {
    options: { dark: true },
    async run({ page }) {
      const start = 'owner != me() and (level in ("key", "important") or any(contacts, name is not null)) and length(name) > 3';
      await page.goto(`/accounts?filter=${encodeURIComponent(start)}`);
      await rowsOf(page).first().waitFor();
      await page.locator('.toolbar.filters button', { hasText: '表达式' }).click();
      const panel = page.locator('.expr-edit');
      await mode(panel, '条件').click();
      await panel.locator('.crow.kids').waitFor();
      assert.equal(await panel.locator('.crow.text textarea').inputValue(), 'length(name) > 3');
      assert.ok((await panel.locator('.crow').first().innerText()).includes('我'));
      await clean(page, 'filter panel dark');
      await page.shot('filter-panel-dark');
      // The inner group asks for all now; nothing else of the text changes.
      await panel.locator('.cgroup .cgroup > .head .ant-segmented-item', { hasText: '全部满足' }).first().click();
      await panel.locator('.foot .ant-btn-primary').click();
      await page.waitForURL((url) => url.searchParams.get('filter') === start.replace(' or any', ' and any'));
      assert.equal(filterOf(page), start.replace(' or any', ' and any'));
    },
  },

  'filter builder: text is completed by name and code, a chip is changed where it stands': {
    async run({ page }) {
      await page.goto(`/accounts?filter=${encodeURIComponent('level = "key"')}`);
      await rowsOf(page).first().waitFor();
      await page.locator('.toolbar.filters button', { hasText: '表达式' }).click();
      const area = page.locator('.expr-edit textarea');
      await area.fill('');
      await area.pressSequentially('level = "impo');
      await page.getByRole('option', { name: /important/ }).waitFor();
      await page.keyboard.press('Tab');
      assert.equal(await area.inputValue(), 'level = "important"');
      await page.locator('.expr-edit .expr-ok').waitFor();
      await area.press('Enter');
      await page.waitForURL((url) => url.searchParams.get('filter') === 'level = "important"');
      await page.locator('.fchip .edit').click();
      const pop = page.locator('.cond-pop');
      await choose(page, pop.locator('.crow .ant-select').nth(1), '不是');
      await pop.locator('.foot .ant-btn-primary').click();
      await page.waitForURL((url) => url.searchParams.get('filter') === 'level != "important"');
    },
  },
};
