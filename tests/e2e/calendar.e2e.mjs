// SPDX-License-Identifier: Apache-2.0
// The calendar of activities: views, moving and stretching by mouse and keys with the way back, empty time, whose, all looks.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { button, drawer, gone, read, toast } from './setup.mjs';

const DAY = '2026-09-30'; // a Wednesday; the 1st of October is a holiday
const at = (day, time) => `${day}T${time}:00+08:00`;
const make = async (server, plural, body) => {
  const answer = await server.request('POST', `/api/v1/${plural}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};
const plus = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
async function some(server, day = DAY) {
  const account = await make(server, 'accounts', { name: `日程用的客户${Date.now()}` });
  const about = { object: 'account', id: account.id };
  const meeting = await make(server, 'meetings', { subject: '机械臂方案评审', about, place: '三号会议室', starts_at: at(day, '09:00'), ends_at: at(day, '10:30') });
  await make(server, 'meetings', { subject: '苏州工博会', starts_at: at(plus(day, -2), '09:00'), ends_at: at(plus(day, -1), '17:00') });
  await make(server, 'visits', { purpose: 'negotiate', account: account.id, planned_at: at(day, '10:00'), planned_duration: 'PT2H' });
  const task = await make(server, 'tasks', { subject: '发送报价', about, due_at: at(plus(day, -1), '11:00') });
  await make(server, 'calls', { direction: 'out', account: account.id, started_at: at(plus(day, -2), '11:00') });
  await make(server, 'accounts', { name: '待跟进的客户', next_followup_at: at(plus(day, 1), '15:00') });
  return { account, meeting, task };
}
const column = (page, day) => page.locator(`.column[data-day="${day}"]`);
const event = (page, words) => page.locator('.cev', { hasText: words }).first();
const same = async (server, path, name, wanted) => { for (let i = 0; i < 50; i++) { if (Date.parse((await read(server, path))[name]) === Date.parse(wanted)) return; await new Promise((r) => setTimeout(r, 100)); } assert.equal((await read(server, path))[name], wanted); };

export const tests = {
  'calendar: a week shows every kind; a meeting is carried and stretched by mouse and keys, and back by undo': {
    async run({ page, server }) {
      const { meeting } = await some(server, '2026-09-23');
      const path = `/api/v1/meetings/${meeting.id}`;
      await page.goto('/calendar?day=2026-09-23');
      const one = column(page, '2026-09-23').locator('.cev', { hasText: '机械臂方案评审' });
      await one.waitFor();
      for (const words of ['拜访：', '发送报价', '通话', '跟进 待跟进的客户']) await event(page, words).waitFor();
      await page.locator('.above .cev', { hasText: '苏州工博会' }).nth(1).waitFor();
      await page.locator('.cal-time .heads', { hasText: '休' }).waitFor();
      await clean(page, 'calendar week');
      await page.shot('calendar-week');

      const from = await one.boundingBox();
      const to = await column(page, '2026-09-25').boundingBox();
      await page.mouse.move(from.x + 20, from.y + 12);
      await page.mouse.down();
      await page.mouse.move(to.x + 20, from.y + 12 + 44, { steps: 8 });
      await page.mouse.up();
      await toast(page, '已改到');
      await same(server, path, 'starts_at', at('2026-09-25', '10:00'));
      await same(server, path, 'ends_at', at('2026-09-25', '11:30'));
      assert.equal(new URL(page.url()).pathname, '/calendar', 'the click that ends it opens nothing');
      await page.keyboard.press('Control+z');
      await one.waitFor();
      await same(server, path, 'starts_at', at('2026-09-23', '09:00'));

      await one.focus();
      await page.keyboard.press('Alt+ArrowDown');
      await same(server, path, 'starts_at', at('2026-09-23', '09:15'));
      await page.locator('.toast button').click();
      await same(server, path, 'starts_at', at('2026-09-23', '09:00'));
      await one.locator('em', { hasText: '09:00' }).waitFor();
      await one.focus();
      await page.keyboard.press('Alt+Shift+ArrowDown');
      await same(server, path, 'ends_at', at('2026-09-23', '10:45'));
      const edge = await one.locator('.size').boundingBox();
      await page.mouse.move(edge.x + edge.width / 2, edge.y + 3);
      await page.mouse.down();
      await page.mouse.move(edge.x + edge.width / 2, edge.y + 3 + 33, { steps: 6 });
      await page.mouse.up();
      await same(server, path, 'ends_at', at('2026-09-23', '11:30'));
    },
  },

  'calendar: a click on empty time begins a record of a chosen kind there; the legend hides kinds': {
    async run({ page }) {
      await page.goto('/calendar?day=2026-08-05');
      await column(page, '2026-08-06').click({ position: { x: 40, y: 44 * 14 + 5 } });
      await page.getByRole('menuitem', { name: '新建会议' }).click();
      await drawer(page).getByLabel(/^主题/).fill('空白处新建的会');
      await button(drawer(page), '创建').click();
      await gone(page);
      const made = column(page, '2026-08-06').locator('.cev', { hasText: '空白处新建的会' });
      await made.locator('em', { hasText: '14:00' }).waitFor();
      await page.locator('.cal-legend').getByRole('button', { name: '会议' }).click();
      await made.waitFor({ state: 'detached' });
      await page.locator('.cal-legend').getByRole('button', { name: '会议' }).click();
      await made.click();
      await page.waitForURL('**/meetings/*');
    },
  },

  'calendar: a month, dragged to another day; the team as rows of people; chosen colleagues': {
    async run({ page, server }) {
      const { task } = await some(server);
      await page.goto(`/calendar?view=month&day=${DAY}`);
      const cell = (d) => page.locator(`.cell[data-day="${d}"]`);
      await cell('2026-09-29').locator('.cev', { hasText: '发送报价' }).first().waitFor();
      await cell('2026-09-20').locator('.odd.work').waitFor();
      await clean(page, 'calendar month');
      await page.shot('calendar-month');
      await page.locator(`.cev[data-key="task-${task.id}"]`).dragTo(cell('2026-09-24'), { targetPosition: { x: 20, y: 60 } });
      await same(server, `/api/v1/tasks/${task.id}`, 'due_at', at('2026-09-24', '11:00'));
      await page.locator('.toast button').click();
      await same(server, `/api/v1/tasks/${task.id}`, 'due_at', at('2026-09-29', '11:00'));

      const colleague = (await server.request('GET', '/api/v1/users?filter=' + encodeURIComponent('login != "admin" and status = "active"') + '&limit=1&fields=name')).body.items[0];
      await make(server, 'meetings', { subject: '同事的例会', owner: colleague.id, starts_at: at(DAY, '14:00'), ends_at: at(DAY, '15:00') });
      await page.locator('.cal-bar .ant-segmented-item', { hasText: '团队' }).click();
      await page.locator('.cal-bar .ant-select').first().click();
      await page.locator('.ant-select-item-option', { hasText: '选择同事' }).click();
      await page.locator('#cal-people').fill(colleague.name);
      await page.locator('.ant-select-item-option', { hasText: colleague.name }).first().click();
      const row = page.locator('.cal-team .line', { hasText: colleague.name });
      await row.locator('.cev', { hasText: '同事的例会' }).first().waitFor();
      await page.keyboard.press('Escape');
      await clean(page, 'calendar team');
      await page.shot('calendar-team');
    },
  },
  ...Object.fromEntries([false, true].flatMap((phone) => [false, true].flatMap((dark) => ['zh-CN', 'en'].map((language) => ({ phone, dark, language })))).map((options) => {
    const suffix = `${options.phone ? '390' : '1440'}-${options.dark ? 'dark' : 'light'}-${options.language}`;
    return [`calendar: looks ${suffix}`, { options, async run({ page, server }) {
      if (suffix === '1440-light-zh-CN') await some(server);
      for (const view of options.phone ? ['agenda', 'day'] : ['week', 'day', 'month']) {
        await page.goto(`/calendar?view=${view}&day=${DAY}`);
        await page.locator('.cal-agenda, .cal-time, .cal-month, .calendar .mid').first().waitFor();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wide <= 0, `${wide} px over the edge`);
        const raw = await page.evaluate(() => /\b(cal|action|state|date)\.[a-z_]+\b/.exec(document.body.innerText)?.[0]);
        assert.equal(raw, undefined, 'a message without text');
        if (view !== 'month') await clean(page, `calendar ${view} ${suffix}`);
        await page.shot(`calendar-${view}-${suffix}`);
      }
    } }];
  })),
};
