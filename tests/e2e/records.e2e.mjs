// SPDX-License-Identifier: Apache-2.0
// Records: create, edit, conflict, delete and undo, record page, history, what others change.
import assert from 'node:assert/strict';
import { newPage, rowsOf } from './browser.mjs';

async function makeAccount(server, name) {
  const answer = await server.request('POST', '/api/v1/accounts', { name, phone: '02150000001' });
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}

const read = async (server, id) => (await server.request('GET', `/api/v1/accounts/${id}`)).body;
const save = (page) => page.keyboard.press('Control+Enter');

export const tests = {
  'create: the drawer makes a record; a missing required field is said at the field': {
    async run({ page, server }) {
      page.expected.push('422');
      const name = `新建客户 ${Date.now()}`;
      await page.goto('/accounts?new=1');
      await page.locator('#field-name').waitFor();
      await page.locator('#field-phone').fill('02112345678');
      await save(page);
      await page.locator('.ff.bad .err').first().waitFor();
      await page.shot('form-required');
      await page.locator('#field-name').fill(name);
      await save(page);
      await page.locator('#field-name').waitFor({ state: 'hidden' });
      const found = await server.request('GET', `/api/v1/accounts?filter=${encodeURIComponent(`name = ${JSON.stringify(name)}`)}`);
      assert.equal(found.body.items.length, 1);
      assert.equal(found.body.items[0].phone, '02112345678');
    },
  },

  'edit: the changed field alone is written, version and history grow': {
    async run({ page, server }) {
      const account = await makeAccount(server, `编辑 ${Date.now()}`);
      await page.goto(`/accounts/${account.id}`);
      await page.locator('.rechead h2').waitFor();
      await page.keyboard.press('e');
      await page.locator('#field-phone').fill('02199999999');
      await save(page);
      await page.locator('#field-phone').waitFor({ state: 'hidden' });
      const now = await read(server, account.id);
      assert.equal(now.phone, '02199999999');
      assert.equal(now.name, account.name);
      assert.equal(now.version, 2);
    },
  },

  'conflict: both values are shown, the chosen one is kept, nothing is lost': {
    async run({ page, server }) {
      page.expected.push('412');
      const account = await makeAccount(server, `冲突 ${Date.now()}`);
      await page.goto(`/accounts/${account.id}`);
      await page.locator('.rechead h2').waitFor();
      await page.keyboard.press('e');
      await page.locator('#field-phone').fill('02111111111');
      const other = await server.request('PATCH', `/api/v1/accounts/${account.id}`, { phone: '02122222222' }, { 'If-Match': '"1"' });
      assert.equal(other.status, 200, other.text);
      await save(page);
      const conflict = page.locator('[role=alertdialog]');
      await conflict.waitFor();
      const text = await conflict.innerText();
      assert.ok(text.includes('02111111111') && text.includes('02122222222'), text);
      await page.shot('conflict');
      await conflict.locator('[role=radio]').nth(1).click();
      await conflict.locator('button.ant-btn-primary').click();
      await conflict.waitFor({ state: 'hidden' });
      assert.equal((await read(server, account.id)).phone, '02122222222');
    },
  },

  'delete: the toast takes it back': {
    async run({ page, server }) {
      page.expected.push('410', '404');
      const account = await makeAccount(server, `删除 ${Date.now()}`);
      await page.goto(`/accounts?filter=${encodeURIComponent(`id = "${account.id}"`)}`);
      const row = rowsOf(page).first();
      await row.hover();
      await row.locator('.row-acts button').last().click();
      await page.locator('.toast button').waitFor();
      assert.notEqual((await server.request('GET', `/api/v1/accounts/${account.id}`)).status, 200);
      await page.locator('.toast button').click();
      await rowsOf(page).first().waitFor();
      assert.equal((await read(server, account.id)).name, account.name);
    },
  },

  'record page: facts, related lists, history with old and new values': {
    async run({ page, server }) {
      const account = await makeAccount(server, `详情 ${Date.now()}`);
      await server.request('POST', '/api/v1/contacts', { name: '李雷', account: account.id });
      await server.request('PATCH', `/api/v1/accounts/${account.id}`, { phone: '02133333333' });
      await page.goto(`/accounts/${account.id}?tab=contacts`);
      await page.getByText('李雷').first().waitFor();
      await page.shot('record-related');
      await page.locator('.rechead button.ant-dropdown-trigger').click();
      await page.locator('.ant-dropdown-menu-item', { hasText: '变更历史' }).click();
      const drawer = page.locator('.ant-drawer');
      await drawer.getByText('02133333333').first().waitFor();
      await page.shot('record-history');
    },
  },

  'live: what another browser changes appears by itself': {
    async run({ page, world, server }) {
      const account = await makeAccount(server, `实时 ${Date.now()}`);
      const other = await newPage(world);
      await page.goto(`/accounts?filter=${encodeURIComponent(`id = "${account.id}"`)}`);
      await page.getByText(account.name).first().waitFor();
      await page.waitForTimeout(1000); // the stream opens
      const renamed = `${account.name} 改`;
      await other.goto(`/accounts/${account.id}`);
      await other.locator('.rechead h2').waitFor();
      await other.keyboard.press('e');
      await other.locator('#field-name').fill(renamed);
      await save(other);
      await page.getByText(renamed).first().waitFor();
      await other.context().close();
    },
  },
};
