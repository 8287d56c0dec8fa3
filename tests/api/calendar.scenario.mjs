// SPDX-License-Identifier: Apache-2.0
// Calendar and to-dos: what stands on days and what waits, over all objects, as far as the reader may see it.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

const DAY = 86_400_000;
const q = encodeURIComponent;
const titles = (card) => (card?.list.items ?? []).map((r) => r.subject ?? r.name).sort();
const calendar = async (client, from, to, more = '') => expect(await client.get(`/me/calendar?from=${from}&to=${to}${more}`), 200);
// Noon in the zone of the organisation, days from today.
const shanghai = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
const noon = (days) => `${shanghai(Date.now() + days * DAY)}T12:00:00+08:00`;
const pluralOf = async (client) => new Map(expect(await client.get('/meta'), 200).objects.map((o) => [o.object, o.plural]));

async function week(client, mark) {
  const account = await create(client, 'accounts', { name: `${mark}客户` });
  const about = { object: 'account', id: account.id };
  const meeting = await create(client, 'meetings', { subject: `${mark}会`, starts_at: '2031-03-05T09:00:00+08:00', ends_at: '2031-03-05T10:00:00+08:00' });
  await create(client, 'meetings', { subject: `${mark}展会`, starts_at: '2031-03-01T09:00:00+08:00', ends_at: '2031-03-04T18:00:00+08:00' });
  await create(client, 'meetings', { subject: `${mark}取消`, status: 'cancelled', starts_at: '2031-03-05T09:00:00+08:00', ends_at: '2031-03-05T10:00:00+08:00' });
  await create(client, 'visits', { purpose: 'negotiate', account: account.id, planned_at: '2031-03-06T14:00:00+08:00' });
  await create(client, 'tasks', { subject: `${mark}事`, about, due_at: '2031-03-09T23:59:00+08:00' });
  await create(client, 'tasks', { subject: `${mark}过周`, about, due_at: '2031-03-10T00:00:00+08:00' });
  await create(client, 'calls', { direction: 'out', account: account.id, started_at: '2031-03-03T00:00:00+08:00' });
  await create(client, 'accounts', { name: `${mark}跟进`, next_followup_at: '2031-03-07T09:00:00+08:00' });
  return { account, meeting };
}

