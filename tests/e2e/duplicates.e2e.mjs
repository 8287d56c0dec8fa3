// SPDX-License-Identifier: Apache-2.0
// While a record is typed the form says what looks like it, and takes that back when it is no longer so.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { unique } from './access-lib.mjs';

export const tests = {
  'duplicates: the form of a new customer shows one that is there, and leaves off when the name is another': {
    async run({ page, server }) {
      const email = `${unique('strip')}@example.com`;
      const made = await server.request('POST', '/api/v1/accounts', { name: '翠屿旷岚信息技术有限公司', email });
      assert.equal(made.status, 201, made.text);
      await page.goto('/accounts');
      await page.getByRole('button', { name: '新建客户' }).first().click();
      const name = page.locator('.ant-drawer').getByLabel('客户名称').first();
      await name.fill('成都翠屿旷岚信息技术（集团）公司');
      const strip = page.locator('.duplicate-strip');
      await strip.getByRole('link', { name: made.body.name }).waitFor();
      assert.match(await strip.innerText(), /相似\d+%/);
      await page.shot('duplicate-strip');
      await clean(page, 'duplicate strip', { include: '.duplicate-strip' });
      await name.fill('别处的一家店');
      await strip.waitFor({ state: 'detached' });
    },
  },
};
