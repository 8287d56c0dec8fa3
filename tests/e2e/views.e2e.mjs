// SPDX-License-Identifier: Apache-2.0
// Saved views: what a list shows is kept under a name, changed, shared, pinned, made the list's home, deleted and brought back.
import assert from 'node:assert/strict';
import { newPage, rowsOf } from './browser.mjs';
import { clean } from './axe.mjs';
import { PASSWORD } from '../lib/server.mjs';

const WORDS = {
  'zh-CN': { save: '存为视图', keep: /保存“.*”的更改/, edit: /改名与共享/, unpin: /移出标签栏/, pin: /放上标签栏/, home: /打开列表时先看/, remove: /^删除/, everybody: '所有人', some: '指定的人', store: '保存', undo: '撤销' },
  en: { save: 'Save as a view', keep: /Save the changes of/, edit: /Rename and share/, unpin: /off the tabs/, pin: /as a tab/, home: /Open the list with/, remove: /^Delete/, everybody: 'Everybody', some: 'Some people', store: 'Save', undo: 'Undo' },
};
const saved = async (server) => (await server.request('GET', '/api/v1/me/views?object=account')).body;
const tab = (page, name) => page.locator('[role=tab]', { hasText: name });

async function menu(page, words) {
  await page.locator('.add-view').click();
  await page.locator('.view-menu .ant-dropdown-menu-item', { hasText: words }).first().click();
}
async function answer(page, part, act) {
  const done = page.waitForResponse((r) => r.url().includes('/api/v1/me/') && r.request().method() === part);
  await act();
  return (await done).status();
}

async function saveNew(page, w, name) {
  await menu(page, w.save);
  const drawer = page.locator('.ant-drawer');
  await drawer.locator('input').first().fill(name);
  await clean(page, 'view drawer');
  await drawer.getByRole('button', { name: w.store, exact: true }).click();
  await tab(page, name).waitFor();
}

async function colleague(world) {
  const login = `mate${Date.now()}`;
  const made = await world.server.request('POST', '/api/v1/users', { name: `同事 ${login}`, login, status: 'active', roles: [{ match: { code: 'seller' } }] });
  assert.equal(made.status, 201, made.text);
  assert.ok((await world.server.request('POST', `/api/v1/users/${made.body.id}/password`, { password: PASSWORD })).status < 300);
  return made.body;
}

const look = (language, phone) => ({
  options: { language, phone },
  async run({ page, server }) {
    const w = WORDS[language];
    const key = `视图${Date.now()}`, name = `${key}A`;
    for (const n of [1, 2]) await server.request('POST', '/api/v1/accounts', { name: `${key} ${n}`, phone: n === 1 ? '02150000001' : null });
    await page.goto(`/accounts?filter=${encodeURIComponent(`name ~ "${key}"`)}&sort=-name`);
    await page.getByText(`${key} 2`).first().waitFor();
    await saveNew(page, w, name);
    const view = (await saved(server)).items.find((v) => v.label[language] === name);
    assert.deepEqual([view.filter, view.sort], [`name ~ "${key}"`, ['-name']]);
    assert.equal(new URL(page.url()).searchParams.get('filter'), null, 'the filter is the view\'s now');
    await page.goto('/accounts');
    await tab(page, name).click();
    await page.getByText(`${key} 2`).first().waitFor();
    await page.goto(`/accounts?view=${view.view}&filter=${encodeURIComponent('phone is not null')}`);
    await page.getByText(`${key} 1`).first().waitFor();
    assert.equal(await page.getByText(`${key} 2`).count(), 0);
    assert.equal(await answer(page, 'PATCH', () => menu(page, w.keep)), 200);
    assert.equal((await saved(server)).items.find((v) => v.view === view.view).filter, `name ~ "${key}" and phone is not null`);
    await clean(page, `list with views ${language} ${phone ? 390 : 1440}`);
    await page.shot(`views-${phone ? 390 : 1440}-${language}`);
    assert.equal(await answer(page, 'PUT', () => menu(page, w.home)), 204);
    await page.goto('/accounts');
    await page.locator('[role=tab][aria-selected=true]', { hasText: name }).waitFor();
    assert.equal(await answer(page, 'DELETE', () => menu(page, w.unpin)), 204);
    await page.goto('/accounts');
    await tab(page, name).waitFor({ state: 'detached' });
    await menu(page, name);
    await page.locator('[role=tab][aria-selected=true]', { hasText: name }).waitFor();
    assert.equal(await answer(page, 'DELETE', () => menu(page, w.remove)), 204);
    await tab(page, name).waitFor({ state: 'detached' });
    assert.ok(!(await saved(server)).items.some((v) => v.view === view.view));
    assert.equal(await answer(page, 'POST', () => page.locator('.toast button', { hasText: w.undo }).click()), 201);
    assert.ok((await saved(server)).items.some((v) => v.label[language] === name));
  },
});

export const tests = {
  'views: saved, changed, made home, unpinned, deleted and brought back, 1440 zh-CN': look('zh-CN', false),
  'views: saved, changed, made home, unpinned, deleted and brought back, 390 zh-CN': look('zh-CN', true),
  'views: saved, changed, made home, unpinned, deleted and brought back, 1440 en': look('en', false),
  'views: saved, changed, made home, unpinned, deleted and brought back, 390 en': look('en', true),
  'views: columns are kept with the view, and a view shared with a person is under his menu': {
    async run({ page, world, server }) {
      const w = WORDS['zh-CN'];
      const name = `列${Date.now()}`;
      const mate = await colleague(world);
      await page.goto('/accounts');
      await rowsOf(page).first().waitFor();
      await page.getByRole('button', { name: '选择列' }).or(page.getByRole('button', { name: '列', exact: true })).first().click();
      await page.locator('.column-picker .ant-checkbox-wrapper', { hasText: '网址' }).or(page.locator('.column-picker .ant-checkbox-wrapper').last()).first().click();
      await page.locator('[role=columnheader]').nth(3).waitFor(); // the list is asked for again with the column
      const heads = (await page.locator('[role=columnheader]').allInnerTexts()).map((x) => x.trim()).filter(Boolean);
      await page.keyboard.press('Escape');
      await saveNew(page, w, name);
      const view = (await saved(server)).items.find((v) => v.label['zh-CN'] === name);
      assert.equal(view.columns.length, heads.length);
      await menu(page, w.edit);
      await page.locator('.ant-drawer .ant-radio-wrapper', { hasText: w.some }).click();
      await page.locator('#view-people').fill(mate.name);
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: mate.name }).first().click();
      await page.shot('view-drawer-1440');
      assert.equal(await answer(page, 'PATCH', () => page.locator('.ant-drawer').getByRole('button', { name: w.store, exact: true }).click()), 200);
      assert.deepEqual((await saved(server)).items.find((v) => v.view === view.view).shared_with, [`user:${mate.id}`]);
      const other = await newPage(world, { signedIn: false });
      await other.context().request.post('/api/v1/session', { data: { login: mate.login, password: PASSWORD } });
      await other.goto('/accounts');
      await other.locator('.add-view').click();
      await other.locator('.view-menu', { hasText: name }).waitFor();
      await other.locator('.view-menu .ant-dropdown-menu-item', { hasText: name }).click();
      await tab(other, name).waitFor();
      assert.deepEqual(other.faults, []);
      await other.context().close();
    },
  },
};
