// SPDX-License-Identifier: Apache-2.0
// Search: the palette (Ctrl K) over all objects, the box of a list ("/"), keyboard, states, phone.
import assert from 'node:assert/strict';
import { rowsOf } from './browser.mjs';

const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};

const openPalette = async (page) => {
  await page.keyboard.press('Control+k');
  await page.locator('.palette input').waitFor();
};

export const tests = {
  'search: the palette finds by first letters, marks what it found and opens it by keyboard': {
    async run({ page, server }) {
      const account = await make(server, 'accounts', { name: '重庆虪麣精密机械', phone: '02355667788' });
      await make(server, 'contacts', { name: '虪麣', account: account.id });
      await page.goto('/accounts');
      await rowsOf(page).first().waitFor();
      await openPalette(page);
      await page.locator('.palette input').fill('cqsy');
      const hit = page.locator('.palette .it').filter({ hasText: '重庆虪麣精密机械' }).first();
      await hit.waitFor();
      assert.deepEqual(await hit.locator('mark').allInnerTexts(), ['重庆虪麣']);
      await page.locator('.palette input').fill('虪麣');
      await page.locator('.palette .it').filter({ hasText: '虪麣' }).nth(1).waitFor();
      assert.ok((await page.locator('.palette .hits .g').allInnerTexts()).length >= 2);
      await page.shot('palette-hits');
      await page.locator('.palette input').fill('5566');
      await page.locator('.palette mark', { hasText: '5566' }).first().waitFor();
      await page.locator('.palette input').fill('cqsyjm');
      await page.locator('.palette .it.on', { hasText: '重庆虪麣' }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/accounts/${account.id}`);
      await page.locator('.rechead h2', { hasText: '重庆虪麣' }).waitFor();
      await openPalette(page);
      await page.locator('.palette .it').filter({ hasText: '重庆虪麣精密机械' }).first().waitFor(); // recently opened
    },
  },

  'search: the palette says what it did not find and what went wrong': {
    async run({ page }) {
      page.expected.push('400', '500', 'Failed to load resource');
      await page.goto('/accounts');
      await rowsOf(page).first().waitFor();
      await openPalette(page);
      await page.locator('.palette input').fill('齉龘齾');
      await page.locator('.palette .hits .g', { hasText: '没有找到' }).waitFor();
      await page.shot('palette-empty');
      await page.route('**/api/v1/search*', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"status":500,"title":"x","detail":"坏了","code":"internal"}' }));
      await page.locator('.palette input').fill('齉龘');
      await page.locator('.palette [role=alert]').waitFor({ timeout: 20000 });
      await page.keyboard.press('Escape');
      await page.locator('.palette').waitFor({ state: 'hidden' });
    },
  },

  'search: the box of a list takes pinyin and keeps the sort': {
    async run({ page, server }) {
      await make(server, 'accounts', { name: '乙虩虩厂', founded_year: 1990 });
      await make(server, 'accounts', { name: '甲虩虩厂', founded_year: 1980 });
      await page.goto('/accounts?sort=founded_year');
      await rowsOf(page).first().waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('xixichang');
      await page.waitForURL('**find=xixichang**');
      await page.waitForFunction(() => document.querySelectorAll('[role=grid] [role=row][aria-rowindex] a.name').length === 2);
      assert.deepEqual(await rowsOf(page).locator('a.name .cut').allInnerTexts(), ['甲虩虩厂', '乙虩虩厂']);
      await page.shot('list-search');
    },
  },

  'search: on a phone, in English': {
    options: { phone: true, language: 'en' },
    async run({ page, server }) {
      const account = await make(server, 'accounts', { name: 'Zephyrine Works' });
      await page.goto('/accounts');
      await page.locator('.tabbar').waitFor();
      await openPalette(page);
      await page.locator('.palette input').fill('zephyrnie');
      await page.locator('.palette .it', { hasText: 'Zephyrine Works' }).first().waitFor();
      await page.shot('palette-phone');
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/accounts/${account.id}`);
    },
  },
};
