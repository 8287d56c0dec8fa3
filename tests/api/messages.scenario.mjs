// SPDX-License-Identifier: Apache-2.0
// The message centre: who is told what, once, with the rights of then and of now; read, settings, live.
import { Server, sleep } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, fieldError, listen, makeUser, rowsOn, sqlOn, unique, waitForJob, walk } from './lib.mjs';

const read = async (client, query = '') => expect(await client.get(`/me/messages${query}`), 200);
const count = async (client) => expect(await client.get('/me/messages/count'), 200).unread;
const brief = (items) => items.map((m) => [m.kind, m.record?.id ?? m.job?.id]);

/** The log is read behind the writes: waits until what is wanted is there. */
async function until(what, probe) {
  for (let i = 0; i < 100; i++) {
    const found = await probe();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`never: ${what}`);
}
const told = (client, kind, id) => until(`${kind} ${id}`, async () => (await read(client, `?kind=${kind}`)).items.find((m) => m.record?.id === id));

/** Everything written until now has been read: a message that comes last has come. */
async function settled(server, client, id) {
  const account = await create(by(server), 'accounts', { name: unique('末'), owner: id });
  await told(client, 'assigned', account.id);
  return account.id;
}

export const tests = [
  {
    name: 'mentioned, assigned, shared, written about; one own acts tell nobody, nothing comes twice',
    async run(server) {
      const admin = by(server);
      const a = await makeUser(server, ['seller']);
      const b = await makeUser(server, ['seller']);
      const own = await create(a.client, 'accounts', { name: unique('甲') });
      const given = await create(admin, 'accounts', { name: unique('乙'), owner: a.id });
      const message = await told(a.client, 'assigned', given.id);
      assert.deepEqual([message.object, message.record.title, message.read, message.times], ['account', given.name, false, 1]);
      assert.ok(message.by.title);
      const about = { object: 'account', id: own.id };
      const comment = await create(admin, 'comments', { about, body: '<p>请看 <b>这里</b></p>', mentions: [a.id] });
      const mention = await told(a.client, 'mention', own.id);
      assert.deepEqual([mention.source.object, mention.source.id, mention.source.text], ['comment', comment.id, '请看 这里']);
      expect(await admin.patch(`/comments/${comment.id}`, { body: '<p>改</p>' }), 200);
      await create(admin, 'followups', { about, method: 'phone', content: '谈过' });
      await told(a.client, 'comment', own.id);
      await create(a.client, 'comments', { about, body: '<p>我自己</p>', mentions: [a.id] });
      expect(await a.client.post(`/accounts/${own.id}/share`, { with: [{ user: b.id }], level: 'read' }), 204);
      const shared = await told(b.client, 'shared', own.id);
      assert.equal(shared.by.id, a.id);
      const last = await settled(server, a.client, a.id);
      assert.deepEqual(brief((await read(a.client)).items).sort(), [['assigned', given.id], ['assigned', last], ['comment', own.id], ['mention', own.id]].sort());
      assert.equal(await count(a.client), 4);
    },
  },
  {
    name: 'who may not read the record is not told, and what he may no longer read is gone',
    async run(server) {
      const admin = by(server);
      const a = await makeUser(server, ['seller']);
      const b = await makeUser(server, ['seller']);
      const own = await create(a.client, 'accounts', { name: unique('密') });
      await create(a.client, 'comments', { about: { object: 'account', id: own.id }, body: '<p>不给你看</p>', mentions: [b.id] });
      const last = await settled(server, b.client, b.id);
      assert.deepEqual(brief((await read(b.client)).items), [['assigned', last]]);
      const given = await create(admin, 'accounts', { name: unique('暂'), owner: b.id });
      await create(admin, 'comments', { about: { object: 'account', id: given.id }, body: '<p>机密</p>', mentions: [b.id] });
      await told(b.client, 'mention', given.id);
      assert.equal(await count(b.client), 3);
      expect(await admin.patch(`/accounts/${given.id}`, { owner: a.id }), 200);
      const page = await read(b.client);
      assert.ok(!JSON.stringify(page).includes(given.id) && !JSON.stringify(page).includes('机密'));
      assert.equal(await count(b.client), 1);
      expect(await admin.patch(`/accounts/${given.id}`, { owner: b.id }), 200);
      await until('back', async () => (await read(b.client, '?kind=mention')).items.some((m) => m.record.id === given.id));
    },
  },
  {
    name: 'changes of a followed record are one message that counts, with what he may see of them',
    async run(server) {
      const admin = by(server);
      const a = await makeUser(server, ['seller']);
      const own = await create(a.client, 'accounts', { name: unique('关注') });
      expect(await a.client.put(`/me/marks/follow/accounts/${own.id}`), 204);
      expect(await a.client.patch(`/accounts/${own.id}`, { description: '我改的' }), 200);
      for (const description of ['一', '二', '三']) expect(await admin.patch(`/accounts/${own.id}`, { description }), 200);
      const message = await until('three', async () => (await read(a.client, '?kind=follow')).items.find((m) => m.times === 3));
      assert.deepEqual([message.record.id, message.changes[0].field, message.changes[0].new], [own.id, 'description', '三']);
      expect(await a.client.post('/me/messages/read', { ids: [message.id] }), 204);
      assert.equal(await count(a.client), 0);
      expect(await admin.patch(`/accounts/${own.id}`, { description: '四' }), 200);
      const again = await until('again', async () => (await read(a.client, '?kind=follow&unread=true')).items[0]);
      assert.equal(again.times, 1, 'what was read is counted anew');
      expect(await a.client.delete(`/me/marks/follow/accounts/${own.id}`), 204);
      expect(await a.client.post('/me/messages/read', { until: again.id }), 204);
      expect(await admin.patch(`/accounts/${own.id}`, { description: '五' }), 200);
      await settled(server, a.client, a.id);
      assert.deepEqual((await read(a.client, '?kind=follow&unread=true')).items, []);
    },
  },
  {
    name: 'reminders: at each time before that was chosen, to the owner and to who takes part and may see it, once; not of what was called off or moved away',
    async run(server) {
      const admin = by(server);
      const [a, guest, blind] = [await makeUser(server, ['seller']), await makeUser(server, ['boss']), await makeUser(server, ['seller'])];
      const ends = (at) => new Date(Date.parse(at) + 600_000).toISOString();
      const inHalf = (minutes) => new Date(Date.now() + minutes * 60_000 + 1500).toISOString();
      const meet = (subject, at, more = {}) => create(a.client, 'meetings', { subject, starts_at: at, ends_at: ends(at), remind: ['m15', 'd1'], ...more });
      const soon = await meet('快开了', inHalf(15));
      for (const who of [guest, blind]) await create(a.client, 'meeting_attendees', { meeting: soon.id, person: { object: 'user', id: who.id } });
      const tomorrow = await meet('明天', inHalf(24 * 60));
      const off = await meet('取消了', inHalf(15));
      expect(await a.client.patch(`/meetings/${off.id}`, { status: 'cancelled' }), 200);
      const moved = await meet('改期了', inHalf(15));
      const later = inHalf(300);
      expect(await a.client.patch(`/meetings/${moved.id}`, { starts_at: later, ends_at: ends(later) }), 200);
      const task = await create(a.client, 'tasks', { subject: '寄样品', due_at: inHalf(60), remind: ['h1'] });
      const account = await create(a.client, 'accounts', { name: unique('客户') });
      const visit = await create(a.client, 'visits', { purpose: 'other', account: account.id, planned_at: inHalf(30), remind: ['m30'] });
      await new Promise((done) => setTimeout(done, 1600));
      await create(admin, 'accounts', { name: unique('唤') });
      for (const one of [soon, tomorrow, task, visit]) assert.ok(await told(a.client, 'remind', one.id));
      assert.equal((await told(guest.client, 'remind', soon.id)).record.title, '快开了');
      await create(admin, 'accounts', { name: unique('唤') });
      await settled(server, a.client, a.id);
      assert.deepEqual((await read(a.client, '?kind=remind')).items.map((m) => [m.record.id, m.times]).sort(), [soon, tomorrow, task, visit].map((r) => [r.id, 1]).sort());
      assert.deepEqual((await read(blind.client, '?kind=remind')).items, [], 'who may not see it is not told');
      assert.ok(fieldError(expectProblem(await a.client.patch(`/meetings/${soon.id}`, { remind: ['m7'] }), 422, 'validation'), 'remind'));
      const settings = expect(await a.client.get('/me/messages/settings'), 200).kinds.find((k) => k.kind === 'remind');
      assert.deepEqual([settings.product, settings.desktop], [true, true]);
    },
  },
  {
    name: 'many given at once are one message; a task due and a job that ended are told',
    async run(server) {
      const admin = by(server);
      const a = await makeUser(server, ['seller']);
      const ids = [];
      for (let i = 0; i < 4; i++) ids.push((await create(admin, 'accounts', { name: unique('批') })).id);
      const list = ids.map((i) => JSON.stringify(i)).join(',');
      expect(await admin.post('/accounts/bulk', { filter: `id in (${list})`, set: { owner: a.id } }), 202);
      const message = await until('one for four', async () => (await read(a.client, '?kind=assigned')).items.find((m) => m.times === 4));
      assert.ok(ids.includes(message.record.id));
      const due_at = new Date(Date.now() + 1500).toISOString();
      const task = await create(a.client, 'tasks', { subject: '打电话', due_at });
      await new Promise((done) => setTimeout(done, 1600));
      await create(admin, 'accounts', { name: unique('唤') }); // the clock is looked at when something happens, else each half minute
      const due = await told(a.client, 'due', task.id);
      assert.deepEqual([due.object, due.record.title], ['task', '打电话']);
      const job = expect(await admin.post('/accounts/export', { filter: 'id is not null', format: 'csv' }), 202);
      const ended = await until('job', async () => (await read(admin, '?kind=job')).items.find((m) => m.job.id === (job.id ?? job.job)));
      assert.deepEqual([ended.job.kind, ended.job.status], ['export', 'done']);
    },
  },
  {
    name: 'pages, filters, what is wrong; kinds that are not wanted are not made; live',
    async run(server) {
      const admin = by(server);
      const a = await makeUser(server, ['seller']);
      expect(await a.client.put('/me/messages/settings', { kinds: [{ kind: 'comment', product: false, desktop: true }] }), 204);
      const chosen = expect(await a.client.get('/me/messages/settings'), 200).kinds;
      assert.deepEqual(chosen.find((k) => k.kind === 'comment'), { kind: 'comment', product: false, desktop: true, digest: false });
      assert.deepEqual(chosen.find((k) => k.kind === 'mention'), { kind: 'mention', product: true, desktop: true, digest: false });
      const live = await listen(server, a.key, 'accounts');
      const given = [];
      for (let i = 0; i < 7; i++) given.push((await create(admin, 'accounts', { name: unique('页'), owner: a.id })).id);
      await create(admin, 'comments', { about: { object: 'account', id: given[0] }, body: '<p>不要</p>' });
      await settled(server, a.client, a.id);
      await live.wait((e) => e.type === 'message');
      live.request.destroy();
      const all = (await read(a.client)).items;
      assert.deepEqual(all.map((m) => m.kind), Array(8).fill('assigned'));
      assert.deepEqual((await walk(a.client, '/me/messages', 3)).map((m) => m.id), all.map((m) => m.id));
      assert.deepEqual((await read(a.client, '?kind=mention')).items, []);
      for (const query of ['?kind=weather', '?unread=1', '?after=x', '?limit=0', '?colour=1', '?digest=x']) expectProblem(await a.client.get(`/me/messages${query}`), 400, 'bad_parameter');
      assert.ok(fieldError(expectProblem(await a.client.post('/me/messages/read', {}), 422, 'validation'), 'ids'));
      assert.ok(fieldError(expectProblem(await a.client.post('/me/messages/read', { ids: ['x'] }), 422, 'validation'), 'ids.0'));
      assert.ok(fieldError(expectProblem(await a.client.put('/me/messages/settings', { kinds: [{ kind: 'weather' }] }), 422, 'validation'), 'kinds.0.kind'));
      expectProblem(await by(server, '').get('/me/messages'), 401, 'unauthenticated');
      const other = await makeUser(server, ['seller']);
      expect(await other.client.post('/me/messages/read', { ids: [all[0].id] }), 204);
      assert.equal(await count(a.client), 8, 'messages of another stay as they are');
      expect(await a.client.post('/me/messages/read', { until: all[2].id }), 204);
      assert.equal(await count(a.client), 2);
    },
  },
  {
    name: 'a server killed behind the writes goes on where it stood: nothing is lost, nothing comes twice',
    async run(server) {
      const admin = by(server);
      const a = await makeUser(server, ['seller']);
      const ids = [];
      for (let i = 0; i < 30; i++) ids.push((await create(admin, 'accounts', { name: unique('杀'), owner: a.id })).id);
      await server.kill();
      await server.start();
      await settled(server, a.client, a.id);
      const told = (await walk(a.client, '/me/messages', 50)).map((m) => m.record.id).filter((id) => ids.includes(id));
      assert.deepEqual(told.sort(), ids.sort());
    },
  },
  {
    name: 'digest: what waits is not told by itself, comes as one at its time, once, after a restart, and only what may be seen',
    async run(server) {
      const admin = by(server);
      const a = await makeUser(server, ['seller']);
      const later = ['assigned', 'mention'].map((kind) => ({ kind, digest: true }));
      expect(await a.client.put('/me/messages/settings', { kinds: later }), 204);
      const usual = expect(await a.client.get('/me/messages/settings'), 200);
      assert.ok(usual.kinds.every((k) => k.digest === (k.kind === 'assigned' || k.kind === 'mention')));
      assert.deepEqual({ ...usual.digest, next_at: '' }, { every: 'day', weekday: 1, at: '09:00', workdays: true, desktop: false, next_at: '' });
      const first = await create(admin, 'accounts', { name: unique('摘要甲'), owner: a.id });
      const second = await create(admin, 'accounts', { name: unique('摘要乙'), owner: a.id });
      await create(admin, 'comments', { about: { object: 'account', id: first.id }, body: '<p>请看</p>', mentions: [a.id] });
      const own = await create(a.client, 'accounts', { name: unique('自己') });
      await create(admin, 'comments', { about: { object: 'account', id: own.id }, body: '<p>评论不等</p>' });
      await told(a.client, 'comment', own.id);
      assert.deepEqual(brief((await read(a.client)).items), [['comment', own.id]], 'the others wait');
      assert.deepEqual((await read(a.client, '?kind=mention')).items, []);
      expect(await a.client.post('/me/messages/read', { until: (await read(a.client)).items[0].id }), 204);
      await server.stop();
      sqlOn(server, `UPDATE gx_digest SET next_at = 1 WHERE user_id = ${BigInt(a.id)}`);
      await server.start();
      const digest = await until('digest', async () => (await read(a.client)).items.find((m) => m.kind === 'digest'));
      assert.deepEqual([digest.read, digest.digest], [false, { kinds: { mention: 1, assigned: 2 }, count: 3, more: false }]);
      assert.equal(await count(a.client), 1);
      const parts = async () => brief((await read(a.client, `?digest=${digest.id}`)).items).sort();
      assert.deepEqual(await parts(), [['assigned', first.id], ['assigned', second.id], ['mention', first.id]].sort());
      assert.equal((await read(a.client, '?kind=mention&unread=true')).items.length, 1, 'a mention is a to-do once it was told');
      const other = await makeUser(server, ['seller']);
      assert.deepEqual((await read(other.client, `?digest=${digest.id}`)).items, []);
      expect(await admin.patch(`/accounts/${first.id}`, { owner: other.id }), 200);
      assert.deepEqual(await parts(), [['assigned', second.id]]);
      assert.deepEqual((await read(a.client, '?kind=digest')).items[0].digest, { kinds: { assigned: 1 }, count: 1, more: false });
      expect(await a.client.post('/me/messages/read', { ids: [digest.id] }), 204);
      assert.ok((await read(a.client, `?digest=${digest.id}`)).items.every((m) => m.read));
      assert.equal(await count(a.client), 0);
      const third = await create(admin, 'accounts', { name: unique('摘要丙'), owner: a.id });
      const mine = await create(a.client, 'accounts', { name: unique('自己') });
      await create(admin, 'comments', { about: { object: 'account', id: mine.id }, body: '<p>读到这里</p>' });
      await told(a.client, 'comment', mine.id);
      expect(await a.client.put('/me/messages/settings', { kinds: [{ kind: 'assigned', digest: false }] }), 204);
      await settled(server, a.client, a.id);
      assert.ok(!(await read(a.client)).items.some((m) => m.record?.id === third.id), 'it waits for the digest it was meant for');
      assert.equal((await read(a.client, '?kind=digest')).items.length, 1, 'and no second digest was made');
    },
  },
  {
    name: 'jobs that nobody wants to hear of write nothing when they end; one that is wanted is told once',
    async run() {
      const server = await Server.create();
      try {
        const admin = by(server);
        const clock = () => rowsOn(server, "SELECT value FROM gx_setting WHERE name = 'notify.clock'").join();
        const work = async (seen) => {
          for (let i = 0; i < 6; i++) {
            assert.equal((await waitForJob(admin, await admin.post('/doctor', {}))).status, 'done');
            await sleep(400); // a turn of the messages comes behind each job
            seen.add(clock());
          }
        };
        expect(await admin.put('/me/messages/settings', { kinds: [{ kind: 'job', product: false }] }), 204);
        const quiet = new Set();
        await work(quiet);
        assert.ok(quiet.size <= 2, `the clock was written ${quiet.size} times`); // of its own it is, each half minute
        expect(await admin.put('/me/messages/settings', { kinds: [{ kind: 'job', product: true }] }), 204);
        const job = await waitForJob(admin, await admin.post('/doctor', {}));
        await until('the message of the job', async () => (await read(admin, '?kind=job')).items.some((m) => m.job.id === job.id));
        const ids = (await read(admin, '?kind=job')).items.map((m) => m.id);
        const after = clock();
        await sleep(1500);
        assert.deepEqual((await read(admin, '?kind=job')).items.map((m) => m.id), ids, 'once');
        assert.equal(clock(), after, 'and nothing is written behind it');
      } finally {
        await server.remove();
      }
    },
  },
  {
    name: 'digest: its times are checked, kept, and told with the next one',
    async run(server) {
      const a = await makeUser(server, ['seller']);
      const set = (digest) => a.client.put('/me/messages/settings', { digest });
      for (const [field, digest] of [['every', { every: 'hour' }], ['weekday', { weekday: 8 }], ['weekday', { weekday: 0 }], ['at', { at: '24:00' }], ['at', { at: '9:00' }], ['workdays', { workdays: 'yes' }], ['desktop', { desktop: 1 }]])
        assert.ok(fieldError(expectProblem(await set(digest), 422, 'validation'), `digest.${field}`), JSON.stringify(digest));
      assert.ok(fieldError(expectProblem(await a.client.put('/me/messages/settings', { kinds: [{ kind: 'digest', product: false }] }), 422, 'validation'), 'kinds.0.kind'));
      expectProblem(await a.client.put('/me/messages/settings', {}), 422, 'validation');
      expect(await set({ every: 'week', weekday: 5, at: '17:30', workdays: false, desktop: true }), 204);
      const { digest } = expect(await a.client.get('/me/messages/settings'), 200);
      assert.deepEqual({ ...digest, next_at: '' }, { every: 'week', weekday: 5, at: '17:30', workdays: false, desktop: true, next_at: '' });
      const next = new Date(digest.next_at);
      assert.ok(next > new Date() && next - Date.now() <= 7 * 86400000 && next.getUTCDay() === 5, digest.next_at);
      expect(await set({ at: '08:05' }), 204);
      assert.equal(expect(await a.client.get('/me/messages/settings'), 200).digest.every, 'week', 'what is not named stays');
    },
  },
];
