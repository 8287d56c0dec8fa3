// SPDX-License-Identifier: Apache-2.0
// The message centre: the bell counts at once, the panel tells and opens, all read, what one follows, settings; phone and dark.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { sqlOn } from '../api/lib.mjs';
import { makeColleague, pageOf, unique } from './access-lib.mjs';
import { pick } from './setup.mjs';

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
        await pick(page, page.locator('.ms-settings tr', { hasText: '任务到期' }).locator('.ant-select'), '摘要');
        assert.equal((await put).status(), 204);
        await page.getByText(/^下一份：/).waitFor();
        assert.equal(await page.getByRole('switch', { name: '任务到期 · 桌面通知' }).isDisabled(), true);
        const times = page.waitForResponse((r) => r.request().method() === 'PUT' && r.url().endsWith('/me/messages/settings'));
        await page.getByLabel('摘要时间').fill('17:30');
        assert.equal((await times).status(), 204);
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

  'messages: a digest tells together what waited, and opens where it stands': {
    async run({ server, world }) {
      const person = await makeColleague(server, ['seller']);
      const page = await pageOf(world, person);
      try {
        await page.goto('/accounts');
        await page.getByRole('button', { name: '消息', exact: true }).click();
        await page.getByRole('tab', { name: '设置', exact: true }).click();
        const put = page.waitForResponse((r) => r.request().method() === 'PUT' && r.url().endsWith('/me/messages/settings'));
        await pick(page, page.locator('.ms-settings tr', { hasText: '记录交给我' }).locator('.ant-select'), '摘要');
        assert.equal((await put).status(), 204);
        const name = unique('摘要里');
        const account = await make(server, 'accounts', { name, owner: person.id });
        const own = await make(server, 'tasks', { subject: unique('催'), owner: person.id });
        await until(async () => { // each write has the clock looked at; a digest that was due before anything waited is put off to the next day
          sqlOn(server, `UPDATE gx_digest SET next_at = 1 WHERE user_id = ${BigInt(person.id)}`);
          await make(server, 'comments', { about: { object: 'task', id: own.id }, body: '<p>催</p>' });
          return (await (await page.request.get('/api/v1/me/messages?kind=digest')).json()).items.length > 0;
        });
        await page.getByRole('tab', { name: '未读', exact: true }).click();
        const digest = row(page, '摘要：');
        await digest.getByText('记录交给我').waitFor();
        await digest.getByRole('button', { name: '展开' }).click();
        await page.locator('.ms-inside .ms-row', { hasText: name }).waitFor();
        await clean(page, 'digest', { include: '.ms-panel' });
        await page.shot('messages-digest');
        await page.locator('.ms-inside').getByRole('link', { name }).click();
        await page.waitForURL(`**/accounts/${account.id}`);
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
