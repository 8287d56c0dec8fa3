// SPDX-License-Identifier: Apache-2.0
// Live updates: what is watched arrives, in order, once; a client that was away catches up.
import { PASSWORD } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, listen, makeUser, unique } from './lib.mjs';

const isRecord = (id, action) => (event) => event.type === 'record' && event.data.id === id && (!action || event.data.action === action);

export const tests = [
  {
    name: 'create, update, delete and restore arrive with object, id, version and no values',
    async run(server) {
      const admin = by(server);
      const stream = await listen(server, server.key, 'accounts');
      const a = await create(admin, 'accounts', { name: unique('live') });
      const made = await stream.wait(isRecord(a.id, 'create'));
      assert.deepEqual(made.data, { object: 'account', id: a.id, version: 1, action: 'create' });
      assert.match(made.id, /^\d+$/);
      expect(await admin.patch(`/accounts/${a.id}`, { description: 'x' }), 200);
      assert.equal((await stream.wait(isRecord(a.id, 'update'))).data.version, 2);
      expect(await admin.delete(`/accounts/${a.id}`), 204);
      await stream.wait(isRecord(a.id, 'delete'));
      expect(await admin.post(`/accounts/${a.id}/restore`), 200);
      await stream.wait(isRecord(a.id, 'restore'));
      const ids = stream.events.filter((event) => event.id).map((event) => Number(event.id));
      assert.deepEqual(ids, [...ids].sort((x, y) => x - y));
      stream.close();
    },
  },
  {
    name: 'only what is watched arrives',
    async run(server) {
      const admin = by(server);
      const one = await create(admin, 'accounts', { name: unique('one') });
      const other = await create(admin, 'accounts', { name: unique('other') });
      const stream = await listen(server, server.key, `contacts,accounts/${one.id}`);
      expect(await admin.patch(`/accounts/${other.id}`, { description: 'x' }), 200);
      expect(await admin.patch(`/accounts/${one.id}`, { description: 'x' }), 200);
      await stream.wait(isRecord(one.id));
      const c = await create(admin, 'contacts', { name: unique('c') });
      await stream.wait(isRecord(c.id));
      assert.ok(!stream.events.some((event) => event.data.id === other.id));
      stream.close();
      for (const watch of ['nothings', 'accounts/abc', 'accounts/', Array(201).fill('accounts').join()]) {
        expectProblem(await admin.get(`/events?watch=${watch}`), 400, 'bad_parameter');
      }
    },
  },
  {
    name: 'who comes back is told what was missed, once; who was away too long is told to start over',
    async run(server) {
      const admin = by(server);
      const first = await listen(server, server.key, 'accounts');
      const a = await create(admin, 'accounts', { name: unique('missed') });
      await first.wait(isRecord(a.id));
      first.close();
      const missed = [];
      for (let i = 0; i < 5; i++) missed.push(await create(admin, 'accounts', { name: unique('missed') }));
      const again = await listen(server, server.key, 'accounts', first.lastId);
      await again.wait(isRecord(missed[4].id));
      const told = again.events.filter((event) => event.type === 'record').map((event) => event.data.id);
      assert.deepEqual(told, missed.map((row) => row.id));
      again.close();
      const far = await listen(server, server.key, 'accounts', '999999999');
      await far.wait((event) => event.type === 'reset');
      far.close();
    },
  },
  {
    name: 'a stream tells where to resume from before anything happens',
    async run(server) {
      const admin = by(server);
      const idle = await listen(server, server.key, 'accounts');
      for (let i = 0; i < 100 && !idle.lastId; i++) await new Promise((done) => setTimeout(done, 20));
      assert.match(idle.lastId, /^\d+$/);
      idle.close();
      const a = await create(admin, 'accounts', { name: unique('while away') });
      const again = await listen(server, server.key, 'accounts', idle.lastId);
      await again.wait(isRecord(a.id, 'create'));
      again.close();
    },
  },
  {
    name: 'a change of rights or of the catalogue reaches the stream',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const stream = await listen(server, seller.key, 'accounts');
      expect(await admin.post('/meta/objects/account/fields', { name: unique('f').replace('-', '_'), type: 'text' }), 201);
      const notice = await stream.wait((event) => event.type === 'notice');
      assert.equal(notice.data.object, 'meta');
      expect(await admin.patch(`/users/${seller.id}`, { roles: [{ match: { code: 'presales' } }] }), 200);
      for (let i = 0; i < 200 && !stream.ended; i++) await new Promise((done) => setTimeout(done, 25));
      assert.ok(stream.ended, 'the stream must end');
    },
  },
  {
    name: 'a stream ends with the session that opened it, and not with another',
    async run(server) {
      const signIn = async () => {
        const answer = await by(server, null).post('/session', { login: 'admin', password: PASSWORD });
        return { Cookie: answer.headers['set-cookie'][0].split(';')[0], 'X-CSRF-Token': expect(answer, 201).csrf_token };
      };
      const [mine, other] = [await signIn(), await signIn()];
      const stream = await listen(server, { Cookie: mine.Cookie }, 'accounts');
      const kept = await listen(server, { Cookie: other.Cookie }, 'accounts');
      expect(await by(server, null).delete('/session', mine), 204);
      for (let i = 0; i < 400 && !stream.ended; i++) await new Promise((done) => setTimeout(done, 25));
      assert.ok(stream.ended, 'the stream must end');
      assert.ok(!kept.ended);
      kept.close();
    },
  },
  {
    name: 'a hundred streams get the same event',
    async run(server) {
      const admin = by(server);
      const streams = await Promise.all(Array.from({ length: 100 }, () => listen(server, server.key, 'accounts')));
      const a = await create(admin, 'accounts', { name: unique('all') });
      await Promise.all(streams.map((stream) => stream.wait(isRecord(a.id))));
      streams.forEach((stream) => stream.close());
      expect(await admin.get('/me'), 200);
    },
  },
];
