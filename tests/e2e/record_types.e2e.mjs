// SPDX-License-Identifier: Apache-2.0
// Record types: the form follows the type, the type stands on the record, layouts and rights differ by it.
import assert from 'node:assert/strict';
import { pick, unique } from './access-lib.mjs';

const choice = (value, zh) => ({ value, label: { 'zh-CN': zh, en: value } });
async function make(server) {
  const name = unique('deal').replace(/\W/g, '_');
  const answer = await server.request('POST', '/api/v1/meta/objects', {
    object: name, plural: `${name}s`, area: 'sales', icon: 'box', traits: ['owned'], title: 'name', history: true, label: { 'zh-CN': '合同', en: 'Deal' }, record_type: 'kind',
    fields: [{ name: 'name', type: 'text', required: true, label: { 'zh-CN': '名称', en: 'Name' } }, { name: 'kind', type: 'choice', default: 'goods', label: { 'zh-CN': '类别', en: 'Kind' }, choices: [choice('goods', '商品'), choice('service', '服务')] },
      { name: 'times', type: 'integer', label: { 'zh-CN': '上门次数', en: 'Times' } }],
    layouts: [{ layout: `${name}.form`, kind: 'form', sections: [{ columns: 2, fields: ['name', 'kind'] }, { label: { 'zh-CN': '其他', en: 'Other' }, collapsed: true, fields: ['times'] }] },
      { layout: `${name}.form_2`, kind: 'form', for: { record_type: 'service' }, sections: [{ columns: 2, fields: ['name', 'times', 'kind'] }] }],
  });
  assert.equal(answer.status, 201, answer.text);
  return name;
}
const option = (page, words) => page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: words }).first();

export const tests = {
  'record types: the form follows the type, which stands on the record': {
    async run({ page, server }) {
      const name = await make(server);
      await page.goto(`/${name}s?new=1`);
      await page.locator('#field-kind').waitFor();
      await page.locator('#field-times').waitFor({ state: 'hidden' });
      await page.locator('#field-kind').click();
      await option(page, '服务').click();
      await page.locator('#field-times').fill('3');
      await page.locator('#field-name').fill('年度维护');
      await page.locator('.ant-drawer .form-foot .ant-btn-primary').click();
      await page.locator('.ant-drawer .form-foot').waitFor({ state: 'detached' });
      const made = (await server.request('GET', `/api/v1/${name}s`)).body.items[0];
      assert.deepEqual([made.kind, made.times], ['service', 3]);
      await page.goto(`/${name}s/${made.id}`);
      await page.locator('.rechead', { hasText: '服务' }).waitFor();
    },
  },
  'record types: a layout for some roles is made in the settings, and taken away': {
    async run({ page, server }) {
      const name = await make(server);
      await page.goto(`/settings/objects/${name}/layouts`);
      await page.getByRole('button', { name: '用于其他…' }).click();
      await pick(page, '#layout-roles', '财务');
      await page.locator('.ant-modal-title').click(); // the list of roles closes
      await page.locator('.ant-modal .ant-btn-primary').click();
      await page.locator('.variants', { hasText: '用于财务' }).waitFor();
      const layouts = (await server.request('GET', `/api/v1/meta/objects/${name}/layouts`)).body.items;
      assert.deepEqual(layouts.find((l) => l.for?.roles)?.for, { roles: ['finance'] });
      await page.getByRole('button', { name: '移除此布局' }).click();
      await page.locator('.ant-popover .ant-btn-primary, .ant-popconfirm .ant-btn-primary').first().click();
      await page.locator('.variants', { hasText: '用于财务' }).waitFor({ state: 'detached' });
      await page.goto(`/settings/objects/${name}/about`);
      await page.locator('.about', { hasText: '业务类型' }).waitFor();
    },
  },
};
