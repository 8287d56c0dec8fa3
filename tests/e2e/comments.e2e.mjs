// SPDX-License-Identifier: Apache-2.0
// Comments with mentions on a record: chosen by 拼音, told who cannot read it, changed and deleted by the writer; following a record.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { makeColleague, unique } from './access-lib.mjs';

const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};
const box = (page) => page.locator('.cm-box');

export const tests = {
  'comments: a colleague is mentioned by 拼音, who cannot read is named, the writer changes and deletes': {
    async run({ page, server }) {
      const name = unique('赵敏');
      const person = await makeColleague(server, ['seller'], { name });
      const account = await make(server, 'accounts', { name: unique('评论公司') });
      await page.goto(`/accounts/${account.id}`);
      await box(page).getByRole('button', { name: '评论…' }).click();
      const area = box(page).getByRole('textbox', { name: '评论' });
      await area.pressSequentially('请 @zhaom');
      await page.locator('.ant-mentions-dropdown-menu-item', { hasText: name }).first().click();
      await area.pressSequentially('看一下');
      await box(page).locator('.mention-out', { hasText: name }).waitFor();
      await page.shot('comment-box');
      await clean(page, 'comment box', { include: '.writing' });
      await area.press('Control+Enter');
      const entry = page.locator('.cm-entry');
      await entry.locator('.mention', { hasText: `@${name}` }).waitFor();
      const [made] = (await server.request('GET', `/api/v1/accounts/${account.id}/related/comments`)).body.items;
      assert.deepEqual(made.mentions.map((m) => m.id), [person.id]);
      await entry.getByRole('button', { name: '编辑或删除评论' }).click();
      await page.getByRole('menuitem', { name: '编辑' }).click();
      await entry.getByRole('textbox', { name: '评论' }).fill('不用看了');
      await entry.getByRole('button', { name: '保存' }).click();
      await entry.locator('.tx', { hasText: '不用看了' }).waitFor();
      await entry.getByText('已编辑').waitFor();
      const [now] = (await server.request('GET', `/api/v1/accounts/${account.id}/related/comments`)).body.items;
      assert.deepEqual(now.mentions, [], 'a name that is gone from the text mentions nobody');
      await page.shot('comment-entry');
      await clean(page, 'comment in the timeline', { include: '.tl' });
      await entry.getByRole('button', { name: '编辑或删除评论' }).click();
      await page.getByRole('menuitem', { name: '删除' }).click();
      await entry.waitFor({ state: 'detached' });
      await page.locator('.toast').getByRole('button', { name: '撤销' }).click();
      await entry.waitFor();
    },
  },

  'comments: the follow-up box mentions as well; a record is followed from its head': {
    async run({ page, server }) {
      const name = unique('孙丽');
      const person = await makeColleague(server, ['seller'], { name });
      const account = await make(server, 'accounts', { name: unique('关注公司') });
      await page.goto(`/accounts/${account.id}`);
      await page.locator('.fu-closed').waitFor();
      await page.keyboard.press('f');
      const area = page.locator('.fu-form').getByRole('textbox', { name: '跟进内容' });
      await area.pressSequentially('电话谈妥 @sunl');
      await page.locator('.ant-mentions-dropdown-menu-item', { hasText: name }).first().click();
      await area.press('Control+Enter');
      await page.locator('.happening .tx', { hasText: '电话谈妥' }).waitFor();
      const [made] = (await server.request('GET', `/api/v1/accounts/${account.id}/related/followups`)).body.items;
      assert.deepEqual(made.mentions.map((m) => m.id), [person.id]);
      const put = page.waitForResponse((r) => r.url().includes('/me/marks/follow/') && r.status() === 204);
      await page.getByRole('button', { name: '关注：有变化时告诉我' }).click();
      await put;
      assert.equal(await page.getByRole('button', { name: '取消关注' }).getAttribute('aria-pressed'), 'true');
      const marks = (await server.request('GET', '/api/v1/me/marks')).body;
      assert.ok(marks.follow.some((m) => m.id === account.id));
    },
  },

  'comments: on a phone, in English, dark': {
    options: { phone: true, language: 'en', dark: true },
    async run({ page, server }) {
      const lead = await make(server, 'leads', { name: 'Zoe Long', source: 'website' });
      await page.goto(`/leads/${lead.id}?tab=activity`);
      await box(page).getByRole('button', { name: 'Comment…' }).click();
      await box(page).getByRole('textbox', { name: 'Comment' }).fill('Call her before Friday');
      await box(page).getByRole('button', { name: 'Comment', exact: true }).click();
      await page.locator('.cm-entry .tx', { hasText: 'Call her before Friday' }).waitFor();
      await page.shot('comment-390-dark-en');
      await clean(page, 'comments on a phone', { include: '.rec' });
    },
  },
};
