// SPDX-License-Identifier: Apache-2.0
// What comes again: each occurrence a record, made by a rule, changed and called off from one on or as a whole, taken back as one.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

const act = (client, plural, id, verb, body) => client.post(`/${plural}/${id}/${verb}`, body);
const series = async (client, plural, of, sort = 'starts_at') => expect(await client.get(`/${plural}?filter=${encodeURIComponent(`series = "${of.id}"`)}&sort=${sort}&limit=200`), 200).items;
const starts = (items) => items.map((m) => m.starts_at);
const meeting = (client, at, more = {}) => create(client, 'meetings', { subject: unique('例会'), starts_at: at, ends_at: new Date(Date.parse(at) + 3_600_000).toISOString(), place: '三楼', ...more });
const undo = async (client, answer) => {
  const batch = answer.headers['guanxi-batch'] ?? answer.headers.get?.('Guanxi-Batch');
  expect(await client.post(`/batches/${batch}/undo`, {}), 202);
};
const until = async (what) => { for (let i = 0; i < 100; i++) { if (await what()) return; await new Promise((r) => setTimeout(r, 100)); } assert.fail('it does not come'); };

export const tests = [
  {
    name: 'a meeting comes again at the same time of day, with those who take part; the rule is an RRULE; undo takes all of them back',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const other = await makeUser(server, ['seller']);
      const one = await meeting(client, '2027-03-01T01:30:00.000Z', { minutes: '<p>上次</p>', reminders: [15] }); // a Monday, 9:30 in Shanghai
      await create(client, 'meeting_attendees', { meeting: one.id, person: { object: 'user', id: other.id } });
      const answer = await act(client, 'meetings', one.id, 'repeat', { every: 'week', interval: 2, weekdays: ['mo', 'th'], count: 5 });
      const first = expect(answer, 200);
      assert.deepEqual([first.recurrence, first.series], ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=5', one.id]);
      const all = await series(client, 'meetings', one);
      assert.deepEqual(starts(all), ['2027-03-01', '2027-03-04', '2027-03-15', '2027-03-18', '2027-03-29'].map((d) => `${d}T01:30:00.000Z`));
      for (const m of all) {
        assert.deepEqual([m.subject, m.place, Date.parse(m.ends_at) - Date.parse(m.starts_at), m.status, m.recurrence], [one.subject, '三楼', 3_600_000, 'planned', first.recurrence]);
        const took = expect(await client.get(`/meeting_attendees?filter=${encodeURIComponent(`meeting = "${m.id}"`)}`), 200).items;
        assert.deepEqual(took.map((a) => a.person.id), [other.id]);
      }
      assert.equal(all[1].minutes, null, 'what was said is not said again');
      expectProblem(await act(client, 'meetings', one.id, 'repeat', { every: 'day', count: 2 }), 409, 'conflict');
      const day = expect(await by(server).get(`/me/calendar?from=2027-03-18&to=2027-03-19&people=${other.id}`), 200);
      assert.deepEqual(day.cards.meetings.list.items.map((m) => m.id), [all[3].id], 'in the calendar of who takes part');
      await undo(client, answer);
      await until(async () => (await series(client, 'meetings', one)).length === 0);
      const back = expect(await client.get(`/meetings/${one.id}`), 200);
      assert.deepEqual([back.series, back.recurrence], [null, null]);
    },
  },
  {
    name: 'days, months by day and by weekday, years; an end by day; holidays skipped or moved by the work calendar',
    async run(server) {
      const client = by(server);
      const dates = async (at, rule) => {
        const one = await meeting(client, `${at}T02:00:00.000Z`);
        const { recurrence } = expect(await act(client, 'meetings', one.id, 'repeat', rule), 200);
        return [recurrence, ...starts(await series(client, 'meetings', one)).map((s) => s.slice(0, 10))];
      };
      assert.deepEqual(await dates('2027-01-31', { every: 'month_day', count: 3 }), ['FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3', '2027-01-31', '2027-03-31', '2027-05-31']);
      assert.deepEqual(await dates('2027-01-12', { every: 'month_weekday', last_day: '2027-03-31' }), ['FREQ=MONTHLY;BYDAY=2TU;UNTIL=20270331T155959Z', '2027-01-12', '2027-02-09', '2027-03-09']);
      assert.deepEqual(await dates('2028-02-29', { every: 'year', count: 2 }), ['FREQ=YEARLY;COUNT=2', '2028-02-29', '2032-02-29']);
      // 2026: the National Day holiday is 1–7 October; Saturday the 10th is worked instead.
      assert.deepEqual((await dates('2026-09-30', { every: 'day', count: 5, workdays: 'skip' })).slice(1), ['2026-09-30', '2026-10-08', '2026-10-09', '2026-10-10', '2026-10-12']);
      assert.deepEqual((await dates('2026-09-24', { every: 'week', count: 3, workdays: 'next' })).slice(1), ['2026-09-24', '2026-10-08', '2026-10-15']);
    },
  },
  {
    name: 'this one, this and the following, all: words, time of day and length are carried, what took place stays; called off; deleted',
    async run(server) {
      const { client } = await makeUser(server, ['sales_manager']);
      const one = await meeting(client, '2027-05-03T01:00:00.000Z');
      expect(await act(client, 'meetings', one.id, 'repeat', { every: 'day', count: 5 }), 200);
      const all = await series(client, 'meetings', one);
      expect(await client.patch(`/meetings/${all[0].id}`, { status: 'held' }), 200);
      expect(await client.patch(`/meetings/${all[2].id}`, { subject: '改期', place: '五楼', starts_at: '2027-05-05T03:00:00Z', ends_at: '2027-05-05T05:00:00Z' }), 200);
      assert.deepEqual((await series(client, 'meetings', one)).map((m) => m.place), ['三楼', '三楼', '五楼', '三楼', '三楼'], 'a change of one is its own');
      expect(await act(client, 'meetings', all[2].id, 'series_carry', { scope: 'following' }), 200);
      const now = await series(client, 'meetings', one);
      assert.deepEqual(now.map((m) => [m.place, m.starts_at.slice(8, 13), (Date.parse(m.ends_at) - Date.parse(m.starts_at)) / 3_600_000]),
        [['三楼', '03T01', 1], ['三楼', '04T01', 1], ['五楼', '05T03', 2], ['五楼', '06T03', 2], ['五楼', '07T03', 2]]);
      expect(await act(client, 'meetings', all[2].id, 'series_carry', { scope: 'all' }), 200);
      assert.deepEqual((await series(client, 'meetings', one)).map((m) => m.subject === '改期'), [false, true, true, true, true], 'what took place stays as it was');
      expect(await act(client, 'meetings', all[3].id, 'series_cancel', { scope: 'following' }), 200);
      assert.deepEqual((await series(client, 'meetings', one)).map((m) => m.status), ['held', 'planned', 'planned', 'cancelled', 'cancelled']);
      const answer = await act(client, 'meetings', all[1].id, 'series_delete', { scope: 'all' });
      expect(answer, 200);
      assert.deepEqual((await series(client, 'meetings', one)).map((m) => m.status), ['held', 'cancelled', 'cancelled']);
      await undo(client, answer);
      await until(async () => (await series(client, 'meetings', one)).length === 5);
    },
  },
  {
    name: 'tasks come again by their due time; an end is needed, one alone, within bounds; others may not',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const task = await create(client, 'tasks', { subject: unique('周报'), start_at: '2027-03-05T01:00:00Z', due_at: '2027-03-05T09:00:00Z' });
      const bad = async (field, body) => assert.ok(fieldError(expectProblem(await act(client, 'tasks', task.id, 'repeat', body), 422, 'validation'), field), JSON.stringify(body));
      await bad('last_day', { every: 'week' });
      await bad('last_day', { every: 'week', count: 3, last_day: '2027-09-01' });
      await bad('last_day', { every: 'week', last_day: '2027-03-01' });
      await bad('last_day', { every: 'week', last_day: '2027-03-08' });
      await bad('last_day', { every: 'day', last_day: '2030-03-01' });
      await bad('count', { every: 'day', count: 181 });
      await bad('every', { count: 3 });
      await bad('interval', { every: 'day', interval: 0, count: 3 });
      expect(await act(client, 'tasks', task.id, 'repeat', { every: 'week', count: 3 }), 200);
      const all = await series(client, 'tasks', task, 'due_at');
      assert.deepEqual(all.map((t) => [t.start_at.slice(0, 13), t.due_at.slice(0, 13), t.status]), ['05', '12', '19'].map((d) => [`2027-03-${d}T01`, `2027-03-${d}T09`, 'open']));
      const undated = await create(client, 'tasks', { subject: '何时' });
      expectProblem(await act(client, 'tasks', undated.id, 'repeat', { every: 'week', count: 3 }), 409, 'conflict');
      const stranger = await makeUser(server, ['seller']);
      expectProblem(await act(stranger.client, 'tasks', task.id, 'series_cancel', { scope: 'all' }), 404, 'not_found');
      expectProblem(await act(client, 'tasks', task.id, 'series_delete', { scope: 'all' }), 403, 'forbidden');
    },
  },
];
