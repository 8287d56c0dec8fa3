// SPDX-License-Identifier: Apache-2.0
// Clean-up in the browser: a condition of one's own is looked at, archived, deleted and taken back; a rule with its age; looks.
import assert from 'node:assert/strict';
import { eachLook, lookName, looksRight } from './access-lib.mjs';

const PATIENCE = { timeout: 60000 };

async function fill(server, mark) {
  const lead = await server.request('POST', '/api/v1/leads', { name: `${mark} 甲`, source: 'website' });
  assert.equal(lead.status, 201, lead.text);
  assert.equal((await server.request('POST', '/api/v1/leads', { name: `${mark} 乙`, source: 'website' })).status, 201);
  assert.equal((await server.request('POST', '/api/v1/notes', { about: { object: 'lead', id: lead.body.id }, body: mark })).status, 201);
}
const left = async (server, mark) => (await server.request('GET', `/api/v1/leads?fields=name&filter=${encodeURIComponent(`name starts "${mark} "`)}`)).body.items.length;

export const tests = {
  'cleanup: looked at, archived, deleted and taken back': {
    async run({ page, server }) {
      const mark = `待清理${Date.now()}`;
      await fill(server, mark);
      await page.goto('/settings/cleanup?object=lead');
      await page.locator('.srow.cleanup', { hasText: '自定义条件' }).getByRole('button', { name: '设置条件' }).click();
      const drawer = page.locator('.cl-drawer');
      await drawer.locator('.ant-segmented-item', { hasText: '表达式' }).click();
      await drawer.locator('textarea').first().fill(`name starts "${mark} "`);
      await drawer.getByRole('button', { name: /预\s?览/ }).click();
      await drawer.getByRole('region', { name: '一并删除' }).getByText('备注').waitFor(PATIENCE);
      assert.equal(await left(server, mark), 2, 'a preview deletes nothing');
      await page.shot('cleanup-preview');
      await drawer.getByRole('button', { name: '归档并删除2条' }).click();
      const link = drawer.getByRole('link', { name: /下载归档/ });
      await link.waitFor(PATIENCE);
      await drawer.getByRole('button', { name: /撤\s?销/ }).waitFor(PATIENCE);
      await page.shot('cleanup-done');
      assert.equal(await left(server, mark), 0);
      const file = await fetch(`http://127.0.0.1:${server.port}${await link.getAttribute('href')}`, { headers: { Authorization: `Bearer ${server.key}` } });
      assert.equal(Buffer.from(await file.arrayBuffer()).subarray(0, 2).toString(), 'PK');
      await drawer.getByRole('button', { name: /撤\s?销/ }).click();
      await drawer.getByText('已撤销').waitFor(PATIENCE);
      assert.equal(await left(server, mark), 2);
      await drawer.getByRole('button', { name: /关\s?闭/ }).last().click();
      await page.locator('.cl-archive').getByRole('link', { name: /^guanxi-cleanup-.*\.zip$/ }).first().waitFor(PATIENCE);
      await page.shot('cleanup-archives');
    },
  },
  'cleanup: rules of an object with their counts and ages, in eight looks': {
    async run({ world }) {
      await eachLook(world, 'cleanup', async (page, look) => {
        await page.goto('/settings/cleanup?object=account');
        const row = page.locator('.srow.cleanup', { hasText: look.language === 'en' ? 'Long untouched' : '长期未动' });
        await row.getByRole('spinbutton').fill('1');
        await row.locator('.num', { hasText: /^[\d,]+\+?$/ }).waitFor(PATIENCE);
        await looksRight(page, lookName('cleanup', look));
        await row.getByRole('button').last().click();
        await page.locator('.cl-drawer .card').first().waitFor(PATIENCE);
        await looksRight(page, lookName('cleanup-drawer', look));
      });
    },
  },
};
