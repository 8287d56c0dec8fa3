// SPDX-License-Identifier: Apache-2.0
// Rules of duplicates in the settings: made, tried on what is there, saved, changed, taken back; looks.
import assert from 'node:assert/strict';
import { eachLook, lookName, looksRight, unique } from './access-lib.mjs';

const PATIENCE = { timeout: 60000 };
const rulesOf = async (server, object) => (await server.request('GET', `/api/v1/meta/objects/${object}`)).body.duplicates ?? [];

async function made(server) {
  const object = unique('match').replace(/\W/g, '');
  const answer = await server.request('POST', '/api/v1/meta/objects', { object, plural: `${object}s`, traits: ['owned'], title: 'name', label: { 'zh-CN': '查重试验', en: 'Match trial' },
    fields: [{ name: 'name', type: 'text', label: { 'zh-CN': '名称', en: 'Name' } }, { name: 'serial', type: 'text', label: { 'zh-CN': '序号', en: 'Serial' } }] });
  assert.equal(answer.status, 201, answer.text);
  for (const [name, serial] of [['甲', 'A-17'], ['乙', 'a17'], ['丙', 'B-2']]) assert.equal((await server.request('POST', `/api/v1/${object}s`, { name, serial })).status, 201);
  return object;
}

async function choose(page, box, word) {
  await box.click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: word }).first().click();
}

export const tests = {
  'match: a rule is made, tried on what is there, saved, made to block, and taken back': {
    async run({ page, server }) {
      const object = await made(server);
      await page.goto(`/settings/objects/${object}/duplicates`);
      await page.getByRole('button', { name: '新建规则' }).click();
      const drawer = page.locator('.ant-drawer');
      await drawer.getByLabel('中文名称').fill('序号相同');
      await drawer.getByLabel('英文名称').fill('Same serial');
      await choose(page, drawer.getByLabel('字段1', { exact: true }), '序号');
      await choose(page, drawer.getByLabel('字段1的比较方式'), '编号');
      await drawer.getByRole('button', { name: '在已有数据上试算' }).click();
      await drawer.getByText('3条记录中有1对').waitFor(PATIENCE);
      await drawer.getByRole('list', { name: '其中最不相似的' }).getByRole('link', { name: '甲' }).waitFor(PATIENCE);
      assert.deepEqual(await rulesOf(server, object), [], 'a trial saves nothing');
      await page.shot('match-tried');
      await drawer.getByRole('button', { name: /保\s?存/ }).click();
      await page.locator('.frow.three', { hasText: '序号相同' }).waitFor(PATIENCE);
      assert.deepEqual((await rulesOf(server, object)).map((r) => [r.name, r.action, r.fields]), [['same_serial', 'warn', [{ field: 'serial', as: 'code' }]]]);
      await page.locator('.frow.three', { hasText: '序号相同' }).click();
      await drawer.locator('.ant-segmented-item', { hasText: '阻止' }).click();
      await drawer.getByText('谁仍可保存').waitFor();
      await drawer.getByRole('button', { name: /保\s?存/ }).click();
      await page.locator('.frow.three .chip', { hasText: '阻止' }).waitFor(PATIENCE);
      assert.equal((await rulesOf(server, object))[0].action, 'block');
      const first = await server.request('POST', `/api/v1/${object}s`, { name: '丁', serial: 'C-9' }); // keys of older records follow within a minute
      assert.equal(first.status, 201, first.text);
      const refused = await server.request('POST', `/api/v1/${object}s`, { name: '戊', serial: 'c 9' });
      assert.equal(refused.status, 422, refused.text);
      await page.locator('.toast').getByRole('button', { name: /撤\s?销/ }).click();
      await page.locator('.frow.three .chip', { hasText: '阻止' }).waitFor({ ...PATIENCE, state: 'detached' });
      assert.equal((await rulesOf(server, object))[0].action, 'warn');
    },
  },
  'match: rules of customers and one of them, in eight looks': {
    async run({ world }) {
      await eachLook(world, 'match', async (page, look) => {
        await page.goto('/settings/objects/account/duplicates');
        const row = page.locator('.frow.three', { hasText: look.language === 'en' ? 'Similar name' : '名称相似' });
        await row.waitFor(PATIENCE);
        await looksRight(page, lookName('match', look));
        await row.click();
        const button = page.locator('.ant-drawer').getByRole('button', { name: look.language === 'en' ? 'Try on existing data' : '在已有数据上试算' });
        await button.click();
        await page.locator('.match-told').waitFor(PATIENCE);
        await page.locator('.match-told').hover(); // not on the button, whose hover is fainter
        await looksRight(page, lookName('match-drawer', look));
      });
    },
  },
};
