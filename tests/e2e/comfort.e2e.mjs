// SPDX-License-Identifier: Apache-2.0
// Everyday comfort: what is carried elsewhere is copied by one click; a person is added on WeChat in steps, and ticking the task asks what came of it.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { button, drawer, gone, pick, read, record, toast } from './setup.mjs';

const make = (server, plural, body) => record(server, { plural }, body);
const pasted = (page) => page.evaluate(() => navigator.clipboard.readText());
async function stored(server, path, name, wanted) {
  let got;
  for (let i = 0; i < 100; i++) {
    got = (await read(server, path))[name];
    if (got === wanted) return;
    await new Promise((r) => setTimeout(r, 50));
  }
  assert.equal(got, wanted);
}

async function copies(page, buttonOf, wanted) {
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await buttonOf.click();
  await toast(page, '已复制');
  assert.equal(await pasted(page), wanted);
}

export const tests = {
  'comfort: phone, mail, name and 微信号 are copied by one click, on the record and in the list': {
    async run({ page, server }) {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      const one = await make(server, 'contacts', { name: '复制用的王芳', mobile: '13805127746', email: 'wangfang@example.com', wechat_id: 'wangfang_88' });
      await page.goto(`/contacts/${one.id}`);
      const value = (label) => page.locator('.fields .fl', { has: page.locator(`.k:text-is("${label}")`) });
      for (const [label, wanted] of [['手机', one.mobile], ['邮箱', one.email], ['微信号', one.wechat_id]]) {
        await value(label).hover();
        await copies(page, value(label).getByRole('button', { name: `复制 ${label}` }), wanted);
      }
      await copies(page, page.locator('.rechead').getByRole('button', { name: `复制 ${one.name}` }), one.name);
      await page.shot('copy-record');
      await page.goto(`/contacts?q=${encodeURIComponent('复制用的')}`);
      const row = page.locator('[role=row]', { hasText: '复制用的王芳' });
      await row.hover();
      await copies(page, row.getByRole('button', { name: '复制 手机' }), one.mobile);
      await copies(page, row.getByRole('button', { name: '复制 姓名' }), one.name);
      await row.getByRole('button', { name: '复制 手机' }).hover();
      await page.shot('copy-list');
    },
  },

  'comfort: without https the browser offers no clipboard, and it is copied all the same': {
    async run({ page, server }) {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.addInitScript(() => { const real = navigator.clipboard; window.realClipboard = real; Object.defineProperty(navigator, 'clipboard', { get: () => undefined }); });
      const one = await make(server, 'contacts', { name: '没有加密的李', mobile: '13900001111' });
      await page.goto(`/contacts/${one.id}`);
      const line = page.locator('.fields .fl', { has: page.locator('.k:text-is("手机")') });
      await line.hover();
      await line.getByRole('button', { name: '复制 手机' }).click();
      await toast(page, '已复制');
      assert.equal(await page.evaluate(() => window.realClipboard.readText()), one.mobile);
    },
  },

  'comfort: somebody is added on WeChat; ticking the to-do asks what came of it': {
    async run({ page, server }) {
      const account = await make(server, 'accounts', { name: '加微信的客户' });
      const one = await make(server, 'contacts', { name: '加微信的赵敏', account: account.id });
      await page.goto(`/contacts/${one.id}`);
      await button(page.locator('.rechead'), '加微信').click();
      await drawer(page).locator('#field-wechat_id').fill('zhaomin_01');
      await clean(page, 'add on WeChat');
      await page.shot('wechat-add');
      await drawer(page).locator('.ant-btn-primary').click();
      await gone(page);
      await button(page.locator('.rechead'), '加微信结果').waitFor();
      await page.goto('/todo');
      const todo = page.locator('.todo', { hasText: '加微信的赵敏' });
      await todo.locator('.tick').click();
      await pick(page, drawer(page).locator('#field-outcome'), '已通过');
      await drawer(page).locator('#field-note').fill('备注采购部');
      await page.shot('wechat-result');
      await drawer(page).locator('.ant-btn-primary').click();
      await todo.waitFor({ state: 'detached' });
      await stored(server, `/api/v1/contacts/${one.id}`, 'wechat_status', 'added');
      await page.goto(`/contacts/${one.id}`);
      await page.locator('.rechead').getByRole('button', { name: /更多/ }).waitFor();
      await page.locator('.rechead').getByRole('button', { name: '对方已删除微信' }).waitFor();
      await page.goto(`/accounts/${account.id}`);
      await page.locator('.ev', { hasText: '微信已通过' }).first().waitFor();
    },
  },
};
