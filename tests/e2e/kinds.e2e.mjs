// SPDX-License-Identifier: Apache-2.0
// A list looked at otherwise: a record beside the list, records on their days, a figure by groups.
import assert from 'node:assert/strict';
import { clean } from './axe.mjs';
import { both, declare, read, record, toast } from './setup.mjs';

const FIELDS = [
  { name: 'kind', type: 'choice', label: both('种类', 'Kind'), choices: [{ value: 'open', label: both('开放', 'Open') }, { value: 'shut', label: both('关闭', 'Shut') }] },
  { name: 'amount', type: 'money', label: both('金额', 'Amount') }, { name: 'due', type: 'date', label: both('到期', 'Due') },
];
async function some(server) {
  const o = await declare(server, FIELDS);
  const rows = [];
  for (const [name, kind, amount, due] of [['甲', 'open', '100', '2026-03-05'], ['乙', 'open', '200', '2026-03-05'], ['丙', 'shut', '40', '2026-03-31'], ['丁', 'shut', null, null]]) {
    rows.push(await record(server, o, { name, kind, due, amount: amount && { value: amount, currency: 'CNY' } }));
  }
  return { o, rows };
}
const kindButton = (page, name) => page.locator('.toolbar.line').getByRole('button', { name, exact: true });

export const tests = {
  'kinds: a record stands beside the list, arrows move through it': {
    async run({ page, server }) {
      const { o, rows } = await some(server);
      await page.goto(`/${o.plural}?sort=due`);
      await kindButton(page, '分栏').click();
      await page.locator('.split .one.on', { hasText: '甲' }).waitFor();
      await page.locator('.beside .rechead', { hasText: '甲' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.locator('.beside .rechead', { hasText: '乙' }).waitFor();
      assert.equal(new URL(page.url()).searchParams.get('rec'), rows[1].id);
      assert.equal(new URL(page.url()).searchParams.get('as'), 'split');
      await clean(page, 'split view');
      await page.shot('kinds-split');
    },
  },

  'kinds: records stand on their days; one is moved by mouse and by keyboard, and back': {
    async run({ page, server }) {
      const { o, rows } = await some(server);
      await page.goto(`/${o.plural}?as=calendar&day=2026-03-10`);
      const day = (d) => page.locator(`.day[data-day="${d}"]`);
      await day('2026-03-05').locator('.event').nth(1).waitFor();
      await clean(page, 'calendar');
      await page.shot('kinds-calendar');
      await day('2026-03-05').locator('.event', { hasText: '甲' }).dragTo(day('2026-03-12'));
      await day('2026-03-12').locator('.event', { hasText: '甲' }).waitFor();
      assert.equal((await read(server, `/api/v1/${o.plural}/${rows[0].id}`)).due, '2026-03-12');
      await page.locator('.toast button').click();
      await day('2026-03-05').locator('.event', { hasText: '甲' }).waitFor();
      await day('2026-03-31').locator('.event', { hasText: '丙' }).focus();
      await page.keyboard.press('Alt+ArrowLeft');
      await day('2026-03-30').locator('.event', { hasText: '丙' }).waitFor();
      await page.locator('.cal-bar .ant-segmented-item', { hasText: '周' }).click();
      await page.waitForFunction(() => document.querySelectorAll('.day').length === 7);
      await toast(page, '已改到');
    },
  },

  'kinds: the calendar on a phone lists days, 390 en dark': {
    options: { phone: true, language: 'en', dark: true },
    async run({ page, server }) {
      const { o } = await some(server);
      await page.goto(`/${o.plural}?as=calendar&day=2026-03-10`);
      await page.locator('.agenda .event').nth(2).waitFor();
      await clean(page, 'calendar 390');
      await page.shot('kinds-calendar-390');
      await page.goto(`/${o.plural}?as=chart&group=kind`);
      await page.locator('.bars .brow').nth(1).waitFor();
      await clean(page, 'chart 390');
      await page.shot('kinds-chart-390');
    },
  },

  'kinds: a figure by groups is drawn as bars, shares and a line, and leads to its records': {
    async run({ page, server }) {
      const { o } = await some(server);
      await page.goto(`/${o.plural}?as=chart&group=kind&measure=amount`);
      await page.locator('.bars .brow').nth(1).waitFor();
      assert.match((await page.locator('.bars .brow').allInnerTexts()).join(' '), /开放\s*¥300[\s\S]*关闭\s*¥40/);
      assert.match(await page.locator('.finding').innerText(), /开放最多，占88%/);
      await clean(page, 'chart');
      await page.shot('kinds-chart');
      await page.locator('.cal-bar .ant-segmented-item', { hasText: '占比' }).click();
      await page.locator('.pie path').nth(1).waitFor();
      await page.goto(`/${o.plural}?as=chart&group=due`);
      await page.locator('svg.line circle').waitFor();
      await page.goto(`/${o.plural}?as=chart&group=kind`);
      await page.locator('.bars a.brow', { hasText: '关闭' }).click();
      await page.waitForURL((url) => url.searchParams.get('filter') === 'kind = "shut"');
      await page.getByText('丁').first().waitFor();
    },
  },
};
