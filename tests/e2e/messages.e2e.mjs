// SPDX-License-Identifier: Apache-2.0
// The message centre: the bell counts at once, the panel tells and opens, all read, what one follows, settings; phone and dark.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { makeColleague, pageOf, unique } from './access-lib.mjs';

const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};
/** What is written wakes the clock of messages, which else looks each half minute. */
async function until(done) { for (let i = 0; i < 60; i++) { if (await done()) return; await new Promise((go) => setTimeout(go, 500)); } assert.fail('it was never told'); }
const row = (page, text) => page.locator('.ms-row', { hasText: text });

export const tests = {
  'messages: the bell counts while the page is open; a message opens its record and is read; all are read at once': {
    async run({ server, world }) {
      const person = await makeColleague(server, ['seller']);
      const page = await pageOf(world, person);
      try {
        await page.goto('/accounts');
        await page.getByRole('button', { name: '消息', exact: true }).waitFor();
        const first = await make(server, 'accounts', { name: unique('交接甲'), owner: person.id });
        await page.getByRole('button', { name: '消息，1条未读' }).waitFor();
        await make(server, 'comments', { about: { object: 'account', id: first.id }, body: '<p>请尽快联系</p>', mentions: [person.id] });
        await page.getByRole('button', { name: '消息，2条未读' }).click();
        await row(page, '请尽快联系').waitFor();
        await page.shot('messages-panel');
        await clean(page, 'message panel', { include: '.ms-panel' });
        await row(page, '请尽快联系').getByRole('link').click();
        await page.waitForURL(`**/accounts/${first.id}`);
        await page.getByRole('button', { name: '消息，1条未读' }).click();
        await page.getByRole('button', { name: '全部标为已读' }).click();
        await page.getByText('都看过了').waitFor();
        await page.getByRole('tab', { name: '全部', exact: true }).click();
        await row(page, first.name).nth(1).waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: '关注：有变化时告诉我' }).click();
        await page.getByRole('button', { name: '取消关注' }).waitFor();
        await page.getByRole('button', { name: '消息', exact: true }).click();
        await page.getByRole('tab', { name: '我关注的' }).click();
        await row(page, first.name).waitFor();
        await page.getByRole('tab', { name: '设置', exact: true }).click();
        const put = page.waitForResponse((r) => r.request().method() === 'PUT' && r.url().endsWith('/me/messages/settings'));
        await page.getByRole('switch', { name: '任务到期 · 消息中心' }).click();
        assert.equal((await put).status(), 204);
        await page.shot('messages-settings');
        await clean(page, 'message settings', { include: '.ms-panel' });
        assert.deepEqual(page.faults, []);
      } finally {
        await page.context().close();
      }
    },
  },

  'messages: what is a to-do leads to the to-dos and shows it there': {
    async run({ server, world }) {
      const person = await makeColleague(server, ['seller']);
      const page = await pageOf(world, person);
      try {
        await page.goto('/accounts');
        const subject = unique('回访客户');
        const task = await make(server, 'tasks', { subject, owner: person.id, due_at: new Date(Date.now() + 1500).toISOString() });
        await page.getByRole('button', { name: /^消息，\d+条未读/ }).click();
        await page.getByText('查看全部待办').waitFor();
        const told = row(page, subject).filter({ hasText: '任务到期了' });
        await until(async () => { if (await told.count()) return true; await make(server, 'comments', { about: { object: 'task', id: task.id }, body: '<p>催</p>' }); return false; });
        await told.getByRole('link').click();
        await page.waitForURL(`**/todo?at=task-${task.id}`);
        const there = page.locator(`.todo.here[data-todo="task-${task.id}"]`, { hasText: subject });
        await there.waitFor();
        await page.waitForFunction((id) => document.activeElement?.closest('[data-todo]')?.getAttribute('data-todo') === `task-${id}`, task.id);
        await page.shot('messages-to-todo');
        assert.deepEqual(page.faults, []);
      } finally {
        await page.context().close();
      }
    },
  },

  'messages: on a phone, in English, dark': {
    async run({ server, world }) {
      const person = await makeColleague(server, ['seller']);
      const account = await make(server, 'accounts', { name: unique('Northwind'), owner: person.id });
      const page = await pageOf(world, person, { phone: true, language: 'en', dark: true });
      try {
        await page.goto('/accounts');
        await page.getByRole('button', { name: 'Messages, 1 unread' }).click();
        await row(page, account.name).waitFor();
        await page.shot('messages-390-dark-en');
        await clean(page, 'message panel on a phone', { include: '.ms-panel' });
        await row(page, account.name).getByRole('button', { name: 'Mark as read' }).click();
        await page.getByText('Nothing unread').waitFor();
      } finally {
        await page.context().close();
      }
    },
  },
};
