// SPDX-License-Identifier: Apache-2.0
// Two people at one role; pages that open by a right of their own; API keys.
import assert from 'node:assert/strict';
import { eachLook, lookName, looksRight, makeColleague, makeRole, pageOf, unique } from './access-lib.mjs';

const form = async (server, code) => (await server.request('GET', `/api/v1/meta/access/${code}`)).body;
const cell = (page, object, action) => page.locator('.matrix tbody tr', { has: page.locator('th', { hasText: new RegExp(`^${object}$`) }) }).locator('td').nth(action);
const [READ, UPDATE, DELETE] = [0, 2, 3];

async function press(page, action, key) {
  await cell(page, '客户', action).focus();
  await page.keyboard.press(key);
}

export const tests = {
  'role rights: a save over an older state is refused, brought up to date, told and saved': {
    async run({ page, server }) {
      const role = await makeRole(server, { account: { read: 'own', update: 'none', delete: 'none' } });
      await page.goto(`/settings/roles/${role.code}`);
      await page.locator('.matrix tbody td').first().waitFor();
      await press(page, READ, '5');
      await press(page, UPDATE, '1');
      await page.locator('.changes-bar', { hasText: '2项权限有更改' }).waitFor();
      page.expected.push('412');
      const put = await server.request('PUT', `/api/v1/meta/access/${role.code}`, { objects: { account: { read: 'department', update: 'none', delete: 'own' } } });
      assert.equal(put.status, 200);
      await page.locator('.changes-bar .ant-btn-primary').click();
      const drawer = page.locator('.ant-drawer');
      await drawer.locator('.form-foot .ant-btn-primary:not([disabled])').click();
      await drawer.locator('.banner.warn[role=alert]').waitFor();
      await drawer.locator('.banner.warn[role=status]', { hasText: '客户 · 查看' }).waitFor();
      await looksRight(page, 'role-stale-1440');
      assert.equal((await form(server, role.code)).objects.account.read, 'department', 'nothing was saved');
      await drawer.locator('.form-foot .ant-btn-primary:not([disabled])').click();
      await page.locator('.changes-bar').waitFor({ state: 'detached' });
      assert.deepEqual((await form(server, role.code)).objects.account, { read: 'all', update: 'own', delete: 'own' });
      assert.equal(await cell(page, '客户', DELETE).innerText(), '本人');
    },
  },
  'role rights: who manages roles sees roles and sharing rules, not the data model; jobs are seen without buttons': {
    async run({ world, server }) {
      const role = await makeRole(server, { role: { read: 'all' } }, ['manage_roles', 'see_jobs']);
      const other = await pageOf(world, await makeColleague(server, [role.code]));
      await other.goto('/settings/roles');
      await other.locator('.srow:not(.hd)').first().waitFor();
      const places = await other.locator('.set-nav a').allInnerTexts();
      assert.deepEqual(places, ['角色', '共享规则']);
      await other.goto('/settings/objects');
      await other.locator('.mid').waitFor();
      const started = await server.request('POST', '/api/v1/accounts/export', { filter: 'name = "nobody"', format: 'csv' });
      assert.equal(started.status, 202);
      await other.goto('/jobs');
      await other.getByRole('switch', { name: '所有人' }).click();
      await other.locator('table.plain tbody tr').first().waitFor();
      assert.equal(await other.locator('table.plain tbody button').count(), 0);
      await other.context().close();
    },
  },
  'role rights: a key is made, shown once, works, and is revoked': {
    async run({ page, world, server }) {
      const name = unique('钥匙');
      await page.goto('/settings/api-keys');
      await page.locator('.top .acts').getByRole('button', { name: '新建密钥' }).click();
      await page.locator('#key-name').fill(name);
      await page.locator('.ant-modal .ant-btn-primary').click();
      const key = await page.locator('#made-key').inputValue();
      assert.match(key, /^gx_/);
      await looksRight(page, 'api-key-1440');
      const asked = () => server.request('GET', '/api/v1/me', undefined, { Authorization: `Bearer ${key}` });
      assert.equal((await asked()).status, 200);
      await page.locator('.ant-modal .ant-btn-primary').click();
      await page.locator('.toolbar .ant-segmented-item', { hasText: '所有人的' }).click();
      const row = page.locator('.srow', { hasText: name });
      await row.getByRole('button', { name: '撤销' }).click();
      await page.locator('.ant-modal .ant-btn-primary', { hasText: /撤\s?销/ }).click();
      await row.waitFor({ state: 'detached' });
      assert.equal((await asked()).status, 401);
      const other = await pageOf(world, await makeColleague(server));
      await other.goto('/settings/api-keys');
      await other.locator('.mid').waitFor();
      assert.equal(await other.locator('.srow').count(), 0);
      await other.context().close();
    },
  },
  'role rights: API keys in eight looks': {
    async run({ world, server }) {
      assert.equal((await server.request('POST', '/api/v1/api-keys', { name: 'ERP' })).status, 201);
      await eachLook(world, 'keys', async (page, look) => {
        await page.goto('/settings/api-keys');
        await page.locator('.srow:not(.hd)').first().waitFor();
        await looksRight(page, lookName('api-keys', look));
      });
    },
  },
};
