// SPDX-License-Identifier: Apache-2.0
// Without the server: what was read is shown and said to be old, pages open, a follow-up waits on the device, is sent once when
// the server is back, or told with the server's reason when it is refused; nothing is left for the next person.
import assert from 'node:assert/strict';
import { looksRight, unique } from './access-lib.mjs';
import { rowsOf } from './browser.mjs';

const anAccount = async (server) => {
  const made = await server.request('POST', '/api/v1/accounts', { name: unique('远岚') });
  assert.equal(made.status, 201, made.text);
  return made.body;
};
const followupsOf = async (server, id) => (await server.request('GET', `/api/v1/accounts/${id}/related/followups`)).body.items ?? [];

async function until(what, probe) {
  for (let i = 0; i < 300; i++) {
    if (await probe()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`never: ${what}`, { cause: await probe() });
}

/** Addresses whose answers are on the device; a database that the page has not made yet is not made by looking. */
const keptAnswers = (page) => page.evaluate(async () => {
  if (!(await indexedDB.databases()).some((d) => d.name === 'gx')) return [];
  const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });
  const db = await done(indexedDB.open('gx'));
  const keys = await done(db.transaction('answers').objectStore('answers').getAllKeys());
  db.close();
  return keys;
});
const untilKept = (page, ...urls) => until('answers are kept', async () => {
  const keys = await keptAnswers(page);
  return ['/me', '/meta', ...urls].every((url) => keys.some((key) => key.startsWith(`/api/v1${url}`)));
});
const untilProgram = (page) => until('the program is kept', () => page.evaluate(async () => !!(await (await caches.open('gx-program')).match('/'))));
const ahead = (page) => until('the bar is loaded ahead', () => page.evaluate(() => performance.getEntriesByType('resource').some((r) => r.name.includes('unsent-drawer'))));

const offline = async (page, yes) => {
  page.expected.push('ERR_INTERNET_DISCONNECTED', 'fetching the script'); // the latter: a look for a newer service worker
  await page.context().setOffline(yes);
};

async function write(page, text) {
  await page.getByRole('button', { name: /写跟进|Write/ }).first().click();
  await page.locator('.fu-form textarea').fill(text);
  await page.locator('.fu-form').getByRole('button', { name: /^(保\s?存|Save)$/ }).click();
}

export const tests = {
  'offline: what was read is there, a page opens anew, a follow-up is sent once when the server is back': {
    options: { phone: true },
    async run({ page, server }) {
      const account = await anAccount(server);
      await page.goto('/accounts');
      await page.getByText(account.name).first().waitFor();
      await untilKept(page, '/accounts?');
      await page.goto(`/accounts/${account.id}`);
      await page.getByRole('heading', { name: account.name }).waitFor();
      await page.getByRole('tab', { name: '动态' }).click();
      await untilKept(page, `/accounts/${account.id}`, `/accounts/${account.id}/timeline`);
      await untilProgram(page);
      await offline(page, true);
      await page.goto(`/accounts/${account.id}`);
      await page.getByRole('heading', { name: account.name }).waitFor();
      await page.locator('.offline-bar.lost').waitFor();
      await page.getByRole('tab', { name: '动态' }).click();
      await write(page, '在电梯里写的');
      await page.locator('.fu-unsent li', { hasText: '在电梯里写的' }).waitFor();
      await page.locator('.offline-bar').getByRole('button', { name: '1条未发送' }).click();
      await page.locator('.unsent-one', { hasText: account.name }).waitFor();
      await looksRight(page, 'offline-390', { include: '.ant-drawer' });
      await page.keyboard.press('Escape');
      assert.deepEqual(await followupsOf(server, account.id), []);
      await page.reload();
      await page.getByRole('tab', { name: '动态' }).click();
      await page.locator('.fu-unsent li', { hasText: '在电梯里写的' }).waitFor();
      await offline(page, false);
      await page.locator('.offline-bar').waitFor({ state: 'detached', timeout: 40000 });
      await page.locator('.tl', { hasText: '在电梯里写的' }).waitFor();
      assert.equal((await followupsOf(server, account.id)).length, 1);
    },
  },

  'offline: a follow-up that the server refuses stays with its reason, and goes when its writer says so': {
    async run({ page, server }) {
      const account = await anAccount(server);
      await page.goto(`/accounts/${account.id}`);
      await page.getByRole('heading', { name: account.name }).waitFor();
      await page.getByRole('button', { name: /写跟进/ }).first().click();
      await page.locator('.fu-form textarea').fill('客户已被删除');
      await ahead(page);
      await offline(page, true);
      await page.locator('.fu-form').getByRole('button', { name: /^保\s?存$/ }).click();
      await page.locator('.fu-unsent li').waitFor();
      assert.equal((await server.request('DELETE', `/api/v1/accounts/${account.id}`)).status, 204);
      page.expected.push('422', '404', '410', '409');
      await offline(page, false);
      await page.locator('.offline-bar:not(.lost)').getByRole('button', { name: '1条未发送' }).click();
      const entry = page.locator('.unsent-one', { hasText: '客户已被删除' });
      await entry.getByRole('alert').waitFor();
      await looksRight(page, 'offline-refused-1440', { include: '.ant-drawer' });
      await entry.getByRole('button', { name: /^丢\s?弃$/ }).click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: /^丢\s?弃$/ }).click();
      await entry.waitFor({ state: 'detached' });
      await page.locator('.offline-bar').waitFor({ state: 'detached' });
    },
  },

  'offline: who signs out leaves nothing that was read; who wants nothing kept keeps nothing': {
    options: { language: 'en', dark: true },
    async run({ page }) {
      await page.goto('/accounts');
      await rowsOf(page).first().waitFor();
      await untilKept(page, '/accounts?');
      const choose = async (name) => {
        await page.locator('button.me').first().click();
        await page.getByRole('menuitem', { name }).click();
      };
      await choose(/Readable offline/);
      await until('nothing is kept', async () => (await keptAnswers(page)).length === 0);
      await page.goto('/accounts');
      await rowsOf(page).first().waitFor();
      await page.waitForTimeout(3000); // longer than answers wait to be kept
      assert.deepEqual(await keptAnswers(page), []);
      await choose(/Readable offline/);
      await page.goto('/accounts');
      await untilKept(page, '/accounts?');
      await choose(/Sign out/);
      await page.getByLabel('Password').waitFor();
      await until('nothing is kept', async () => (await keptAnswers(page)).length === 0);
    },
  },
};
