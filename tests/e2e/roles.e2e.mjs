// SPDX-License-Identifier: Apache-2.0
// Roles: the matrix by mouse and keyboard, fields, conditions, system rights, copy, preview before saving, undo, drafts.
import assert from 'node:assert/strict';
import { eachLook, lookName, looksRight, makeColleague, makeRole, pageOf, unique } from './access-lib.mjs';

const form = async (server, code) => (await server.request('GET', `/api/v1/meta/access/${code}`)).body;
const cell = (page, object, action) => page.locator('.matrix tbody tr', { has: page.locator('th', { hasText: new RegExp(`^${object}$`) }) }).locator('td').nth(action);
const READ = 0, CREATE = 1, UPDATE = 2, DELETE = 3, BULK = 8;
const menuItem = (page, words) => page.locator('.ant-dropdown:not(.ant-dropdown-hidden) .ant-dropdown-menu-item', { hasText: words }).first();

async function open(page, code) {
  await page.goto(`/settings/roles/${code}`);
  await page.locator('.matrix tbody td').first().waitFor();
}
async function save(page, server, code) {
  await page.locator('.changes-bar .ant-btn-primary').click();
  const drawer = page.locator('.ant-drawer', { has: page.locator('.form-foot .ant-btn-primary') });
  await drawer.locator('.form-foot .ant-btn-primary:not([disabled])').click();
  await page.locator('.changes-bar').waitFor({ state: 'detached' });
  return form(server, code);
}

