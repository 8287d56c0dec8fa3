// SPDX-License-Identifier: Apache-2.0
// One entry, no typing twice: a follow-up moves what it is about and the next task; completed work writes the follow-up.
import { assert, by, create, expect, expectProblem, makeUser, unique, upload, waitForJob } from './lib.mjs';

const q = encodeURIComponent;
const NEXT = '2030-05-01T01:00:00.000Z';
const LATER = '2030-06-01T01:00:00.000Z';

async function customer(client) {
  const account = await create(client, 'accounts', { name: unique('客户') });
  const contact = await create(client, 'contacts', { name: '王芳', account: account.id });
  const opportunity = await create(client, 'opportunities', { name: '扩容', account: account.id });
  return { account, contact, opportunity };
}

const read = async (client, plural, { id }) => expect(await client.get(`/${plural}/${id}`), 200);
const tasksOf = async (client, filter) => expect(await client.get(`/tasks?filter=${q(filter)}&sort=id`), 200).items;
const followupsOf = async (client, account) => expect(await client.get(`/followups?filter=${q(`account = "${account.id}"`)}&sort=id`), 200).items;

export const tests = [
  {
    name: 'one save updates about, account, contact and the open opportunity, and makes the task',
    async run(server) {
      const { client, id: seller } = await makeUser(server, ['seller']);
      const { account, contact, opportunity } = await customer(client);
      const made = await create(client, 'followups', {
        about: { object: 'account', id: account.id }, contact: contact.id, method: 'phone', content: '<p>谈了 <b>价格</b></p>', intent: 'high', wechat_status: 'added',
        next_at: NEXT, next_method: 'phone', next_plan: '发报价',
      });
      assert.equal(made.account.id, account.id);
      assert.equal(made.content, '<p>谈了 <strong>价格</strong></p>');
      assert.ok(made.occurred_at, 'now by default');
      for (const [plural, record] of [['accounts', account], ['contacts', contact], ['opportunities', opportunity]]) {
        const now = await read(client, plural, record);
        assert.equal(now.followup_count, 1, plural);
        assert.equal(now.last_followup_at, made.occurred_at, plural);
        assert.equal(now.last_followup_by.id, seller, plural);
        assert.equal(now.next_followup_at, NEXT, plural);
      }
      assert.equal((await read(client, 'accounts', account)).intent, 'high');
      assert.equal((await read(client, 'contacts', contact)).wechat_status, 'added');
      const [task, ...more] = await tasksOf(client, `account = "${account.id}"`);
      assert.equal(more.length, 0);
      assert.deepEqual([task.subject, task.kind, task.status, task.origin, task.due_at, task.owner.id], ['发报价', 'call', 'open', 'followup', NEXT, seller]);
      const { items } = expect(await client.get(`/accounts/${account.id}/history`), 200);
      assert.ok(items[0].changes.some((c) => c.field === 'followup_count'), 'history tells it');
    },
  },
  {
    name: 'the next follow-up moves the task, one without a next date is what was planned',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const { account } = await customer(client);
      const about = { object: 'account', id: account.id };
      await create(client, 'followups', { about, method: 'phone', content: 'a', next_at: NEXT });
      const second = await create(client, 'followups', { about, method: 'wechat', content: 'b', next_at: LATER, next_method: 'visit' });
      const open = await tasksOf(client, `account = "${account.id}" and status = "open"`);
      assert.deepEqual(open.map((t) => [t.due_at, t.kind, t.subject]), [[LATER, 'visit', `跟进：${account.name}`]]);
      expect(await client.patch(`/followups/${second.id}`, { next_at: null }), 200);
      assert.deepEqual((await tasksOf(client, `account = "${account.id}"`)).map((t) => t.status), ['cancelled']);
      const past = await create(client, 'accounts', { name: unique('旧'), next_followup_at: '2020-01-01T00:00:00Z' });
      await create(client, 'followups', { about: { object: 'account', id: past.id }, method: 'phone', content: 'c' });
      assert.equal((await read(client, 'accounts', past)).next_followup_at, null);
      const late = await create(client, 'followups', { about: { object: 'account', id: past.id }, method: 'phone', content: 'd', occurred_at: '2020-01-01T00:00:00Z' });
      const now = await read(client, 'accounts', past);
      assert.equal(now.followup_count, 2);
      assert.notEqual(now.last_followup_at, late.occurred_at);
    },
  },
  {
    name: 'two open opportunities are a guess: neither is touched',
    async run(server) {
      const client = by(server);
      const { account, opportunity } = await customer(client);
      await create(client, 'opportunities', { name: '二期', account: account.id });
      await create(client, 'followups', { about: { object: 'account', id: account.id }, method: 'phone', content: 'x' });
      assert.equal((await read(client, 'opportunities', opportunity)).followup_count, null);
      await create(client, 'followups', { about: { object: 'opportunity', id: opportunity.id }, method: 'phone', content: 'y' });
      assert.equal((await read(client, 'opportunities', opportunity)).followup_count, 1);
      assert.equal((await read(client, 'accounts', account)).followup_count, 2);
    },
  },
  {
    name: 'a lead is answered: first response, working; who cannot edit it may still write',
    async run(server) {
      const admin = by(server);
      const lead = await create(admin, 'leads', { name: '李雷', source: 'website' });
      assert.equal(lead.status, 'unassigned');
      const made = await create(admin, 'followups', { about: { object: 'lead', id: lead.id }, method: 'phone', content: 'hello', intent: 'low' });
      const now = await read(admin, 'leads', lead);
      assert.deepEqual([now.status, now.first_response_at, now.intent, now.followup_count], ['working', made.occurred_at, 'low', 1]);
      expectProblem(await admin.post('/leads', { source: 'website' }), 422, 'validation');
      const { client } = await makeUser(server, ['service_agent']);
      const account = await create(admin, 'accounts', { name: unique('只读') });
      expectProblem(await client.patch(`/accounts/${account.id}`, { description: 'x' }), 403, 'forbidden');
      await create(client, 'followups', { about: { object: 'account', id: account.id }, method: 'phone', content: 'seen' });
      assert.equal((await read(admin, 'accounts', account)).followup_count, 1);
    },
  },
  {
    name: 'only its author changes a follow-up, within a day',
    async run(server) {
      const admin = by(server);
      const one = await makeUser(server, ['sales_manager']);
      const account = await create(one.client, 'accounts', { name: unique('a') });
      const made = await create(one.client, 'followups', { about: { object: 'account', id: account.id }, method: 'phone', content: 'x' });
      expect(await one.client.patch(`/followups/${made.id}`, { content: 'y' }), 200);
      const two = await makeUser(server, ['sales_manager'], { department: (await read(admin, 'users', one)).department.id });
      assert.equal((await two.client.get(`/followups/${made.id}`)).status, 200);
      const problem = expectProblem(await two.client.patch(`/followups/${made.id}`, { content: 'z' }), 403, 'forbidden');
      assert.ok(problem.detail || problem.title);
      expect(await admin.patch(`/followups/${made.id}`, { content: 'admin' }), 200);
    },
  },
  {
    name: 'a task done with a result writes the follow-up; done again it does not',
    async run(server) {
      const { client, id: me } = await makeUser(server, ['seller']);
      const { account, contact } = await customer(client);
      const task = await create(client, 'tasks', { subject: '打电话', kind: 'call', about: { object: 'account', id: account.id }, contact: contact.id });
      assert.equal(task.account.id, account.id);
      assert.equal(task.assigned_by, null);
      const done = expect(await client.patch(`/tasks/${task.id}`, { status: 'done', result: '同意 <试用>\n下周签' }), 200);
      assert.ok(done.completed_at);
      const [note, ...more] = await followupsOf(client, account);
      assert.equal(more.length, 0);
      assert.deepEqual([note.method, note.content, note.contact.id, note.source.id], ['phone', '<p>同意 &lt;试用&gt;<br>下周签</p>', contact.id, task.id]);
      assert.equal((await read(client, 'accounts', account)).followup_count, 1);
      expect(await client.patch(`/tasks/${task.id}`, { result: '改' }), 200);
      assert.equal((await followupsOf(client, account)).length, 1);
      const again = expect(await client.patch(`/tasks/${task.id}`, { status: 'open' }), 200);
      assert.equal(again.completed_at, null);
      const silent = await create(client, 'tasks', { subject: 'x', about: { object: 'account', id: account.id } });
      expect(await client.patch(`/tasks/${silent.id}`, { status: 'done' }), 200);
      assert.equal((await followupsOf(client, account)).length, 1, 'no result, no follow-up');
      const given = await create(by(server), 'tasks', { subject: '交办', owner: me });
      assert.ok(given.assigned_by.id);
    },
  },
  {
    name: 'calls, meetings and visits write theirs',
    async run(server) {
      const client = by(server);
      const { account, contact, opportunity } = await customer(client);
      const about = { object: 'opportunity', id: opportunity.id };
      const call = await create(client, 'calls', { direction: 'out', about, contact: contact.id, started_at: '2026-03-01T01:00:00Z', answered_at: '2026-03-01T01:00:10Z' });
      assert.equal(call.account.id, account.id);
      const ended = expect(await client.patch(`/calls/${call.id}`, { ended_at: '2026-03-01T01:02:10Z', summary: '约了演示' }), 200);
      assert.equal(ended.talk_seconds, 120);
      const meeting = await create(client, 'meetings', { subject: '演示', about, starts_at: '2026-03-02T01:00:00Z', ends_at: '2026-03-02T02:00:00Z' });
      expect(await client.patch(`/meetings/${meeting.id}`, { status: 'held' }), 200);
      expect(await client.patch(`/meetings/${meeting.id}`, { minutes: '<p>很好</p>' }), 200);
      const visit = await create(client, 'visits', { purpose: 'demo', account: account.id, contacts: [contact.id] });
      expect(await client.patch(`/visits/${visit.id}`, { status: 'done', result: '见到老板' }), 200);
      const told = (await followupsOf(client, account)).map((f) => [f.method, f.content, f.about.object]);
      assert.deepEqual(told, [['phone', '<p>约了演示</p>', 'opportunity'], ['meeting', '<p>很好</p>', 'opportunity'], ['visit', '<p>见到老板</p>', 'account']]);
      assert.equal((await read(client, 'opportunities', opportunity)).followup_count, 3, 'the visit is about the only open one');
      expectProblem(await client.post('/visits', { purpose: 'demo' }), 422, 'validation');
    },
  },
  {
    name: 'imported follow-ups move their customers as well, in any order, once; what is still planned makes one task; undo takes it back',
    async run(server) {
      const client = by(server);
      const author = await makeUser(server, ['seller']);
      const { account, contact, opportunity } = await customer(client);
      const lead = await create(client, 'leads', { name: '导入线索', source: 'website' });
      const rows = [['about', 'contact', 'method', 'content', 'occurred_at', 'created_by', 'next_at', 'next_method', 'intent']];
      const days = [...Array(120).keys()].map((i) => (i * 37) % 120); // out of order, over two pieces
      for (const d of days) {
        const at = new Date(Date.UTC(2025, 0, 1 + d)).toISOString();
        rows.push([`account:${account.id}`, d === 5 ? contact.id : '', 'phone', `第${d}天`, at, author.login, d === 119 ? NEXT : d === 3 ? '2025-02-01T00:00:00Z' : '', '', d === 119 ? 'high' : '']);
      }
      rows.push([`lead:${lead.id}`, '', 'wechat', '线索', '2025-01-02T00:00:00Z', author.login, '', '', '']);
      const mapping = { about: 'about', contact: 'contact', method: 'method', content: 'content', occurred_at: 'occurred_at', created_by: 'created_by.login', next_at: 'next_at', next_method: 'next_method', intent: 'intent' };
      const job = await waitForJob(client, await upload(server, server.key, '/followups/import', rows.map((r) => r.join(',')).join('\n') + '\n', 'f.csv', { mapping }));
      assert.deepEqual([job.status, job.result?.created], ['done', 121], JSON.stringify(job));
      const now = await read(client, 'accounts', account);
      assert.deepEqual([now.followup_count, now.last_followup_at, now.last_followup_by.id, now.next_followup_at, now.intent], [120, '2025-04-30T00:00:00.000Z', author.id, NEXT, 'high']);
      assert.deepEqual([(await read(client, 'contacts', contact)).followup_count, (await read(client, 'opportunities', opportunity)).followup_count], [1, null]);
      const answered = await read(client, 'leads', lead);
      assert.deepEqual([answered.status, answered.first_response_at, answered.followup_count], ['working', '2025-01-02T00:00:00.000Z', 1]);
      const tasks = await tasksOf(client, `account = "${account.id}"`);
      assert.deepEqual(tasks.map((t) => [t.due_at, t.origin]), [[NEXT, 'followup']]);
      assert.equal((await followupsOf(client, account)).length > 0, true, 'the account stands in the follow-up');
      const undone = await waitForJob(client, await client.post(`/batches/${job.batch}/undo`));
      assert.equal(undone.status, 'done');
      const back = await read(client, 'accounts', account);
      assert.deepEqual([back.followup_count, back.last_followup_at, (await tasksOf(client, `account = "${account.id}"`)).length], [null, null, 0]);
    },
  },
];
