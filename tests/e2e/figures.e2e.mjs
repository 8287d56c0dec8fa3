// SPDX-License-Identifier: Apache-2.0
// The page of figures: a number opens the records it counts, wall mode tells a win as it comes, all looks.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { rowsOf } from './browser.mjs';

const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};

export const tests = {
  'figures: bars, people and cells open the records they count': {
    async run({ page }) {
      await page.goto('/figures?period=year');
      await page.locator('.funnel a').first().waitFor();
      const stage = Number((await page.locator('.funnel a b').first().innerText()).replace(/\D/g, ''));
      await clean(page, 'figures');
      await page.shot('figures');
      await page.locator('.funnel a').first().click();
      await rowsOf(page).first().waitFor();
      await page.locator('.status', { hasText: stage.toLocaleString('zh-CN') }).waitFor();
      await page.goBack();
      const cell = page.locator('.rfm td a').first();
      await cell.waitFor();
      const n = (await cell.innerText()).trim();
      await cell.click();
      await rowsOf(page).first().waitFor();
      await page.locator('.status', { hasText: n }).waitFor();
    },
  },

  'figures: the wall is dark and by itself; a win is told as it comes; Esc leads back': {
    async run({ page, server }) {
      await page.goto('/figures?period=year&wall=1');
      await page.locator('.wall .w-rank').first().waitFor();
      await clean(page, 'wall');
      await page.shot('figures-wall');
      const account = await make(server, 'accounts', { name: '大屏客户' });
      const deal = await make(server, 'opportunities', { name: '大屏上的单子', account: account.id, amount: '880000' });
      const won = await server.request('POST', `/api/v1/opportunities/${deal.id}/win`, { win_reason: 'service' });
      assert.equal(won.status, 200, won.text);
      await page.locator('.w-news', { hasText: '大屏上的单子' }).waitFor();
      await page.shot('figures-wall-news');
      await page.keyboard.press('Escape');
      await page.locator('.figures .kpis').waitFor();
      assert.equal(new URL(page.url()).searchParams.get('wall'), null);
    },
  },
  ...Object.fromEntries([false, true].flatMap((phone) => [false, true].flatMap((dark) => ['zh-CN', 'en'].map((language) => ({ phone, dark, language })))).map((options) => {
    const suffix = `${options.phone ? '390' : '1440'}-${options.dark ? 'dark' : 'light'}-${options.language}`;
    return [`figures: looks ${suffix}`, { options, async run({ page }) {
      await page.goto('/figures?period=year');
      await page.locator('.figures .kpis').waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${wide} px over the edge`);
      const raw = await page.evaluate(() => /\b(figures|home|action|state|date)\.[a-z_]+\b/.exec(document.body.innerText)?.[0]);
      assert.equal(raw, undefined, 'a message without text');
      await clean(page, `figures ${suffix}`);
      await page.shot(`figures-${suffix}`);
    } }];
  })),
};
