// SPDX-License-Identifier: Apache-2.0
// A meeting made to come again from its page, marked in the calendar, called off from one on.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';

const HOUR = 3_600_000;
/** A button of its own, or under "more" where there are many. */
async function pick(page, words) {
  const own = page.locator('.rechead').getByRole('button', { name: words, exact: true });
  const more = page.locator('.rechead').getByRole('button', { name: /更多|More/ });
  await more.first().waitFor();
  if (await own.waitFor({ timeout: 3000 }).then(() => true, () => false)) return own.click(); // verbs are asked for after the record
  await more.click();
  return page.getByRole('menuitem', { name: words, exact: true }).click();
}
const choose = async (page, field, words) => { await page.locator(`#field-${field}`).click(); await page.locator('.ant-select-item-option:visible').filter({ hasText: words }).first().click(); };
const save = (page) => page.locator('.ant-drawer-content-wrapper .ant-btn-primary').last().click();
const until = async (what) => { for (let i = 0; i < 300; i++) { if (await what()) return; await new Promise((done) => setTimeout(done, 50)); } assert.fail('it does not come'); };

export const tests = {
  'series: a meeting comes again each week from its page, stands in the calendar with its mark, and is called off from one on': {
    async run({ page, server }) {
      const start = new Date(Date.now() + 2 * HOUR);
      const made = await server.request('POST', '/api/v1/meetings', { subject: `周例会 ${Date.now()}`, starts_at: start.toISOString(), ends_at: new Date(start.getTime() + HOUR).toISOString() });
      assert.equal(made.status, 201, made.text);
      const all = async () => (await server.request('GET', `/api/v1/meetings?filter=${encodeURIComponent(`series = "${made.body.id}"`)}&sort=starts_at`)).body.items;
      await page.goto(`/meetings/${made.body.id}`);
      await pick(page, '重复');
      const last = page.locator('#field-last_day');
      await last.fill('2026-10-01');
      await last.press('Enter');
      await last.click();
      const day = page.locator('.ant-picker-cell-in-view', { has: page.locator('.day-cell', { hasText: /^1廿一/ }) });
      await day.locator('i.off', { hasText: '休' }).waitFor(); // National Day by the work calendar, 八月廿一
      await page.locator('.ant-picker-cell-in-view .day-cell i.work', { hasText: '班' }).waitFor(); // the 10th is worked instead
      await page.shot('date-picker-lunar');
      await clean(page, 'a date picker with lunar days', { include: '.ant-picker-cell-in-view .day-cell' });
      await page.reload();
      await pick(page, '重复');
      await choose(page, 'every', '周');
      await page.locator('#field-count').fill('3');
      await page.shot('series-repeat');
      await clean(page, 'a meeting made to come again', { include: '.ant-drawer-content-wrapper' });
      await save(page);
      await until(async () => (await all()).length === 3);
      const items = await all();
      assert.deepEqual(items.map((m) => Date.parse(m.starts_at) - start.getTime()), [0, 7, 14].map((d) => d * 24 * HOUR));
      const entry = page.locator(`[data-key="meeting-${items[1].id}"]`);
      await page.goto(`/calendar?view=day&day=${new Date(start.getTime() + 7 * 24 * HOUR + 8 * HOUR).toISOString().slice(0, 10)}`);
      await entry.getByRole('img', { name: '系列中的一次' }).waitFor();
      await entry.click();
      await pick(page, '取消系列');
      await choose(page, 'scope', '这一次及以后');
      await save(page);
      await until(async () => (await all()).map((m) => m.status).join() === 'planned,cancelled,cancelled');
    },
  },
};
