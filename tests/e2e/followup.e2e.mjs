// SPDX-License-Identifier: Apache-2.0
// The quick follow-up: two taps on every customer, lead and deal; next date makes the task; photo and file; nothing typed is lost.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};
const list = async (server, plural, filter) => (await server.request('GET', `/api/v1/${plural}?filter=${encodeURIComponent(filter)}&sort=-id`)).body.items;
const box = (page) => page.locator('.fu-form');

async function customer(server) {
  const account = await make(server, 'accounts', { name: `恒锐精密${Date.now()}` });
  const contact = await make(server, 'contacts', { name: '李建平', account: account.id });
  const deal = await make(server, 'opportunities', { name: '五轴加工单元', account: account.id });
  return { account, contact, deal };
}

export const tests = {
  'follow-up: a voice is recorded, heard before it is added, kept with the follow-up and played in the timeline; a refused microphone is told': {
    async run({ page, server }) {
      const { account } = await customer(server);
      await page.goto(`/accounts/${account.id}?follow=1`);
      await box(page).locator('textarea').fill('现场录音');
      await box(page).getByRole('button', { name: '录语音' }).click();
      await box(page).getByRole('alert').filter({ hasText: '麦克风没有被允许' }).waitFor();
      await page.context().grantPermissions(['microphone']);
      await box(page).getByRole('button', { name: '重试' }).click();
      await box(page).getByRole('status').filter({ hasText: '正在录音' }).waitFor();
      const level = box(page).getByRole('meter', { name: '音量' });
      await page.waitForFunction((m) => Number(m.getAttribute('aria-valuenow')) > 0, await level.elementHandle()); // the fake device beeps
      await page.waitForFunction((m) => !m.textContent.startsWith('0:00'), await box(page).locator('.fu-voice .num').elementHandle());
      assert.ok(await box(page).getByRole('button', { name: '保存' }).isDisabled(), 'not saved while one records');
      await page.shot('followup-voice');
      await box(page).getByRole('button', { name: '停止' }).click();
      await page.waitForFunction((a) => a.readyState >= 1, await box(page).locator('audio').first().elementHandle());
      await clean(page, 'voice before it is added', { include: '.fu-box' });
      await box(page).getByRole('button', { name: '加到跟进' }).click();
      await box(page).locator('.chip.sound', { hasText: '语音' }).waitFor();
      await box(page).getByRole('button', { name: '保存' }).click();
      const played = page.locator('.happening .chip.sound');
      await played.waitFor();
      await played.getByRole('button', { name: /^播放/ }).click();
      await page.waitForFunction((a) => a.currentTime > 0, await played.locator('audio').elementHandle());
      await clean(page, 'a voice in the timeline', { include: '.happening' });
      const [made] = await list(server, 'followups', `account = "${account.id}"`);
      const [{ name, type, size }] = made.attachments;
      assert.equal(type, 'audio/webm');
      assert.match(name, /^语音 .*\.webm$/);
      assert.ok(size > 1000, `${size} bytes`);
    },
  },

  'follow-up: text and save on a customer, with contact, result, next date; the record, the deal and the task follow': {
    async run({ page, server }) {
      const { account, contact, deal } = await customer(server);
      await page.goto(`/accounts/${account.id}`);
      await page.locator('.fu-closed').waitFor();
      await page.keyboard.press('f');
      await box(page).locator('textarea').fill('李总确认预算已批，\n希望周五前拿到 <更新后> 的报价。');
      await box(page).getByRole('radio', { name: '微信' }).click();
      await box(page).getByRole('combobox', { name: '联系人' }).click();
      await page.locator('.ant-select-item-option', { hasText: '李建平' }).click();
      await box(page).getByRole('combobox', { name: '结果' }).click();
      await page.locator('.ant-select-item-option', { hasText: '有意向' }).click();
      await box(page).getByRole('button', { name: '下次跟进', exact: true }).click();
      await page.getByRole('button', { name: '一周后' }).click();
      await page.getByRole('textbox', { name: '下次做什么' }).fill('送更新后的报价');
      await page.shot('followup-box');
      await clean(page, 'follow-up box', { include: '.fu-box' });
      await page.getByRole('textbox', { name: '下次做什么' }).press('Enter');
      await box(page).getByRole('button', { name: '保存' }).click();
      await page.locator('.toast', { hasText: '任务已排好' }).waitFor();
      await page.locator('.happening .tx', { hasText: '<更新后>' }).waitFor();
      const [made] = await list(server, 'followups', `account = "${account.id}"`);
      assert.deepEqual([made.method, made.result, made.contact.id, made.next_plan], ['wechat', 'interested', contact.id, '送更新后的报价']);
      const [task] = await list(server, 'tasks', `account = "${account.id}"`);
      assert.deepEqual([task.subject, task.due_at, task.status], ['送更新后的报价', made.next_at, 'open']);
      for (const [plural, id] of [['accounts', account.id], ['contacts', contact.id], ['opportunities', deal.id]]) {
        const now = (await server.request('GET', `/api/v1/${plural}/${id}`)).body;
        assert.deepEqual([now.followup_count, now.next_followup_at], [1, made.next_at], plural);
      }
      await page.keyboard.press('f');
      assert.equal(await box(page).getByRole('radio', { name: '微信' }).getAttribute('aria-checked'), 'true', 'the method of last time');
    },
  },

  'follow-up: a failed save and a closed page lose nothing; what is saved twice is one': {
    async run({ page, server }) {
      page.expected.push('Failed to load resource', 'net::ERR');
      const { account } = await customer(server);
      await page.goto(`/accounts/${account.id}?follow=1`);
      await box(page).locator('textarea').fill('断网时写的');
      await page.locator('input[data-kind=photo]').setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer: PNG });
      await page.locator('input[data-kind=file]').setInputFiles({ name: '测算.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
      await box(page).locator('.chip.file', { hasText: '测算.txt' }).waitFor();
      await page.reload();
      assert.equal(await box(page).locator('textarea').inputValue(), '断网时写的');
      await box(page).locator('.chip.file', { hasText: '现场.png' }).waitFor();
      let arrived;
      await page.route('**/api/v1/followups', async (route) => { arrived = await route.fetch(); await route.abort(); }); // saved, but the answer is lost
      await page.keyboard.press('Control+Enter');
      await page.locator('.fu-unsent li', { hasText: '断网时写的' }).waitFor();
      assert.equal(arrived.status(), 201);
      await page.unroute('**/api/v1/followups');
      await page.locator('.fu-unsent').waitFor({ state: 'detached', timeout: 40000 });
      const made = await list(server, 'followups', `account = "${account.id}"`);
      assert.equal(made.length, 1, 'one follow-up, not two');
      assert.deepEqual([made[0].photos.map((f) => f.name), made[0].attachments.map((f) => f.name)], [['现场.png'], ['测算.txt']]);
      await page.reload();
      await page.locator('.fu-closed').waitFor();
    },
  },

  'follow-up: on leads and deals too, and the deal of a customer can be chosen': {
    async run({ page, server }) {
      const { account, deal } = await customer(server);
      const lead = await make(server, 'leads', { name: '王芳', company: '甲公司', source: 'website' });
      for (const path of [`/leads/${lead.id}`, `/opportunities/${deal.id}`]) {
        await page.goto(path);
        await page.locator('.fu-closed').click();
        await box(page).locator('textarea').fill('简单说一句');
        await page.keyboard.press('Control+Enter');
        await page.locator('.happening .tx', { hasText: '简单说一句' }).waitFor();
      }
      assert.equal((await server.request('GET', `/api/v1/leads/${lead.id}`)).body.followup_count, 1);
      await page.goto(`/accounts/${account.id}?follow=1`);
      await box(page).locator('textarea').fill('关于商机');
      await box(page).getByRole('combobox', { name: '商机' }).click();
      await page.locator('.ant-select-item-option', { hasText: '五轴加工单元' }).click();
      await page.keyboard.press('Control+Enter');
      await page.locator('.toast').waitFor();
      assert.equal((await list(server, 'followups', `account = "${account.id}"`))[0].about.id, deal.id);
    },
  },

  'follow-up: who wrote what today, by person, and on another day': {
    async run({ page, server }) {
      const { account } = await customer(server);
      const about = { object: 'account', id: account.id };
      await make(server, 'followups', { about, method: 'visit', result: 'quoted', content: '<p>看了二号车间</p>' });
      await make(server, 'followups', { about, method: 'phone', content: '<p>前年的</p>', occurred_at: '2024-02-03T04:00:00Z' });
      await page.goto('/');
      await page.getByRole('link', { name: '谁写了什么' }).click();
      await page.locator('.fday-person', { hasText: '系统管理员' }).locator('.fday-one', { hasText: account.name }).filter({ hasText: '看了二号车间' }).waitFor();
      assert.equal(await page.locator('.fday-one', { hasText: '前年的' }).count(), 0);
      await clean(page, 'who wrote what');
      await page.shot('followup-day');
      await make(server, 'followups', { about, method: 'phone', content: '<p>刚刚别处写的</p>' });
      await page.locator('.fday-one', { hasText: account.name }).filter({ hasText: '刚刚别处写的' }).waitFor();
      await page.goto('/daily?day=2024-02-03');
      await page.locator('.fday-one', { hasText: account.name }).filter({ hasText: '前年的' }).waitFor();
      await page.goto('/daily?day=1999-01-01');
      await page.locator('.mid', { hasText: '没有跟进' }).waitFor();
    },
  },

  'follow-up: a sheet on the phone, in English and dark': {
    options: { phone: true, language: 'en', dark: true },
    async run({ page, server }) {
      const { account } = await customer(server);
      await page.goto(`/accounts/${account.id}?follow=1`);
      await page.locator('.fu-sheet textarea').fill('Budget is agreed.');
      await page.waitForTimeout(400);
      await page.shot('followup-390-dark-en');
      await clean(page, 'follow-up sheet', { include: '.fu-sheet' });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${wide} px over the edge`);
      await page.locator('.fu-sheet').getByRole('button', { name: 'Save' }).click();
      await page.locator('.toast', { hasText: 'Follow-up saved' }).waitFor();
      assert.equal((await list(server, 'followups', `account = "${account.id}"`)).length, 1);
    },
  },
};
