// SPDX-License-Identifier: Apache-2.0
// Entries of a timeline are kept on top: by the button at the entry, for everybody, until taken off; undone; who does not change the record sees them without buttons.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { unique } from './access-lib.mjs';

const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};

async function scene(server) {
  const account = await make(server, 'accounts', { name: unique('置顶公司') });
  const about = { object: 'account', id: account.id };
  const followup = await make(server, 'followups', { about, method: 'phone', content: '老板只在周三下午有空' });
  await make(server, 'comments', { about, body: '<p>报价前先问财务</p>' });
  return { account, followup };
}

export const tests = {
  'pins: follow-up and comment are put on top and taken off, with undo, what was on top is told': {
    async run({ page, server }) {
      const { account, followup } = await scene(server);
      await page.goto(`/accounts/${account.id}?tab=activity`);
      const pinned = page.locator('.pins .pinned');
      const entry = (text) => page.locator('.tl > div:not(.pins) > .ev', { hasText: text });
      for (const text of ['老板只在周三下午有空', '报价前先问财务']) {
        await entry(text).hover();
        await entry(text).getByRole('button', { name: '置顶' }).click();
        await pinned.filter({ hasText: text }).waitFor();
      }
      assert.match(await pinned.first().innerText(), /报价前先问财务[\s\S]*置顶于/);
      await page.mouse.move(0, 0);
      await page.shot('pins');
      await clean(page, 'pinned entries', { include: '.tl' });
      const other = await server.request('DELETE', `/api/v1/accounts/${account.id}/pins/followup/${followup.id}`);
      assert.equal(other.status, 204);
      await pinned.filter({ hasText: '周三' }).waitFor({ state: 'detached' }); // told by the stream
      await pinned.getByRole('button', { name: '取消置顶' }).click();
      await page.locator('.pins').waitFor({ state: 'detached' });
      await page.locator('.toast').getByRole('button', { name: '撤销' }).click();
      await pinned.filter({ hasText: '财务' }).waitFor();
      await page.getByRole('button', { name: '以前置顶的' }).click();
      const past = page.locator('.pins-past');
      await past.getByText('周三下午').first().waitFor();
      assert.match(await past.innerText(), /取消于/);
    },
  },

  'pins: on the phone, dark, in English': {
    options: { phone: true, language: 'en', dark: true },
    async run({ page, server }) {
      const { account, followup } = await scene(server);
      assert.equal((await server.request('PUT', `/api/v1/accounts/${account.id}/pins/followup/${followup.id}`, {})).status, 204);
      await page.goto(`/accounts/${account.id}?tab=activity`);
      await page.locator('.pins .pinned').getByRole('button', { name: 'Take off the top' }).waitFor();
      await page.shot('pins');
      await clean(page, 'pinned entries', { include: '.tl' });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    },
  },
};
