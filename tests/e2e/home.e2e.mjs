// SPDX-License-Identifier: Apache-2.0
// The home page: what is due and can be ticked off, figures that open the list they count, the week, the first day, all looks.
import assert from 'node:assert/strict';
import { PASSWORD } from '../lib/server.mjs';
import { clean } from './axe.mjs';
import { countLoad, rowsOf } from './browser.mjs';

const HOUR = 3_600_000;
const at = (hours) => new Date(Date.now() + hours * HOUR).toISOString();
// The day of the page (Asia/Shanghai), whatever the hour: noon so many days from today; soon, but before midnight.
const shanghai = (ms) => new Date(ms + 8 * HOUR).toISOString().slice(0, 10);
const noon = (days) => `${shanghai(Date.now() + days * 24 * HOUR)}T12:00:00+08:00`;
const soon = (hours) => new Date(Math.min(Date.now() + hours * HOUR, Date.parse(`${shanghai(Date.now())}T23:58:00+08:00`))).toISOString();

const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};

async function day(server) {
  const account = await make(server, 'accounts', { name: '苏州恒锐精密机械有限公司', level: 'key' });
  const about = { object: 'account', id: account.id };
  await make(server, 'tasks', { subject: '回访五轴加工单元报价反馈', kind: 'call', about, due_at: noon(-2) });
  await make(server, 'tasks', { subject: '补充折扣说明', kind: 'other', about, due_at: at(-0.2) });
  await make(server, 'visits', { purpose: 'negotiate', account: account.id, planned_at: soon(0.1) });
  await make(server, 'meetings', { subject: '机械臂线上演示', about, starts_at: soon(0.2), ends_at: at(1) });
  return account;
}

async function signInAs(page, server, roles) {
  const login = `home${Date.now()}`;
  const user = await make(server, 'users', { name: '林新', login, status: 'active', roles: roles.map((code) => ({ match: { code } })) });
  assert.ok((await server.request('POST', `/api/v1/users/${user.id}/password`, { password: PASSWORD })).status < 300);
  const answer = await page.context().request.post('/api/v1/session', { data: { login, password: PASSWORD } });
  assert.equal(answer.status(), 201, await answer.text());
  return user;
}

const figure = (page, words) => page.locator('.kpis a', { hasText: words });

export const tests = {
  'home: at most 10 requests and 400 KB before the cards are there': {
    async run({ page }) {
      const load = await countLoad(page, '/', /\/api\/v1\/me\/home/, figure(page, '进行中商机'));
      console.log(`     ${load.requests} requests, ${(load.bytes / 1024).toFixed(0)} KB, cards after ${load.ms} ms`);
      assert.ok(load.requests <= 10, `${load.requests} requests: ${load.urls.join(' ')}`);
      assert.ok(load.bytes <= 400 * 1024, `${load.bytes} bytes`);
    },
  },

  'home: one lands here; a figure opens the list it counts': {
    async run({ page }) {
      await page.goto('/');
      await figure(page, '进行中商机').waitFor();
      assert.equal(new URL(page.url()).pathname, '/');
      const told = Number((await figure(page, '进行中商机').locator('.fig').innerText()).replace(/\D/g, ''));
      assert.ok(told > 0, 'the demo has open deals');
      await figure(page, '进行中商机').click();
      await rowsOf(page).first().waitFor();
      await page.locator('.status', { hasText: String(told) }).waitFor();
      await page.goBack();
      const stage = page.locator('.pipe').first();
      const count = Number(await stage.locator('.num').first().innerText());
      await stage.click();
      await rowsOf(page).first().waitFor();
      await page.locator('.status', { hasText: String(count) }).waitFor();
    },
  },

  'home: a to-do is ticked off, comes back by undo, is put off; the page follows what others do': {
    async run({ page, server }) {
      await day(server);
      await page.goto('/');
      const row = page.locator('.todo', { hasText: '回访五轴加工单元报价反馈' }).first();
      await row.locator('.late', { hasText: '逾期2天' }).waitFor();
      await page.locator('.agenda', { hasText: '机械臂线上演示' }).first().waitFor();
      await page.shot('home-day');
      await row.locator('.tick').click();
      await row.waitFor({ state: 'detached' });
      await page.locator('.toast', { hasText: '已完成' }).waitFor();
      await page.keyboard.press('Control+z');
      await row.waitFor();
      await row.hover();
      await row.getByRole('button', { name: '推迟到明天' }).click();
      await row.waitFor({ state: 'detached' });
      await make(server, 'tasks', { subject: '别处新建的待办', due_at: at(-1) });
      await page.locator('.todo', { hasText: '别处新建的待办' }).waitFor();
      await page.locator('.todo', { hasText: '补充折扣说明' }).first().hover();
      await page.locator('.todo', { hasText: '补充折扣说明' }).first().getByRole('button', { name: '写跟进' }).click();
      await page.waitForURL('**/accounts/*?follow=1');
    },
  },

  'home: the first day says how to fill the page, and asks for little': {
    options: { signedIn: false },
    async run({ page, server }) {
      await signInAs(page, server, ['seller']);
      let requests = 0;
      page.on('request', (r) => { if (!/^(data|blob):|\/api\/v1\/events/.test(r.url())) requests++; });
      await page.goto('/');
      await page.getByRole('button', { name: '新建客户' }).waitFor();
      assert.equal(await page.getByRole('button', { name: '导入客户' }).count(), 0, 'he may not import');
      await page.locator('.mid', { hasText: '今天的事都做完了' }).waitFor();
      assert.ok(requests <= 10, `${requests} requests`);
      assert.equal(await page.locator('.home .scope').count(), 0, 'a seller sees his own only');
      await page.shot('home-first-day');
      await page.getByRole('button', { name: '新建客户' }).click();
      await page.waitForURL('**/accounts?new=1');
    },
  },
  ...Object.fromEntries([false, true].flatMap((phone) => [false, true].flatMap((dark) => ['zh-CN', 'en'].map((language) => ({ phone, dark, language })))).map((options) => {
    const suffix = `${options.phone ? '390' : '1440'}-${options.dark ? 'dark' : 'light'}-${options.language}`;
    return [`home: looks ${suffix}`, { options, async run({ page, server }) {
      if (suffix === '1440-light-zh-CN') await day(server);
      await page.goto('/');
      await page.locator('.kpis').waitFor();
      await page.waitForTimeout(300);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${wide} px over the edge`);
      const raw = await page.evaluate(() => /\b(home|action|state|date|count|nav)\.[a-z_]+\b/.exec(document.body.innerText)?.[0]);
      assert.equal(raw, undefined, 'a message without text');
      await clean(page, `home ${suffix}`);
      await page.shot(`home-${suffix}`);
    } }];
  })),
};
