// SPDX-License-Identifier: Apache-2.0
// What the browser tests of the settings share: an object of their own, the API, drawers, selects.
import assert from 'node:assert/strict';

export const both = (zh, en) => ({ 'zh-CN': zh, en });
let serial = Date.now() % 1e6;
export const word = (base) => `${base}_${++serial}`;

export const drawer = (page) => page.locator('.ant-drawer-content-wrapper').last();
export const box = (scope, label) => scope.locator('.ff', { has: (typeof scope.page === 'function' ? scope.page() : scope).locator(`.lab:text-is("${label}"), .lab > span:text-is("${label}")`) }).last();
export const button = (scope, name) => scope.getByRole('button', { name, exact: true });

const OPEN = '.ant-select-dropdown:not(.ant-select-dropdown-hidden)';
/** Takes the option of these words; long lists are searched. */
export async function pick(page, select, words, { search = false } = {}) {
  await page.waitForFunction((selector) => !document.querySelector(selector), OPEN);
  await select.click();
  if (search && await select.locator('input:not([readonly])').count()) await select.locator('input').fill(words);
  await page.locator(`${OPEN} .ant-select-item-option`, { hasText: words }).first().click();
}

export async function gone(page) { await page.locator('.ant-drawer-content-wrapper').waitFor({ state: 'detached' }); }
export async function toast(page, words) { await page.locator('.toast', { hasText: words }).first().waitFor(); }

export async function declare(server, fields = [], more = {}) {
  const object = word('e2e_set');
  const made = await server.request('POST', '/api/v1/meta/objects', {
    object, plural: `${object}s`, area: 'custom', icon: 'box', label: both('样品', 'Sample'), title: 'name',
    fields: [{ name: 'name', type: 'text', required: true, label: both('名称', 'Name') }, ...fields], ...more,
  });
  assert.equal(made.status, 201, made.text);
  return { object, plural: `${object}s`, path: `/api/v1/meta/objects/${object}`, page: `/settings/objects/${object}` };
}
export const read = async (server, path) => { const answer = await server.request('GET', path); assert.equal(answer.status, 200, answer.text); return answer.body; };
export const fieldOf = (server, o, name) => read(server, `${o.path}/fields/${name}`);
export async function record(server, o, body) {
  const made = await server.request('POST', `/api/v1/${o.plural}`, body);
  assert.equal(made.status, 201, made.text);
  return made.body;
}
