// SPDX-License-Identifier: Apache-2.0
// Backups in the settings: one is made by the button, is brought back, and stands there; the schedule is kept.
import assert from 'node:assert/strict';
import { eachLook, lookName, looksRight } from './access-lib.mjs';

const PATIENCE = { timeout: 180000 };

export const tests = {
  'backups: one is made, brought back and listed, and the schedule is kept': {
    async run({ page, server }) {
      await page.goto('/settings/backups');
      const before = await page.locator('.srow.backups').count();
      await page.locator('.top .acts').getByRole('button', { name: '立即备份' }).click();
      await page.locator('.job-line').waitFor();
      await page.locator('.srow.backups').nth(before).waitFor(PATIENCE);
      assert.match(await page.locator('.srow.backups').first().innerText(), /已恢复并比较/);
      await page.locator('.backup-last', { hasText: '最近一次验证恢复' }).waitFor();
      await page.locator('.backup-plan .ant-switch').click();
      await page.getByLabel('周', { exact: true }).fill('8');
      await page.locator('.backup-plan').getByRole('button', { name: /保\s?存/ }).click();
      await page.locator('.toast', { hasText: '已保存时间安排' }).waitFor();
      const { plan } = (await server.request('GET', '/api/v1/backups')).body;
      assert.deepEqual([plan.on, plan.weekly, plan.daily], [true, 8, 7]);
      assert.equal((await server.request('PATCH', '/api/v1/backups/plan', { on: false, weekly: 5 })).status, 204);
    },
  },
  'backups: an archive of everything is made by the button and can be fetched': {
    async run({ page, server }) {
      await page.goto('/settings/backups');
      await page.locator('.backup-archive:not(.bring)').getByRole('button', { name: '制作归档' }).click();
      const link = page.locator('.backup-archive:not(.bring)').getByRole('link', { name: /guanxi-.*\.zip/ });
      await link.waitFor(PATIENCE);
      const file = await fetch(`http://127.0.0.1:${server.port}${await link.getAttribute('href')}`, { headers: { Authorization: `Bearer ${server.key}` } });
      assert.equal(file.status, 200);
      assert.equal(Buffer.from(await file.arrayBuffer()).subarray(0, 2).toString(), 'PK');
    },
  },
  'backups: an archive comes in after it was counted, and is taken back': {
    async run({ page, server }) {
      const { id } = (await server.request('POST', '/api/v1/accounts', { name: 'Archive round' })).body;
      await page.goto('/settings/backups');
      const make = page.locator('.backup-archive:not(.bring)'), bring = page.locator('.backup-archive.bring');
      await make.getByRole('button', { name: '制作归档' }).click();
      const link = make.getByRole('link', { name: /guanxi-.*\.zip/ });
      await link.waitFor(PATIENCE);
      const answer = await fetch(`http://127.0.0.1:${server.port}${await link.getAttribute('href')}`, { headers: { Authorization: `Bearer ${server.key}` } });
      const zip = Buffer.from(await answer.arrayBuffer());
      assert.equal((await server.request('DELETE', `/api/v1/accounts/${id}`)).status, 204);
      const choose = (buffer) => bring.locator('input[type=file]').setInputFiles({ name: 'all.zip', mimeType: 'application/zip', buffer });
      await choose(zip.subarray(0, 1000));
      await page.locator('.toast', { hasText: '归档已损坏' }).waitFor(PATIENCE);
      await choose(zip);
      await bring.locator('.bring-seen', { hasText: /将导入：新增1 · 相同[\d,]+/ }).waitFor(PATIENCE);
      assert.equal((await server.request('GET', `/api/v1/accounts/${id}`)).status, 410);
      await page.shot('backups-bring-1440');
      await bring.getByRole('button', { name: /^导\s?入$/ }).click();
      await bring.locator('.bring-seen', { hasText: '已导入：新增1' }).waitFor(PATIENCE);
      assert.equal((await server.request('GET', `/api/v1/accounts/${id}`)).body.name, 'Archive round');
      await bring.getByRole('button', { name: '撤销导入' }).click();
      await page.locator('.toast', { hasText: '已撤销导入' }).waitFor(PATIENCE);
      assert.equal((await server.request('GET', `/api/v1/accounts/${id}`)).status, 410);
    },
  },
  'backups: records of one object are counted, brought back and taken back': {
    async run({ page, server }) {
      const { id } = (await server.request('POST', '/api/v1/accounts', { name: 'Object round' })).body;
      await page.goto('/settings/backups');
      const before = await page.locator('.srow.backups').count();
      await page.locator('.top .acts').getByRole('button', { name: '立即备份' }).click();
      await page.locator('.srow.backups').nth(before).waitFor(PATIENCE);
      assert.equal((await server.request('DELETE', `/api/v1/accounts/${id}`)).status, 204);
      const line = page.locator('.backup-archive.object');
      await line.getByRole('combobox', { name: '对象' }).click();
      await page.keyboard.type('客户');
      await page.locator('.ant-select-item-option[title="客户"]').click();
      await line.getByRole('button', { name: /^清\s?点$/ }).click();
      await line.locator('.bring-seen', { hasText: /将恢复：缺少1 · 有改动保留0 · 相同[\d,]+/ }).waitFor(PATIENCE);
      await line.locator('li', { hasText: 'Object round: 现已缺少' }).waitFor();
      assert.equal((await server.request('GET', `/api/v1/accounts/${id}`)).status, 410);
      await page.shot('backups-object-1440');
      await line.getByRole('button', { name: /^恢\s?复$/ }).click();
      await line.locator('.bring-seen', { hasText: '已恢复：缺少1' }).waitFor(PATIENCE);
      assert.equal((await server.request('GET', `/api/v1/accounts/${id}`)).body.name, 'Object round');
      await line.getByRole('button', { name: '撤销恢复' }).click();
      await page.locator('.toast', { hasText: '已撤销' }).waitFor(PATIENCE);
      assert.equal((await server.request('GET', `/api/v1/accounts/${id}`)).status, 410);
    },
  },
  'backups: the page in eight looks': {
    async run({ world }) {
      await eachLook(world, 'backups', async (page, look) => {
        await page.goto('/settings/backups');
        await page.locator('.backup-plan').waitFor();
        await looksRight(page, lookName('backups', look));
      });
    },
  },
};
