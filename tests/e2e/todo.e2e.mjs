// SPDX-License-Identifier: Apache-2.0
// The page of to-dos: groups by day, one line in haste, tick and put off with the way back, mentions, all looks.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { read } from './setup.mjs';

const HOUR = 3_600_000;
const shanghai = (ms) => new Date(ms + 8 * HOUR).toISOString().slice(0, 10);
const day = (n) => shanghai(Date.now() + n * 24 * HOUR);
const noon = (n) => `${day(n)}T12:00:00+08:00`;
const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};
const group = (page, name) => page.locator('.todo-group', { has: page.locator('h3', { hasText: name }) });
const stored = async (server, path, name, wanted) => { let got; for (let i = 0; i < 50; i++) { got = (await read(server, path))[name]; if (wanted(got)) return; await new Promise((r) => setTimeout(r, 100)); } assert.fail(`${name} is ${got}`); };

export const tests = {
  'todo: one list by when; a line in haste, a tick and a delay, each with the way back': {
    async run({ page, server }) {
      const account = await make(server, 'accounts', { name: '待办用的客户', next_followup_at: noon(1) });
      const task = await make(server, 'tasks', { subject: '逾期的报价', kind: 'other', about: { object: 'account', id: (await make(server, 'accounts', { name: '另一家' })).id }, due_at: noon(-2) });
      const path = `/api/v1/tasks/${task.id}`;
      await page.goto('/');
      await page.locator('.side a[href="/todo"] .side-n').waitFor();
      await page.locator('.side a[href="/todo"]').click();
      const late = group(page, '已逾期').locator('.todo', { hasText: '逾期的报价' });
      await late.locator('.late', { hasText: '逾期2天' }).waitFor();
      await group(page, '明天').locator('.todo', { hasText: '待办用的客户' }).waitFor();
      await page.getByLabel('新的待办').fill('明天 9点 给王总回电');
      await page.locator('.todo-add .chip', { hasText: '明天 09:00' }).waitFor();
      await page.keyboard.press('Enter');
      await group(page, '明天').locator('.todo', { hasText: '给王总回电' }).waitFor();
      await clean(page, 'todo');
      await page.shot('todo');
      await late.locator('.tick').click();
      await late.waitFor({ state: 'detached' });
      await stored(server, path, 'status', (s) => s === 'done');
      await page.keyboard.press('Control+z');
      await late.waitFor();
      await late.hover();
      await late.getByRole('button', { name: /^推迟/ }).click();
      await page.getByRole('menuitem', { name: /下周一/ }).click();
      await late.waitFor({ state: 'detached' });
      await stored(server, path, 'due_at', (at) => new Date(Date.parse(at) + 8 * HOUR).getUTCDay() === 1 && Date.parse(at) > Date.now());
      const due = group(page, '明天').locator('.todo', { hasText: '待办用的客户' });
      await due.hover();
      await due.getByRole('button', { name: /^推迟/ }).click();
      await page.getByRole('menuitem', { name: '选择日期' }).click();
      await page.locator('#todo-day').fill(day(20));
      await page.keyboard.press('Enter');
      await page.locator('.ant-modal').getByRole('button', { name: /推\s*迟/ }).click();
      await stored(server, `/api/v1/accounts/${account.id}`, 'next_followup_at', (at) => Date.parse(at) === Date.parse(noon(20)));
      await group(page, '以后').locator('.todo', { hasText: '待办用的客户' }).waitFor();
    },
  },
  ...Object.fromEntries([false, true].flatMap((phone) => [false, true].flatMap((dark) => ['zh-CN', 'en'].map((language) => ({ phone, dark, language })))).map((options) => {
    const suffix = `${options.phone ? '390' : '1440'}-${options.dark ? 'dark' : 'light'}-${options.language}`;
    return [`todo: looks ${suffix}`, { options, async run({ page }) {
      await page.goto('/todo');
      await page.locator('.todo-group, .todo-body .mid').first().waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${wide} px over the edge`);
      const raw = await page.evaluate(() => /\b(todo|home|action|state|date|messages)\.[a-z_]+\b/.exec(document.body.innerText)?.[0]);
      assert.equal(raw, undefined, 'a message without text');
      await clean(page, `todo ${suffix}`);
      await page.shot(`todo-${suffix}`);
    } }];
  })),
};
