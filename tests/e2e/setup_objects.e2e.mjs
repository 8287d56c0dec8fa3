// SPDX-License-Identifier: Apache-2.0
// Settings, objects: found, made, renamed, removed, brought back, purged after a look at what would be lost.
import assert from 'node:assert/strict';
import { box, button, declare, drawer, gone, pick, read, record, toast, word } from './setup.mjs';

export const tests = {
  'setup objects: a new object has its list at once, and is called what one calls it': {
    async run({ page, server }) {
      const name = word('visit');
      await page.goto('/settings/objects');
      await page.getByLabel('查找对象').fill('联系人');
      await page.locator('a.frow', { has: page.locator('code:text-is("contact")') }).waitFor();
      assert.equal(await page.locator('a.frow', { has: page.locator('code:text-is("order")') }).count(), 0);
      await page.getByLabel('查找对象').fill('没有这样的对象');
      await page.getByText('没有与“没有这样的对象”相符的内容').waitFor();
      await button(page, '新建对象').click();
      await box(drawer(page), '中文名称').locator('input').fill('到访');
      await box(drawer(page), '英文名称').locator('input').fill(name.replaceAll('_', ' '));
      assert.equal(await box(drawer(page), '标识').locator('input').inputValue(), name);
      await pick(page, box(drawer(page), '图标').locator('.ant-select'), 'map-pin', { search: true });
      await drawer(page).getByRole('switch', { name: '自动编号' }).click();
      await button(drawer(page), '创建').click();
      await page.waitForURL(`**/settings/objects/${name}`);
      const made = await read(server, `/api/v1/meta/objects/${name}`);
      assert.deepEqual([made.icon, made.traits, made.custom, made.label['zh-CN']], ['map-pin', ['owned', 'numbered'], true, '到访']);
      assert.match(made.number, /^V\d?\{YYYY\}\{0000\}$/);
      await page.goto(`/${made.plural}`);
      await page.getByRole('heading', { name: '到访', exact: true }).waitFor();
      await page.goto(`/settings/objects/${name}/about`);
      await box(page, '中文名称').locator('input').fill('来访');
      await page.getByText('1处更改').waitFor();
      await button(page, '保存').click();
      await toast(page, '已保存 来访');
      assert.equal((await read(server, `/api/v1/meta/objects/${name}`)).label['zh-CN'], '来访');
      await page.locator('.toast button', { hasText: '撤销' }).click();
      await toast(page, '已撤销');
      assert.equal((await read(server, `/api/v1/meta/objects/${name}`)).label['zh-CN'], '到访');
    },
  },
  'setup objects: removed with its records, brought back, purged when the name is written': {
    async run({ page, server }) {
      const o = await declare(server);
      for (const name of ['a', 'b']) await record(server, o, { name });
      await page.goto(`${o.page}/about`);
      await button(page, '移除对象').click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: '移除对象' }).click();
      await page.waitForURL('**/settings/objects');
      assert.equal((await server.request('GET', `/api/v1/${o.plural}`)).status, 404);
      const row = () => page.locator('.frow.bin', { hasText: o.object });
      await page.goto('/settings/bin');
      await button(row(), '恢复').click();
      await row().waitFor({ state: 'detached' });
      assert.equal((await read(server, `/api/v1/${o.plural}`)).items.length, 2);
      assert.equal((await server.request('DELETE', o.path)).status, 204);
      await page.goto('/settings/bin');
      await button(row(), '彻底删除').click();
      const dialog = page.locator('.ant-modal');
      await dialog.getByText('将失去 2 条记录').waitFor();
      assert.ok(await dialog.getByRole('button', { name: '彻底删除' }).isDisabled());
      await page.shot('setup-purge');
      await dialog.locator('input').fill(o.object);
      await dialog.getByRole('button', { name: '彻底删除' }).click();
      await row().waitFor({ state: 'detached' });
      assert.ok(!(await read(server, '/api/v1/meta/bin')).objects.some((x) => x.object === o.object));
    },
  },
  'setup objects: how long the bin keeps is set here': {
    async run({ page, server }) {
      await page.goto('/settings/bin');
      await page.getByLabel('保留').fill('45');
      await page.locator('.keep').getByRole('button', { name: '保存' }).click();
      await toast(page, '已保存保留天数');
      assert.equal((await read(server, '/api/v1/meta/bin')).days, 45);
      await server.request('PATCH', '/api/v1/meta/bin', { days: 30 });
    },
  },
  'setup objects: who may not customise finds nothing here': {
    options: { signedIn: false },
    async run({ page, server }) {
      const login = word('reader');
      assert.equal((await server.request('POST', '/api/v1/users', { name: login, login, status: 'active', roles: [{ match: { code: 'seller' } }] })).status, 201);
      const user = (await read(server, `/api/v1/users?filter=${encodeURIComponent(`login = "${login}"`)}`)).items[0];
      const password = 'a-Long-pass-4711';
      assert.ok([200, 204].includes((await server.request('POST', `/api/v1/users/${user.id}/password`, { password })).status));
      const answer = await page.context().request.post('/api/v1/session', { data: { login, password } });
      assert.equal(answer.status(), 201, await answer.text());
      await page.goto('/settings/objects');
      await page.getByText('找不到这条记录').waitFor();
      assert.equal(await page.locator('.set-nav').count(), 0);
    },
  },
};
void gone;
