// SPDX-License-Identifier: Apache-2.0
// A list as cards, on a line of time, and as a table of two groups; saved as any view.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { clean } from './axe.mjs';
import { both, declare, read, record } from './setup.mjs';

const choices = [{ value: 'open', label: both('开放', 'Open') }, { value: 'shut', label: both('关闭', 'Shut') }];
const FIELDS = [
  { name: 'kind', type: 'choice', label: both('种类', 'Kind'), choices },
  { name: 'city', type: 'choice', label: both('城市', 'City'), choices: [{ value: 'hz', label: both('杭州', 'Hangzhou') }, { value: 'nb', label: both('宁波', 'Ningbo') }] },
  { name: 'amount', type: 'money', label: both('金额', 'Amount') },
  { name: 'starts_on', type: 'date', label: both('开始', 'Starts') }, { name: 'ends_on', type: 'date', label: both('结束', 'Ends') },
];
const DATA = [['甲', 'open', 'hz', '100', '2026-03-02', '2026-03-20'], ['乙', 'open', 'nb', '200', '2026-03-16', '2026-04-12'], ['丙', 'shut', 'hz', '40', '2026-03-30', null], ['丁', 'shut', null, null, null, null]];
async function some(server) {
  const o = await declare(server, FIELDS);
  const rows = [];
  for (const [name, kind, city, amount, starts_on, ends_on] of DATA) rows.push(await record(server, o, { name, kind, city, starts_on, ends_on, amount: amount && { value: amount, currency: 'CNY' } }));
  return { o, rows };
}
const bar = (page, name) => page.locator('.g-row', { hasText: name }).locator('.g-bar');
/** What is stored, once it is what is expected. */
async function stored(server, o, row, values) {
  for (let i = 0; i < 100; i++) {
    const now = await read(server, `/api/v1/${o.plural}/${row.id}`);
    if (Object.entries(values).every(([k, v]) => now[k] === v)) return;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  const now = await read(server, `/api/v1/${o.plural}/${row.id}`);
  assert.deepEqual(Object.fromEntries(Object.keys(values).map((k) => [k, now[k]])), values);
}
async function pull(page, handle, dx) {
  const at = await handle.boundingBox();
  await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
  await page.mouse.down();
  await page.mouse.move(at.x + at.width / 2 + dx, at.y + at.height / 2, { steps: 4 });
  await page.mouse.up();
}

export const tests = {
  'more kinds: cards show a picture or the mark, and fields; a card opens its record': {
    async run({ page, server }) {
      const { o, rows } = await some(server);
      await page.goto(`/${o.plural}?sort=starts_on`);
      await page.locator('.toolbar.line').getByRole('button', { name: '卡片', exact: true }).click();
      await page.locator('.tile-card', { hasText: '丁' }).waitFor();
      assert.match(await page.locator('.tile-card', { hasText: '乙' }).innerText(), /开放[\s\S]*¥200/);
      await clean(page, 'gallery');
      await page.shot('more-kinds-gallery');
      await page.locator('.tile-card', { hasText: '甲' }).getByRole('link', { name: '甲' }).click();
      await page.waitForURL((url) => url.pathname === `/${o.plural}/${rows[0].id}`);
    },
  },

  'more kinds: a bar is carried, drawn longer and moved by keys; undo takes it back': {
    async run({ page, server }) {
      const { o, rows } = await some(server);
      await page.goto(`/${o.plural}?as=timeline&day=2026-03-15`);
      await bar(page, '甲').waitFor();
      assert.equal(await page.locator('.g-row').count(), 3);
      await clean(page, 'timeline');
      await page.shot('more-kinds-timeline');
      const week = (await page.locator('.g-head .g-area').boundingBox()).width / 15;
      await pull(page, bar(page, '甲').locator('button'), week);
      await stored(server, o, rows[0], { starts_on: '2026-03-09', ends_on: '2026-03-27' });
      await page.locator('.toast button').click();
      await stored(server, o, rows[0], { starts_on: '2026-03-02', ends_on: '2026-03-20' });
      await pull(page, bar(page, '乙').locator('.grip.to'), week);
      await stored(server, o, rows[1], { starts_on: '2026-03-16', ends_on: '2026-04-19' });
      await bar(page, '丙').locator('button').focus();
      await page.keyboard.press('Alt+ArrowLeft');
      await stored(server, o, rows[2], { starts_on: '2026-03-29', ends_on: null });
      await page.locator('.cal-bar .ant-segmented-item', { hasText: '季' }).click();
      await page.waitForURL((url) => url.searchParams.get('zoom') === 'quarter');
      await page.locator('.g-head', { hasText: '2026 Q1' }).waitFor();
    },
  },

  'more kinds: two groups cross with totals, lead to their records and are kept as CSV; a view keeps them': {
    async run({ page, server }) {
      const { o } = await some(server);
      const view = await server.request('POST', '/api/v1/me/views', { object: o.object, label: both('交叉', 'Crossed'), kind: 'pivot', group: 'kind,city' });
      assert.equal(view.status, 201, view.text);
      await page.goto(`/${o.plural}?view=${view.body.view}&measure=sum:amount`);
      await page.locator('table.pivot tfoot td').first().waitFor();
      const lines = (await page.locator('table.pivot tr').allInnerTexts()).map((l) => l.replace(/\s+/g, ' ').trim());
      assert.match(lines[0], /种类.*宁波.*杭州.*合计/);
      assert.match(lines.find((l) => l.startsWith('开放')), /¥200\S* ¥100\S* .*¥300/);
      assert.match(lines.at(-1), /^合计 ¥200\S* ¥140\S* .*¥340/);
      await clean(page, 'pivot');
      await page.shot('more-kinds-pivot');
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出 CSV' }).click()]);
      assert.match(await readFile(await file.path(), 'utf8'), /^\uFEFF种类,宁波,杭州,[\s\S]*开放,200,100,,300\r\n/);
      await page.locator('table.pivot tr', { hasText: '关闭' }).getByRole('link', { name: '¥40' }).first().click();
      await page.waitForURL((url) => /kind = "shut"/.test(url.searchParams.get('filter') ?? '') && /city = "hz"/.test(url.searchParams.get('filter') ?? ''));
      await page.getByText('丙').first().waitFor();
    },
  },

  'more kinds: a view keeps figure, scale and section; the list behind asks for one row, and names the order that is seen': {
    async run({ page, server }) {
      const { o } = await some(server);
      const saved = async (label, body) => {
        const made = await server.request('POST', '/api/v1/me/views', { object: o.object, label: both(label, label), ...body });
        assert.equal(made.status, 201, made.text);
        return made.body;
      };
      const crossed = await saved('交叉', { kind: 'pivot', group: 'kind,city', look: 'measure=sum%3Aamount' });
      const asked = [];
      page.on('request', (r) => { const url = new URL(r.url()); if (url.pathname === `/api/v1/${o.plural}` && r.method() === 'GET') asked.push([url.searchParams.get('limit'), url.searchParams.get('fields')]); });
      await page.goto(`/${o.plural}?view=${crossed.view}`);
      await page.locator('table.pivot tfoot td', { hasText: '¥340' }).waitFor();
      assert.deepEqual([...new Set(asked.map(String))], ['1,id']);
      assert.equal(await page.getByRole('button', { name: /^排序/ }).count(), 0);
      await page.goto(`/${o.plural}?view=${crossed.view}&measure=-`);
      await page.locator('table.pivot tfoot td', { hasText: /^\d$/ }).first().waitFor();
      const line = await saved('时间', { kind: 'timeline', group: 'starts_on,ends_on' });
      await page.goto(`/${o.plural}?view=${line.view}&day=2026-03-15`);
      await page.getByRole('button', { name: /^排序.*升序/ }).waitFor();
      await page.locator('.cal-bar .ant-segmented-item', { hasText: '季' }).click();
      await page.waitForURL((url) => url.searchParams.get('zoom') === 'quarter');
      await page.locator('.add-view').click();
      await page.locator('.view-menu .ant-dropdown-menu-item', { hasText: /保存“.*”的更改/ }).click();
      await page.waitForURL((url) => !url.searchParams.has('zoom'));
      const kept = (await server.request('GET', `/api/v1/me/views?object=${o.object}`)).body.items.find((v) => v.view === line.view);
      assert.deepEqual([kept.look, kept.sort], ['zoom=quarter', null]);
      await page.locator('.g-head', { hasText: 'Q1' }).waitFor();
    },
  },

  'more kinds: places stand to scale, near ones as one, beside their list': {
    async run({ page, server }) {
      const o = await declare(server, [{ name: 'where', type: 'geo', label: both('位置', 'Place') }]);
      const places = [['杭州一', 30.27, 120.15], ['杭州二', 30.2712, 120.1512], ['宁波', 29.87, 121.55], ['哪里', null, null]];
      const rows = [];
      for (const [name, lat, lng] of places) rows.push(await record(server, o, { name, where: lat && { lat, lng } }));
      await page.goto(`/${o.plural}`);
      await page.locator('.toolbar.line').getByRole('button', { name: '位置图', exact: true }).click();
      await page.locator('.plane .spot.many', { hasText: '2' }).waitFor();
      assert.equal(await page.locator('.plane .spot').count(), 2);
      assert.equal(await page.locator('.map-list a').count(), 3);
      await page.locator('.plane .scale', { hasText: '公里' }).waitFor();
      await clean(page, 'map');
      await page.shot('more-kinds-map');
      await page.locator('.plane .spot.many').click();
      await page.waitForFunction(() => document.querySelectorAll('.plane .spot:not(.many)').length === 2 && document.querySelectorAll('.map-list a').length === 2);
      await page.waitForURL((url) => /^30\.27\d*,120\.15\d*,/.test(url.searchParams.get('box') ?? ''));
      await page.reload();
      await page.waitForFunction(() => document.querySelectorAll('.plane .spot:not(.many)').length === 2 && document.querySelectorAll('.map-list a').length === 2);
      await page.locator('.plane').getByRole('button', { name: '杭州二' }).click();
      await page.waitForURL((url) => url.pathname === `/${o.plural}/${rows[1].id}`);
    },
  },

  'more kinds: cards, time and crossed groups on a phone, 390 en dark': {
    options: { phone: true, language: 'en', dark: true },
    async run({ page, server }) {
      const { o } = await some(server);
      await page.goto(`/${o.plural}?as=gallery`);
      await page.locator('.tile-card').nth(3).waitFor();
      await clean(page, 'gallery 390');
      await page.shot('more-kinds-gallery-390');
      await page.goto(`/${o.plural}?as=timeline&day=2026-03-20`);
      await bar(page, '乙').waitFor();
      await clean(page, 'timeline 390');
      await page.shot('more-kinds-timeline-390');
      const placed = await declare(server, [{ name: 'where', type: 'geo', label: both('位置', 'Place') }]);
      await record(server, placed, { name: '宁波', where: { lat: 29.87, lng: 121.55 } });
      await page.goto(`/${placed.plural}?as=map`);
      await page.locator('.plane .spot').waitFor();
      await clean(page, 'map 390');
      await page.shot('more-kinds-map-390');
      await page.goto(`/${o.plural}?as=pivot&group=kind,city`);
      await page.locator('table.pivot tfoot td').first().waitFor();
      await clean(page, 'pivot 390');
      await page.shot('more-kinds-pivot-390');
    },
  },
};
