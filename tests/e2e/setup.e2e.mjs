// SPDX-License-Identifier: Apache-2.0
// Settings: a field gets another type after a trial, is removed and comes back; the log shows it.
import assert from 'node:assert/strict';

const object = 'e2e_sample';
const declared = {
  object, plural: 'e2e_samples', area: 'marketing', label: { 'zh-CN': '样品', en: 'Sample' }, title: 'name',
  fields: [
    { name: 'name', type: 'text', label: { 'zh-CN': '名称', en: 'Name' } },
    { name: 'size', type: 'text', label: { 'zh-CN': '尺寸', en: 'Size' } },
  ],
};
const field = async (server, name) => (await server.request('GET', `/api/v1/meta/objects/${object}/fields/${name}`)).body;

async function openField(page, words) {
  await page.goto(`/settings/objects/${object}`);
  await page.locator('.frow', { hasText: words }).first().click();
  await page.locator('.field-actions').waitFor();
}

export const tests = {
  'settings: another type after a trial, removal, bringing back, the log': {
    async run({ page, server }) {
      assert.equal((await server.request('POST', '/api/v1/meta/objects', declared)).status, 201);
      for (const size of ['1', '2', 'large']) await server.request('POST', '/api/v1/e2e_samples', { name: size, size });
      await openField(page, '尺寸');
      await page.locator('.field-actions .ant-select').click();
      await page.locator('.ant-select-item-option', { hasText: '整数' }).click();
      await page.getByRole('button', { name: '试算' }).click();
      await page.locator('.field-actions [role=status]', { hasText: '2 个值可以转换，1 个放不下' }).waitFor();
      assert.equal((await field(server, 'size')).type, 'text');
      await page.shot('setup-retype-trial');
      await page.locator('.field-actions').getByRole('button', { name: '更改类型' }).click();
      await page.locator('.field-actions').waitFor({ state: 'hidden' });
      assert.equal((await field(server, 'size')).type, 'integer');
      await openField(page, '尺寸');
      await page.locator('.field-actions').getByRole('button', { name: '移除字段' }).click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: '移除字段' }).click();
      await page.locator('.frow', { hasText: '尺寸' }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: '更改记录' }).click();
      await page.locator('.ant-drawer', { hasText: '移除字段' }).waitFor();
      await page.shot('setup-history');
      await page.locator('.ant-drawer .row', { hasText: '尺寸' }).getByRole('button').click();
      await page.locator('.frow', { hasText: '尺寸' }).waitFor();
      assert.equal((await field(server, 'size')).type, 'integer');
    },
  },
};
