// SPDX-License-Identifier: Apache-2.0
// Settings: the log with differences and taking back; the configuration as a file, compared and applied; every page under axe.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Buffer } from 'node:buffer';
import { clean } from './axe.mjs';
import { both, button, declare, fieldOf, read, toast } from './setup.mjs';

const PAGES = ['objects', 'objects/account', 'objects/account/layouts', 'objects/account/rules', 'objects/account/indexes', 'objects/account/about', 'lists', 'lists/account_level', 'changes', 'bin', 'files'];

async function looks({ page }, suffix) {
  for (const path of PAGES) {
    await page.goto(`/settings/${path}`);
    await page.locator('.sheet .pane, .sheet .mid, .ant-drawer').first().waitFor();
    await page.waitForTimeout(400);
    await page.shot(`setup-${path.replaceAll('/', '-')}-${suffix}`);
    await clean(page, `${path} ${suffix}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.ok(!wide, `${path} is wider than the window`);
  }
  await page.goto('/settings/objects/account');
  await page.locator('button.frow', { has: page.locator('code:text-is("level")') }).click();
  await page.locator('.ant-drawer .field-actions').waitFor();
  await page.locator('.ant-drawer .ant-collapse-header').click();
  await page.waitForTimeout(400);
  await page.shot(`setup-field-${suffix}`);
  await clean(page, `field drawer ${suffix}`);
}

export const tests = {
  'setup changes: who changed what, side by side, taken back by a click': {
    async run({ page, server }) {
      const o = await declare(server, [{ name: 'size', type: 'text', label: both('尺寸', 'Size') }]);
      assert.equal((await server.request('PATCH', `${o.path}/fields/size`, { required: true, personal: 'sensitive' })).status, 200);
      await page.goto('/settings/changes');
      const first = page.locator('.change').first();
      await first.getByText(`${o.object}.size`).waitFor();
      await first.locator('.change-head').click();
      await first.locator('.diff tr', { hasText: 'personal' }).locator('ins', { hasText: 'sensitive' }).waitFor();
      await page.shot('setup-change');
      await first.locator('.act button').click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: '撤销' }).click();
      await toast(page, '已撤销');
      assert.notEqual((await fieldOf(server, o, 'size')).required, true);
      await page.locator('.change').nth(1).getByText('已撤销').waitFor();
    },
  },
  'setup changes: the configuration is taken away as a file, compared, applied, undone': {
    async run({ page, server }) {
      const o = await declare(server, [{ name: 'size', type: 'text', label: both('尺寸', 'Size') }]);
      await page.goto('/settings/files');
      const [download] = await Promise.all([page.waitForEvent('download'), button(page, '下载').click()]);
      const content = JSON.parse(readFileSync(await download.path(), 'utf8'));
      const file = content.files[`objects/${o.object}.object.json`];
      assert.equal(file.fields.find((f) => f.name === 'size').type, 'text');
      const give = (json) => page.locator('input[type=file]').setInputFiles({ name: '配置.json', mimeType: 'application/json', buffer: Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)) });
      await give('{"a":1}');
      await page.getByText('配置.json 不是配置文件').waitFor();
      await give(content);
      await page.locator('b[role=status]', { hasText: '没有差异' }).waitFor();
      file.fields.find((f) => f.name === 'size').label = both('大小', 'Extent');
      await give(content);
      await page.locator('b[role=status]', { hasText: '处差异' }).waitFor();
      await page.locator('.diff ins', { hasText: '大小' }).waitFor();
      assert.equal((await fieldOf(server, o, 'size')).label['zh-CN'], '尺寸');
      await page.shot('setup-apply');
      await button(page, '应用').click();
      await page.locator('.ant-popconfirm').getByRole('button', { name: '应用' }).click();
      await toast(page, '已应用配置');
      assert.equal((await fieldOf(server, o, 'size')).label['zh-CN'], '大小');
      await page.locator('.toast button', { hasText: '撤销' }).click();
      await toast(page, '已撤销');
      assert.equal((await read(server, `${o.path}/fields/size`)).label['zh-CN'], '尺寸');
    },
  },
  'setup looks: every page is accessible and fits, 1440, zh-CN, light': { run: (t) => looks(t, '1440-zh') },
  'setup looks: every page is accessible and fits, 1440, English, dark': { options: { language: 'en', dark: true }, run: (t) => looks(t, '1440-en-dark') },
  'setup looks: every page is accessible and fits, 390, zh-CN, dark': { options: { phone: true, dark: true }, run: (t) => looks(t, '390-zh-dark') },
  'setup looks: every page is accessible and fits, 390, English, light': { options: { phone: true, language: 'en' }, run: (t) => looks(t, '390-en') },
};
