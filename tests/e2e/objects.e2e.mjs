// SPDX-License-Identifier: Apache-2.0
// An object declared while the server runs: menu, list, form and record page know it at once.
import assert from 'node:assert/strict';
import { rowsOf } from './browser.mjs';

const visit = {
  object: 'e2e_visit', plural: 'e2e_visits', area: 'marketing', icon: 'visit', traits: ['owned'],
  label: { 'zh-CN': '到访', en: 'Visit' }, title: 'name',
  fields: [
    { name: 'name', type: 'text', max: 200, required: true, search: true, label: { 'zh-CN': '名称', en: 'Name' } },
    { name: 'account', type: 'link', to: 'account', inverse: 'e2e_visits', on_delete: 'restrict', label: { 'zh-CN': '客户', en: 'Account' } },
    { name: 'starts_on', type: 'date', label: { 'zh-CN': '开始', en: 'Starts' } },
    { name: 'budget', type: 'money', scale: 2, min: '0', label: { 'zh-CN': '预算', en: 'Budget' } },
    { name: 'phase', type: 'choice', default: 'plan', label: { 'zh-CN': '阶段', en: 'Phase' }, choices: [
      { value: 'plan', label: { 'zh-CN': '计划', en: 'Plan' }, color: 'blue' }, { value: 'run', label: { 'zh-CN': '执行', en: 'Run' } }] },
  ],
  history: true,
};

export const tests = {
  'new object: made by the API, used in the browser without a rebuild': {
    async run({ page, server }) {
      const made = await server.request('POST', '/api/v1/meta/objects', visit);
      assert.equal(made.status, 201, made.text);
      await page.goto('/');
      await page.locator('nav a[href="/e2e_visits"]').click();
      await page.locator('.mid').first().waitFor();
      await page.goto('/e2e_visits?new=1');
      await page.locator('#field-name').fill('第一次到访');
      await page.keyboard.press('Control+Enter');
      await page.locator('#field-name').waitFor({ state: 'hidden' });
      await page.goto('/e2e_visits');
      await rowsOf(page).first().waitFor();
      assert.equal(await rowsOf(page).first().locator('a.name .cut').innerText(), '第一次到访');
      await page.shot('new-object-list');
      const openapi = await server.request('GET', '/api/v1/openapi.json');
      assert.ok(openapi.body.components.schemas.e2e_visit.properties.budget);
    },
  },
};
