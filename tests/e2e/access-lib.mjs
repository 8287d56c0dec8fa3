// SPDX-License-Identifier: Apache-2.0
// What the tests of rights share: colleagues with roles, roles with a form of their own, looks in both themes.
import assert from 'node:assert/strict';
import { PASSWORD } from '../lib/server.mjs';
import { clean } from './axe.mjs';
import { newPage } from './browser.mjs';

let counter = 0;
export const unique = (word) => `${word}${Date.now().toString(36)}${counter++}`;

/** A role that nobody else has: its rights are the given form. */
export async function makeRole(server, objects, system = []) {
  const code = unique('e2e_role');
  const made = await server.request('POST', '/api/v1/roles', { code, name: `角色 ${code}`, name_en: `Role ${code}` });
  assert.equal(made.status, 201, made.text);
  const put = await server.request('PUT', `/api/v1/meta/access/${code}`, { objects, system });
  assert.equal(put.status, 200, put.text);
  return { id: made.body.id, code };
}

export async function makeColleague(server, roles = ['seller'], more = {}) {
  const login = unique('mate');
  const made = await server.request('POST', '/api/v1/users', { name: `同事${login}`, login, status: 'active', roles: roles.map((code) => ({ match: { code } })), ...more });
  assert.equal(made.status, 201, made.text);
  assert.ok((await server.request('POST', `/api/v1/users/${made.body.id}/password`, { password: PASSWORD })).status < 300);
  return made.body;
}

/** A browser in which that colleague is signed in. */
export async function pageOf(world, person, options = {}) {
  const page = await newPage(world, { ...options, signedIn: false });
  const answer = await page.context().request.post('/api/v1/session', { data: { login: person.login, password: PASSWORD } });
  assert.equal(answer.status(), 201);
  return page;
}

/** Nothing lies outside the screen's width, axe finds nothing, and there is a picture. */
export async function looksRight(page, name, { include } = {}) {
  await page.waitForTimeout(350); // drawers come in, skeletons are gone
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${name} is ${over}px wider than the screen`);
  await page.shot(name);
  await clean(page, name, include ? { include } : {});
}

/** zh-CN and en, 1440 and 390 px, light and dark: eight pages one after another. */
export const LOOKS = ['zh-CN', 'en'].flatMap((language) => [false, true].flatMap((phone) => [false, true].map((dark) => ({ language, phone, dark }))));
export const lookName = (name, { language, phone, dark }) => `${name}-${phone ? 390 : 1440}-${language}-${dark ? 'dark' : 'light'}`;

export async function eachLook(world, name, visit) {
  for (const look of LOOKS) {
    const page = await newPage(world, look);
    try {
      await visit(page, look);
      assert.deepEqual(page.faults, [], lookName(name, look));
    } catch (error) {
      await page.shot(`failed-${lookName(name, look)}`);
      throw Object.assign(error, { message: `${lookName(name, look)}: ${error.message}` });
    } finally {
      await page.context().close();
    }
  }
}

export async function pick(page, selector, word) {
  await page.locator(selector).click();
  await page.locator(selector).fill(word);
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: word }).first().click();
}
