// SPDX-License-Identifier: Apache-2.0
// Lists: first load, every object, filter and its error, sort, paging, states.
import assert from 'node:assert/strict';
import { countLoad, rowsOf } from './browser.mjs';

const MAX_REQUESTS = 10;
const MAX_BYTES = 400 * 1024;

const titles = (page) => rowsOf(page).locator('a.name .cut').allInnerTexts();

export const tests = {
  'first load: at most 10 requests and 400 KB before the first list': {
    async run({ page }) {
      const load = await countLoad(page, '/accounts', /\/api\/v1\/accounts\?.*limit=[2-9]/, rowsOf(page).first());
      console.log(`     ${load.requests} requests, ${(load.bytes / 1024).toFixed(0)} KB, rows after ${load.ms} ms`);
      assert.ok(load.requests <= MAX_REQUESTS, `${load.requests} requests: ${load.urls.join(' ')}`);
      assert.ok(load.bytes <= MAX_BYTES, `${load.bytes} bytes`);
    },
  },

  'lists: accounts, contacts, products, opportunities and users show their records': {
    async run({ page }) {
      for (const plural of ['accounts', 'contacts', 'products', 'opportunities', 'users']) {
        await page.goto('/');
        await page.locator(`nav a[href="/${plural}"]`).click();
        await page.waitForURL(new RegExp(`/${plural}`));
        await rowsOf(page).first().waitFor();
      }
    },
  },

  'filter: the expression in the address narrows the list, chips and count say so': {
    async run({ page, server }) {
      const all = await server.request('GET', '/api/v1/accounts?limit=1&fields=name');
      const name = all.body.items[0].name;
      await page.goto(`/accounts?filter=${encodeURIComponent(`name = ${JSON.stringify(name)}`)}`);
      await rowsOf(page).first().waitFor();
      assert.ok((await titles(page)).every((title) => title === name));
      await page.locator('.fchip').first().waitFor();
    },
  },

  'filter: what the server does not understand is shown at its character': {
    async run({ page }) {
      page.expected.push('400');
      await page.goto(`/accounts?filter=${encodeURIComponent('name = "a" and nmae = "b"')}`);
      const at = page.locator('.expr-error .at');
      await at.waitFor();
      assert.ok('nmae'.startsWith((await at.innerText()).trim()[0]));
      await page.shot('list-bad-expression');
    },
  },

  'sort: a click on a column head asks the server for that order': {
    async run({ page }) {
      await page.goto('/accounts?sort=name');
      await rowsOf(page).first().waitFor();
      const up = await titles(page);
      await page.goto('/accounts?sort=-name');
      await rowsOf(page).first().waitFor();
      const down = await titles(page);
      assert.notDeepEqual(up, down);
      const head = page.locator('[role=columnheader] button.sorter').first();
      await head.click();
      await page.waitForURL((url) => url.searchParams.get('sort') !== '-name');
    },
  },

  'rows: actions of the row under the pointer cover no cell, however wide the columns are': {
    async run({ page }) {
      for (const width of [1440, 900]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto('/accounts');
        await rowsOf(page).first().waitFor();
        const row = rowsOf(page).first();
        await row.hover({ position: { x: 400, y: 10 } });
        await row.locator('.row-acts').waitFor();
        await page.locator('[role=grid]').evaluate((grid) => { grid.scrollLeft = grid.scrollWidth; });
        const gap = await row.evaluate((r) => r.querySelector('.row-acts').getBoundingClientRect().left - [...r.querySelectorAll('[data-cell]')].at(-1).getBoundingClientRect().right);
        assert.ok(gap >= 0, `${width}: ${gap}`);
        await page.shot(`list-row-actions-${width}`);
      }
    },
  },

  'paging: scrolling loads further rows, none twice': {
    async run({ page, server }) {
      const all = await server.request('GET', '/api/v1/accounts?limit=1&count=exact&fields=name');
      const wanted = Math.min(all.body.count.value, 120);
      await page.goto('/accounts');
      await rowsOf(page).first().waitFor();
      const grid = page.locator('[role=grid]');
      const seen = new Map();
      for (let i = 0; i < 200 && seen.size < wanted; i++) {
        for (const row of await rowsOf(page).all()) {
          const href = await row.locator('a.name').getAttribute('href').catch(() => null);
          const index = await row.getAttribute('aria-rowindex').catch(() => null);
          if (href && index) seen.set(index, href);
        }
        await grid.evaluate((element) => { element.scrollTop += 400; });
        await page.waitForTimeout(50);
      }
      assert.ok(seen.size >= wanted, `${seen.size} of ${wanted} rows`);
      assert.equal(new Set(seen.values()).size, seen.size);
    },
  },

  'states: an empty list, an unknown object, a server that fails': {
    async run({ page }) {
      await page.goto(`/accounts?filter=${encodeURIComponent('name = "no such name"')}`);
      await page.locator('.mid').first().waitFor();
      await page.shot('state-empty');
      await page.goto('/no_such_things');
      await page.locator('.mid').first().waitFor();
      await page.shot('state-no-right');
      page.expected.push('503');
      await page.route('**/api/v1/accounts?*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'about:blank', title: 'Busy', status: 503, code: 'busy', detail: 'try again' }) }));
      await page.goto('/accounts');
      await page.locator('.mid button').first().waitFor({ timeout: 30000 });
      await page.shot('state-error');
    },
  },

  'export: the menu of a list gives a file of what it shows': {
    async run({ page }) {
      await page.goto(`/accounts?filter=${encodeURIComponent('name is not null')}`);
      await rowsOf(page).first().waitFor();
      await page.getByRole('button', { name: '更多' }).last().click();
      await page.getByText('导出…').click();
      await page.getByRole('combobox', { name: '格式' }).click();
      await page.locator('.ant-select-item-option', { hasText: /^SPSS \(SAV\)/ }).waitFor();
      await page.locator('.ant-select-item-option', { hasText: /^CSV$/ }).click();
      await page.getByText('每行写入导出人和时间').click();
      await page.shot('export-options');
      await page.getByRole('dialog').getByRole('button', { name: /导\s?出/ }).click();
      const link = page.getByRole('dialog').locator('a[download]');
      await link.waitFor();
      await page.shot('export-done');
      const waiting = page.waitForEvent('download');
      await link.click();
      const file = await waiting;
      assert.match(file.suggestedFilename(), /\.csv$/);
      const text = await (await import('node:fs/promises')).readFile(await file.path(), 'utf8');
      assert.ok(text.startsWith('\ufeff客户名称,'), text.slice(0, 80));
      assert.ok(text.split('\r\n').length > 100);
      assert.match(text.split('\r\n')[0], /,导出人$/);
    },
  },
};
