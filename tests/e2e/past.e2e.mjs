// SPDX-License-Identifier: Apache-2.0
// Bulk changes with preview, progress and undo; the past of lists and records; background work.
import assert from 'node:assert/strict';
import { rowsOf } from './browser.mjs';

const q = encodeURIComponent;
const dialog = (page) => page.locator('.ant-drawer-content-wrapper').last();

async function make(server, mark, n) {
  const made = [];
  for (let i = 0; i < n; i++) made.push((await server.request('POST', '/api/v1/accounts', { name: `${mark} ${i}` })).body);
  return made;
}

async function until(test, what) {
  for (let i = 0; i < 100; i++) {
    if (await test()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(what);
}

export const tests = {
  'bulk: all that a filter means is changed with preview, and taken back': {
    options: { language: 'en' },
    async run({ page, server }) {
      const mark = `bulk${Date.now()}`;
      await make(server, mark, 70); // more than a page
      const filter = q(`name starts "${mark}"`);
      const short = async (value) => (await server.request('GET', `/api/v1/accounts?limit=1&count=exact&filter=${q(`name starts "${mark}" and short_name = "${value}"`)}`)).body.count.value;
      await page.goto(`/accounts?filter=${filter}`);
      await rowsOf(page).first().waitFor();
      await page.locator('[role=grid] input[type=checkbox]').nth(1).click({ force: true });
      const bar = page.locator('.bulk');
      await bar.waitFor();
      await bar.locator('.act').nth(0).click(); // all that match
      await bar.locator('.act').nth(0).click(); // edit
      await page.locator('#bulk-fields').click();
      await page.keyboard.type('Short name');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await page.locator('#field-short_name').fill('changed');
      const footer = page.locator('.ant-drawer-footer button');
      await footer.nth(0).click();
      await dialog(page).locator('.hist').first().waitFor();
      await footer.nth(1).click();
      await until(async () => await short('changed') === 70, 'not all were changed');
      const undo = page.locator('.toast button');
      await undo.waitFor();
      await undo.click();
      await until(async () => await short('changed') === 0, 'not all were taken back');
    },
  },

  'past: a list and a record are shown as they stood, and cannot be changed': {
    async run({ page, server }) {
      const mark = `past${Date.now()}`;
      const [record] = await make(server, mark, 1);
      await new Promise((done) => setTimeout(done, 20));
      const then = new Date().toISOString();
      await new Promise((done) => setTimeout(done, 20));
      await server.request('PATCH', `/api/v1/accounts/${record.id}`, { name: `${mark} renamed` });
      await page.goto(`/accounts?filter=${q(`name starts "${mark}"`)}&as_of=${q(then)}`);
      await rowsOf(page).first().waitFor();
      assert.equal(await rowsOf(page).locator('a.name .cut').first().innerText(), `${mark} 0`);
      await page.locator('.banner').waitFor();
      await page.goto(`/accounts/${record.id}?as_of=${q(then)}`);
      await page.getByRole('heading', { name: `${mark} 0` }).first().waitFor();
      assert.equal(await page.locator('.rechead .ant-btn').count(), 1); // no edit, only the menu
      await page.locator('.banner button').click();
      await page.getByRole('heading', { name: `${mark} renamed` }).first().waitFor();
    },
  },

  'jobs: background work is listed and removed': {
    options: { language: 'en' },
    async run({ page, server }) {
      const [record] = await make(server, `job${Date.now()}`, 1);
      const { body } = await server.request('POST', '/api/v1/accounts/bulk', { ids: [record.id], set: { short_name: 'x' } });
      await until(async () => (await server.request('GET', `/api/v1/jobs/${body.id}`)).body.status === 'done', 'the job does not end');
      await page.goto('/jobs');
      const rows = page.locator('table.plain tbody tr');
      await rows.first().waitFor();
      const before = await rows.count();
      await rows.first().locator('button').last().click();
      await until(async () => await rows.count() === before - 1, 'the job is still there');
      assert.equal((await server.request('GET', `/api/v1/jobs/${body.id}`)).status, 404);
    },
  },
};
