// SPDX-License-Identifier: Apache-2.0
// Two people have one record open: each sees the other's face at its head, a pencil while he edits, and nobody after he left.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { makeColleague, pageOf, unique } from './access-lib.mjs';

export const tests = {
  'presence: a colleague comes, edits and goes': {
    async run({ world, page, server }) {
      const name = unique('周洁');
      const made = await server.request('POST', '/api/v1/accounts', { name: unique('同看公司') });
      assert.equal(made.status, 201, made.text);
      const person = await makeColleague(server, ['administrator'], { name });
      const path = `/accounts/${made.body.id}`;
      const there = await pageOf(world, person);
      try {
        for (const one of [page, there]) { await one.goto(path); await one.locator('.rechead h2').waitFor(); }
        const face = page.locator('.here .here-one');
        await face.waitFor();
        await there.locator('.here .here-one').waitFor();
        await there.locator('.rechead').getByRole('button', { name: '编辑' }).click();
        await page.locator('.here .edits').waitFor();
        await page.locator('.here [role=img]').hover();
        await page.locator('.ant-tooltip', { hasText: `${name}正在修改` }).waitFor();
        await page.shot('presence');
        await clean(page, 'who is here', { include: '.rechead' });
        await there.locator('.ant-drawer').getByRole('button', { name: '取消' }).click();
        await page.locator('.here .edits').waitFor({ state: 'detached' });
        await there.goto('/');
        await face.waitFor({ state: 'detached' });
        assert.deepEqual(there.faults, []);
      } finally {
        await there.context().close();
      }
    },
  },
};
