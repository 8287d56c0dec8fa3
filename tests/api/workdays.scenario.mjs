// SPDX-License-Identifier: Apache-2.0
// Workdays know public holidays and the weekends worked instead, in memory (rules, formulas) and in sets (filters) alike.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

const q = encodeURIComponent;
// [from, to, workdays after `from` up to and with `to`]: the notices of 2023, 2025 and 2026, and a year that is not known.
const CASES = [
  ['2023-09-28', '2023-10-09', 3], // seven days off, two weekend days worked, and the 9th
  ['2025-01-27', '2025-02-05', 1],
  ['2025-09-30', '2025-10-09', 1],
  ['2026-02-13', '2026-02-24', 2], // the 14th is worked
  ['2026-02-27', '2026-03-01', 1], // the 28th is worked
  ['2026-10-09', '2026-10-11', 1],
  ['2031-01-01', '2031-01-08', 5],
];

async function deals(client, mark) {
  const made = [];
  for (const [from, to] of CASES) made.push(await create(client, 'opportunities', { name: mark, started_on: from, closed_on: to, pipeline: 'standard', stage: 'lost' }));
  return made;
}

export const tests = [
  {
    name: 'filters over sets and formulas of records count the same days; own days of the organisation win',
    async run(server) {
      const client = by(server);
      expect(await client.post('/meta/objects/opportunity/fields', { name: 'work_time', type: 'formula', of: 'workdays_between(started_on, closed_on)', result: 'integer' }), 201);
      const mark = unique('工作日');
      const made = await deals(client, mark);
      const count = async (n) => expect(await client.get(`/opportunities?filter=${q(`name = "${mark}" and workdays_between(started_on, closed_on) = ${n}`)}&limit=50`), 200).items.map((i) => i.id).sort();
      for (const n of [1, 2, 3, 5]) assert.deepEqual(await count(n), made.filter((_, i) => CASES[i][2] === n).map((d) => d.id).sort(), `${n} days`);
      assert.deepEqual(made.map((d) => d.work_time), CASES.map((c) => c[2]), 'in memory');
      const listed = expect(await client.get(`/opportunities?filter=${q(`name = "${mark}"`)}&fields=work_time&sort=id`), 200).items;
      assert.deepEqual(listed.map((d) => d.work_time), CASES.map((c) => c[2]), 'in sets');

      expect(await client.patch('/meta/organisation', { work_calendar: { holidays: ['2031-01-02/2031-01-03'], makeup_days: ['2031-01-04', '2026-10-11'] } }), 204);
      assert.deepEqual(await count(4), [made[6].id]);
      assert.deepEqual((await count(2)).includes(made[5].id), true);
      const again = expect(await client.patch(`/opportunities/${made[6].id}`, { close_note: 'x' }), 200);
      assert.equal(again.work_time, 4);
      expect(await client.patch('/meta/organisation', { work_calendar: { base: 'none' } }), 204);
      assert.deepEqual((await count(7)).length, 4, 'Monday to Friday alone');
      expect(await client.patch('/meta/organisation', { work_calendar: {} }), 204);
      assert.deepEqual(await count(3), [made[0].id]);
    },
  },
  {
    name: 'a calendar that cannot be read is refused at its part; it takes the right to customise',
    async run(server) {
      const client = by(server);
      const bad = async (work_calendar, field) => assert.ok(fieldError(expectProblem(await client.patch('/meta/organisation', { work_calendar }), 422, 'validation'), field), field);
      await bad({ holidays: ['2031-13-01'] }, 'work_calendar.holidays');
      await bad({ makeup_days: ['2031-01-02/2031-01-01'] }, 'work_calendar.makeup_days');
      await bad({ holidays: ['2031-01-01/2033-01-01'] }, 'work_calendar.holidays');
      await bad({ holidays: '2031-01-01' }, 'work_calendar.holidays');
      await bad({ base: 'US' }, 'work_calendar');
      await bad('x', 'work_calendar');
      const { client: seller } = await makeUser(server, ['seller']);
      expectProblem(await seller.patch('/meta/organisation', { work_calendar: {} }), 403, 'forbidden');
    },
  },
];