export const tests = [
  {
    name: 'a week holds what stands on its days, also what began before; each card is the list of its filter',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const mark = unique('周');
      await week(client, mark);
      const { cards, people, people_more: more } = await calendar(client, '2031-03-03', '2031-03-10');
      assert.deepEqual([people.length, more], [1, false]);
      assert.deepEqual(titles(cards.meetings), [`${mark}会`, `${mark}展会`].sort());
      assert.deepEqual([cards.visits.list.items.length, cards.calls.list.items.length], [1, 1]);
      assert.deepEqual(titles(cards.tasks), [`${mark}事`], 'the next Monday begins at midnight');
      assert.deepEqual(titles(cards.accounts_due), [`${mark}跟进`], 'not the customer with a task');
      assert.deepEqual(titles((await calendar(client, '2031-03-05', '2031-03-06')).cards.meetings), [`${mark}会`]);
      const plurals = await pluralOf(client);
      for (const [name, card] of Object.entries(cards)) {
        const list = expect(await client.get(`/${plurals.get(card.object)}?filter=${q(card.filter)}&limit=200`), 200);
        assert.deepEqual(list.items.map((r) => r.id).sort(), card.list.items.map((r) => r.id).sort(), name);
      }
    },
  },
  {
    name: 'of whom: chosen people, a department with those below; nothing that one may not see',
    async run(server) {
      const admin = by(server);
      const upper = await create(admin, 'departments', { name: unique('总部') });
      const lower = await create(admin, 'departments', { name: unique('分部'), parent: upper.id });
      const manager = await makeUser(server, ['sales_manager'], { department: upper.id });
      const seller = await makeUser(server, ['seller'], { department: lower.id });
      const stranger = await makeUser(server, ['seller']);
      const mark = unique('谁');
      await week(seller.client, mark);
      const span = ['2031-03-03', '2031-03-10'];
      const named = (answer) => answer.people.map((p) => p.id).sort();
      const mine = await calendar(manager.client, ...span, '&department=mine');
      assert.deepEqual(named(mine), [manager.id, seller.id].sort());
      assert.ok(titles(mine.cards.tasks).includes(`${mark}事`));
      assert.deepEqual(titles((await calendar(manager.client, ...span)).cards.tasks), []);
      assert.deepEqual(named(await calendar(manager.client, ...span, `&department=${upper.id}`)), [manager.id, seller.id].sort());
      assert.deepEqual(named(await calendar(manager.client, ...span, `&department=${lower.id}`)), [seller.id]);
      assert.ok(titles((await calendar(manager.client, ...span, `&people=${seller.id},${manager.id}`)).cards.meetings).includes(`${mark}会`));
      const blind = await calendar(stranger.client, ...span, `&people=${seller.id}`);
      for (const card of Object.values(blind.cards)) assert.deepEqual(card.list.items, [], card.object);
    },
  },
  {
    name: 'meetings stand with whoever takes part; of those that are not public others see the time alone',
    async run(server) {
      const department = (await create(by(server), 'departments', { name: unique('会议') })).id;
      const manager = await makeUser(server, ['sales_manager'], { department });
      const [host, guest] = [await makeUser(server, ['seller'], { department }), await makeUser(server, ['seller'], { department })];
      const subject = unique('面谈');
      const at = { starts_at: '2031-05-07T09:00:00+08:00', ends_at: '2031-05-07T10:00:00+08:00' };
      const meeting = await create(host.client, 'meetings', { subject, visibility: 'busy', ...at });
      const span = ['2031-05-05', '2031-05-12'];
      const seen = await calendar(manager.client, ...span, `&people=${host.id}`);
      assert.deepEqual(titles(seen.cards.meetings), []);
      assert.equal(seen.cards.busy.list.items.length, 1);
      assert.ok(!JSON.stringify(seen.cards).includes(subject), 'the subject is not told');
      assert.equal(Date.parse(seen.cards.busy.list.items[0].starts_at), Date.parse(at.starts_at));
      await create(host.client, 'meeting_attendees', { meeting: meeting.id, person: { object: 'user', id: manager.id } });
      const invited = await calendar(manager.client, ...span);
      assert.deepEqual(titles(invited.cards.meetings), [subject], 'who takes part sees it whole, in his own calendar');
      assert.deepEqual(invited.cards.attendees.list.items.map((a) => a.meeting.id), [meeting.id]);
      assert.deepEqual(invited.cards.busy.list.items, []);
      assert.deepEqual(titles((await calendar(guest.client, ...span, `&people=${host.id}`)).cards.meetings), []);
    },
  },
  {
    name: 'holidays and weekends worked instead; spans and people that cannot be are refused at their parameter',
    async run(server) {
      const client = by(server);
      const october = await calendar(client, '2026-09-14', '2026-10-12');
      assert.deepEqual(october.work, ['2026-09-20', '2026-10-10']);
      assert.ok(october.off.includes('2026-10-01') && october.off.includes('2026-09-25') && !october.off.includes('2026-10-03'), 'a Saturday is no holiday more');
      const now = expect(await client.get('/me/calendar'), 200);
      const today = shanghai(Date.now());
      assert.ok(now.from <= today && today < now.to && new Date(now.from).getUTCDay() === 1, 'the week of the reader');
      const refused = async (query, field) => assert.ok(fieldError(expectProblem(await client.get(`/me/calendar?${query}`), 400, 'bad_parameter'), field), query);
      await refused('from=2031-03-03', 'to');
      await refused('from=2031-02-30&to=2031-03-03', 'from');
      await refused('from=2031-03-03&to=2031-03-03', 'to');
      await refused('from=2031-01-01&to=2031-03-05', 'to');
      await refused('from=2031-01-01&to=2031-01-02&people=1,x', 'people');
      await refused(`from=2031-01-01&to=2031-01-02&people=${Array.from({ length: 51 }, (_, i) => i + 1).join(',')}`, 'people');
      await refused('from=2031-01-01&to=2031-01-02&department=all', 'department');
      expectProblem(await by(server, '').get('/me/calendar?from=2031-01-01&to=2031-01-02'), 401, 'unauthenticated');
    },
  },
  {
    name: 'to-dos are all that waits, also without a date; the count is what is due by tonight',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const other = await makeUser(server, ['seller']);
      const account = await create(client, 'accounts', { name: unique('客户') });
      const about = { object: 'account', id: account.id };
      for (const [subject, due_at] of [['过期', noon(-3)], ['今天', noon(0)], ['明天', noon(1)], ['下月', noon(40)], ['不急', undefined]]) await create(client, 'tasks', { subject, about, due_at });
      await create(client, 'tasks', { subject: '做完', status: 'done', due_at: noon(0) });
      await create(other.client, 'tasks', { subject: '别人的', due_at: noon(0) });
      await create(client, 'accounts', { name: '快到期', next_followup_at: noon(0) });
      await create(client, 'accounts', { name: '还早', next_followup_at: noon(60) });
      await create(client, 'leads', { name: '线索', next_followup_at: noon(5), status: 'working', source: 'website', mobile: '13911112222' });
      const { cards } = expect(await client.get('/me/todo'), 200);
      assert.deepEqual(titles(cards.tasks), ['不急', '下月', '今天', '明天', '过期'].sort());
      assert.deepEqual([titles(cards.accounts_due), titles(cards.leads_due)], [['快到期'], ['线索']]);
      assert.deepEqual(expect(await client.get('/me/todo/count'), 200), { due: 3, over: false });
      assert.deepEqual(expect(await other.client.get('/me/todo/count'), 200), { due: 1, over: false });
      expectProblem(await by(server, '').get('/me/todo/count'), 401, 'unauthenticated');
    },
  },
];
