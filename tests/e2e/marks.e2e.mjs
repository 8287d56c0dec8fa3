// SPDX-License-Identifier: Apache-2.0
// Favourites and what was opened lately: in the sidebar, on the home page, in the palette; pages and lists by first letters.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { rowsOf } from './browser.mjs';

const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};
const openPalette = async (page, text = '') => {
  await page.keyboard.press('Control+k');
  await page.locator('.palette input').fill(text);
};

export const tests = {
  'marks: a favourite stands in the sidebar and the palette, what was opened on the home page; both outlive the page': {
    async run({ page, server }) {
      const account = await make(server, 'accounts', { name: '收藏用的甲公司' });
      await page.goto(`/accounts/${account.id}`);
      await page.getByRole('button', { name: '收藏', exact: true }).click();
      await page.locator('.side a', { hasText: '收藏用的甲公司' }).waitFor();
      assert.equal(await page.getByRole('button', { name: '取消收藏' }).getAttribute('aria-pressed'), 'true');
      await page.waitForResponse((r) => r.url().includes('/me/marks/recent/') && r.status() === 204).catch(() => {});
      await page.goto('/');
      await page.locator('.recent-one', { hasText: '收藏用的甲公司' }).waitFor();
      await clean(page, 'home with recent records');
      await page.locator('.side a', { hasText: '收藏用的甲公司' }).click();
      await page.waitForURL(`**/accounts/${account.id}`);
      await page.goto('/leads');
      await rowsOf(page).first().waitFor();
      await page.locator('.side a', { hasText: '收藏用的甲公司' }).waitFor();
      await openPalette(page);
      const groups = page.locator('.palette [role=group]');
      await groups.filter({ hasText: '最近打开' }).locator('.it', { hasText: '收藏用的甲公司' }).waitFor();
      await groups.filter({ hasText: '收藏' }).locator('.it', { hasText: '收藏用的甲公司' }).first().waitFor();
      await page.shot('palette-recent');
      await page.keyboard.press('Escape');
      await page.goto(`/accounts/${account.id}`);
      await page.getByRole('button', { name: '取消收藏' }).click();
      await page.locator('.side a', { hasText: '收藏用的甲公司' }).waitFor({ state: 'detached' });
      await page.reload();
      await page.getByRole('button', { name: '收藏', exact: true }).waitFor();
      await page.waitForTimeout(1500);
      assert.equal(await page.locator('.side a', { hasText: '收藏用的甲公司' }).count(), 0);
    },
  },

  'marks: lists and pages are found by first letters': {
    async run({ page }) {
      await page.goto('/accounts');
      await rowsOf(page).first().waitFor();
      await openPalette(page, 'gjjl');
      await page.locator('.palette .it', { hasText: '跟进记录' }).first().waitFor();
      await page.locator('.palette input').fill('sxlsm');
      await page.locator('.palette .it', { hasText: '谁写了什么' }).first().click();
      await page.waitForURL('**/daily');
    },
  },

  'marks: the star on a phone, in English': {
    options: { phone: true, language: 'en' },
    async run({ page, server }) {
      const lead = await make(server, 'leads', { name: 'Zoe Long', source: 'website' });
      await page.goto(`/leads/${lead.id}`);
      await page.getByRole('button', { name: 'Add to favourites' }).click();
      await page.getByRole('button', { name: 'Remove from favourites' }).waitFor();
      await clean(page, 'head of a record on a phone', { include: '.rechead' });
      await page.shot('record-390-light-en');
    },
  },
};