export const tests = {
  'roles: scopes by mouse and by keyboard, marked, previewed, saved, taken back': {
    async run({ page, server }) {
      const role = await makeRole(server, { account: { read: 'none', update: 'none' } });
      const person = await makeColleague(server, [role.code]);
      const mark = unique('预览');
      for (const n of [1, 2]) await server.request('POST', '/api/v1/accounts', { name: `${mark}${n}`, owner: person.id });
      await open(page, role.code);
      await cell(page, '客户', READ).click();
      await menuItem(page, '本人负责的').first().click();
      await page.locator('.changes-bar', { hasText: '1项权限有更改' }).waitFor();
      assert.match(await cell(page, '客户', READ).getAttribute('class'), /changed/);
      await page.keyboard.press('ArrowRight'); // the cell keeps the focus when its menu is gone
      await page.keyboard.press('Enter'); // a flag turns
      await cell(page, '客户', CREATE).filter({ hasText: '可以' }).waitFor();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('5');
      await cell(page, '客户', UPDATE).filter({ hasText: '全部' }).waitFor();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('4');
      await page.keyboard.press('Backspace');
      assert.doesNotMatch(await cell(page, '客户', DELETE).getAttribute('class'), /changed/);
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('1');
      await cell(page, '客户', BULK).filter({ hasText: '本人' }).waitFor();
      await page.locator('.changes-bar', { hasText: '4项权限有更改' }).waitFor();
      await page.locator('.changes-bar .ant-btn-primary').click();
      await page.locator('.side-row', { hasText: '共多看到2条记录' }).locator('.samples a', { hasText: `${mark}1` }).waitFor();
      await page.locator('.side-row', { hasText: '修改：1人共多2条记录可操作' }).waitFor();
      await page.locator('.side-row', { hasText: '新建：1人可以' }).waitFor();
      await looksRight(page, 'roles-preview-1440');
      assert.deepEqual((await form(server, role.code)).objects.account, { read: 'none', update: 'none' }, 'nothing is saved by a preview');
      await page.locator('.ant-drawer .form-foot .ant-btn-primary').click();
      await page.locator('.changes-bar').waitFor({ state: 'detached' });
      assert.deepEqual((await form(server, role.code)).objects.account, { read: 'own', create: true, update: 'all', bulk: 'own' });
      await page.locator('.toast button', { hasText: '撤销' }).click();
      await page.locator('.toast', { hasText: '已撤销' }).waitFor();
      assert.deepEqual((await form(server, role.code)).objects.account, { read: 'none', update: 'none' });
    },
  },
  'roles: a condition shows its mistake at the character, is completed and saved': {
    async run({ page, server }) {
      const role = await makeRole(server, { account: { read: 'own' } });
      await open(page, role.code);
      await cell(page, '客户', READ).click();
      await menuItem(page, '按条件').click();
      await page.locator('.ant-drawer .ant-segmented-item', { hasText: '表达式' }).click();
      const text = page.locator('#right-read-expr');
      await text.fill('levl = "key"');
      await page.locator('.expr-error .at', { hasText: 'levl' }).waitFor();
      await text.blur(); // the names on offer go
      await page.locator('.expr-error button').click();
      await page.locator('.ant-drawer .expr-ok').waitFor();
      assert.equal(await text.inputValue(), 'level = "key"');
      await text.fill('lev');
      await page.getByRole('option', { name: /^level/ }).first().click();
      assert.equal(await text.inputValue(), 'level');
      await text.fill('level = "key"');
      await page.locator('.ant-drawer .expr-ok').waitFor();
      await text.blur();
      await looksRight(page, 'roles-condition-1440');
      await page.locator('.ant-drawer .form-foot button').click();
      await cell(page, '客户', READ).filter({ hasText: '条件' }).waitFor();
      assert.deepEqual((await save(page, server, role.code)).objects.account.read, { expr: 'level = "key"' });
    },
  },
  'roles: fields are hidden, masked and read only; the person sees them so at once': {
    async run({ page, world, server }) {
      const role = await makeRole(server, { account: { read: 'all' } });
      const person = await makeColleague(server, [role.code]);
      const made = (await server.request('POST', '/api/v1/accounts', { name: unique('字段'), phone: '021-60000001', short_name: 'hiddenhidden' })).body;
      await open(page, role.code);
      await page.locator('.matrix tbody th button', { hasText: /^客户$/ }).click();
      const pick = async (field, words) => { await page.locator('.ant-drawer .act-row', { has: page.locator(`[id="field-right-${field}"]`) }).locator('.ant-select').click(); await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: new RegExp(`^${words}$`) }).click(); };
      await pick('phone', '掩码');
      await page.locator('.ant-drawer .act-row .mask', { hasText: '138****5678' }).waitFor();
      await page.locator('.ant-drawer .mask-style').click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: '全部隐藏' }).click();
      await page.locator('.ant-drawer .act-row .mask').getByText('***', { exact: true }).waitFor();
      await pick('short_name', '隐藏');
      await page.locator('.field-find .ant-switch').click();
      assert.equal(await page.locator('.ant-drawer .act-row [id^="field-right-"]').count(), 2, 'only the restricted ones');
      await looksRight(page, 'roles-fields-1440');
      await page.locator('.ant-drawer .form-foot button').click();
      await cell(page, '客户', 9).getByText('2个受限').waitFor();
      const saved = await save(page, server, role.code);
      assert.deepEqual(saved.objects.account.fields, { phone: 'masked:full', short_name: 'hidden' });
      const other = await pageOf(world, person);
      await other.goto(`/accounts/${made.id}`);
      await other.locator('.fl', { has: other.locator('.k[title="电话"]') }).getByText('***', { exact: true }).waitFor();
      assert.ok(!(await other.content()).includes('hiddenhidden'));
      assert.deepEqual(other.faults, []);
      await other.context().close();
    },
  },
  'roles: a draft outlives the page, whole columns and rows are set, objects are found': {
    async run({ page, server }) {
      const role = await makeRole(server, {});
      await open(page, role.code);
      await page.locator('.role-bar input').fill('客户地址');
      await page.waitForFunction(() => document.querySelectorAll('.matrix tbody tr:not(.mx-group)').length === 1);
      await page.locator('.matrix thead .mx-set').first().click();
      await menuItem(page, '全部').click();
      await page.locator('.changes-bar', { hasText: '1项权限有更改' }).waitFor(); // only what is shown
      await page.locator('.role-bar .ant-input-clear-icon').click();
      await page.locator('.matrix tbody tr', { has: page.locator('th', { hasText: /^客户$/ }) }).hover();
      await page.locator('.matrix tbody tr', { has: page.locator('th', { hasText: /^客户$/ }) }).locator('.mx-set').click();
      await menuItem(page, '处理本人负责的').click();
      await cell(page, '客户', UPDATE).filter({ hasText: '本人' }).waitFor();
      await page.waitForTimeout(200);
      await page.goto('/accounts');
      await open(page, role.code);
      assert.equal(await cell(page, '客户', UPDATE).innerText(), '本人', 'the draft is there again');
      await page.locator('.role-bar .ant-switch').click();
      assert.equal(await page.locator('.matrix tbody tr:not(.mx-group)').count(), 2);
      await page.locator('.changes-bar').getByRole('button', { name: '放弃' }).click();
      await page.locator('.mid', { hasText: '还没有任何更改' }).waitFor();
      assert.deepEqual((await form(server, role.code)).objects, {});
    },
  },
  'roles: copied with all rights, system rights changed, renamed, deleted and brought back': {
    async run({ page, server }) {
      const code = unique('copy_');
      await page.goto('/settings/roles');
      await page.locator('.srow', { hasText: 'seller' }).first().click();
      await page.locator('.top .acts').getByRole('button', { name: '更多' }).click();
      await menuItem(page, '复制角色').click();
      const drawer = page.locator('.ant-drawer');
      await drawer.locator('input').first().fill(`复制${code}`);
      await drawer.locator('input').nth(1).fill(code);
      await looksRight(page, 'roles-copy-1440');
      await drawer.locator('.form-foot .ant-btn-primary').click();
      await page.waitForURL(`**/settings/roles/${code}`);
      await page.locator('.matrix tbody td').first().waitFor();
      const [copy, seller] = [await form(server, code), await form(server, 'seller')];
      assert.deepEqual(copy.objects, seller.objects);
      await page.locator('.role-bar [role=tab]', { hasText: '系统' }).click();
      await page.getByRole('switch', { name: '管理视图' }).click();
      assert.deepEqual((await save(page, server, code)).system, ['manage_views']);
      await page.locator('.top .acts').getByRole('button', { name: '更多' }).click();
      await menuItem(page, '删除').click();
      await page.waitForURL('**/settings/roles');
      await page.locator('.srow', { hasText: code }).waitFor({ state: 'detached' });
      await page.locator('.toast button', { hasText: '撤销' }).click();
      await page.locator('.srow', { hasText: code }).waitFor();
    },
  },
  'roles: the administrator cannot be locked out, a shipped role not be deleted, a stranger sees no settings': {
    async run({ page, world, server }) {
      await open(page, 'administrator');
      await page.getByText('系统管理员始终可以做任何事').waitFor();
      await cell(page, '客户', READ).click();
      await page.keyboard.press('0');
      assert.equal(await page.locator('.changes-bar').count(), 0);
      await page.goto('/settings/roles/seller');
      await page.locator('.matrix tbody td').first().waitFor();
      await page.locator('.top .acts').getByRole('button', { name: '更多' }).click();
      assert.ok(!(await page.locator('.ant-dropdown:not(.ant-dropdown-hidden)').innerText()).includes('删除'));
      await page.goto('/settings/roles/nobody_has_this');
      await page.getByText('没有这个页面').waitFor();
      const other = await pageOf(world, await makeColleague(server));
      await other.goto('/settings/roles');
      await other.locator('.mid').waitFor();
      assert.equal(await other.locator('.srow').count(), 0);
      assert.equal(await other.locator('.side .foot a').count(), 0);
      assert.deepEqual(other.faults, []);
      await other.context().close();
    },
  },
  'roles: list, matrix, object and preview in eight looks': {
    async run({ world, server }) {
      const role = await makeRole(server, { account: { read: 'own', create: true, update: { expr: 'level = "key"' }, fields: { phone: 'masked' } }, lead: { read: 'department_below' } });
      await eachLook(world, 'roles', async (page, look) => {
        await page.goto('/settings/roles');
        await page.locator('.srow:not(.hd)').first().waitFor();
        await looksRight(page, lookName('roles-list', look));
        await page.goto(`/settings/roles/${role.code}`);
        if (look.phone) {
          await page.locator('.prow').first().click();
        } else {
          await page.locator('.matrix tbody td').first().waitFor();
          await page.locator('.matrix tbody td').nth(3).focus();
          await page.keyboard.press('5');
          await looksRight(page, lookName('roles-matrix', look));
          await page.locator('.matrix tbody th button.obj-name').first().click();
        }
        await page.locator('.ant-drawer .act-row').nth(9).waitFor();
        await looksRight(page, lookName('roles-object', look));
        if (!look.phone) return;
        await page.locator('#right-create').click();
        await page.locator('.ant-drawer .form-foot button').click();
        await page.locator('.changes-bar').waitFor();
        await looksRight(page, lookName('roles-matrix', look));
      });
    },
  },
};
