// SPDX-License-Identifier: Apache-2.0
// Following from a list: one row by its action, several by the bar, undone; and back.
import assert from 'node:assert/strict';
import { rowsOf } from './browser.mjs';
import { unique } from './access-lib.mjs';

export const tests = {
  'follow: from the row and from the bar of a list, undone and ended': {
    async run({ page, server }) {
      const key = unique('关注');
      const ids = [];
      for (const n of [1, 2, 3]) {
        const made = await server.request('POST', '/api/v1/accounts', { name: `${key}-${n}` });
        assert.equal(made.status, 201, made.text);
        ids.push(made.body.id);
      }
      const followed = async () => (await server.request('GET', '/api/v1/me/marks')).body.follow.map((m) => m.id).filter((id) => ids.includes(id)).sort();
      const until = async (wanted) => { while (JSON.stringify(await followed()) !== JSON.stringify([...wanted].sort())) await page.waitForTimeout(50); };
      await page.goto(`/accounts?view=all&filter=${encodeURIComponent(`name starts "${key}"`)}&sort=name`);
      await page.waitForFunction(() => document.querySelectorAll('.gxt [role=row].tr').length === 3);
      const row = (n) => rowsOf(page).nth(n);
      await row(0).hover();
      await row(0).getByRole('button', { name: /^关注/ }).click();
      await until([ids[0]]);
      for (const n of [0, 1, 2]) await row(n).getByRole('checkbox').check();
      await page.locator('.bulk').getByRole('button', { name: '关注', exact: true }).click();
      await until(ids);
      await page.locator('.toast', { hasText: '已关注2条' }).getByRole('button', { name: '撤销' }).click();
      await until([ids[0]]);
      await row(1).getByRole('checkbox').uncheck();
      await row(2).getByRole('checkbox').uncheck();
      await page.locator('.bulk').getByRole('button', { name: '取消关注', exact: true }).click();
      await until([]);
    },
  },
};
