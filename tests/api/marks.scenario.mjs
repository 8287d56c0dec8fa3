// SPDX-License-Identifier: Apache-2.0
// Records opened lately, favourites, followed: one's own, newest first, told only while one may see them.
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const marksOf = async (client) => expect(await client.get('/me/marks'), 200);
const ids = (marks) => marks.map((m) => m.id);

export const tests = [
  {
    name: 'set, newest first, set again, cleared; of each person his own',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const other = await makeUser(server, ['seller']);
      assert.deepEqual(await marksOf(client), { recent: [], favourite: [], follow: [] });
      const a = await create(client, 'accounts', { name: unique('甲') });
      const b = await create(client, 'leads', { name: '乙', source: 'website' });
      for (const path of [`accounts/${a.id}`, `leads/${b.id}`]) expect(await client.put(`/me/marks/recent/${path}`), 204);
      expect(await client.put(`/me/marks/favourite/accounts/${a.id}`), 204);
      expect(await client.put(`/me/marks/follow/leads/${b.id}`), 204);
      const marks = await marksOf(client);
      assert.deepEqual(marks.recent.map((m) => [m.object, m.id, m.title]), [['lead', b.id, '乙'], ['account', a.id, a.name]]);
      assert.ok(!Number.isNaN(Date.parse(marks.recent[0].at)));
      assert.deepEqual([ids(marks.favourite), ids(marks.follow)], [[a.id], [b.id]]);
      expect(await client.put(`/me/marks/recent/accounts/${a.id}`), 204);
      assert.deepEqual(ids((await marksOf(client)).recent), [a.id, b.id]);
      assert.deepEqual(expect(await client.get('/me/home'), 200).recent.map((m) => m.id), [a.id, b.id]);
      assert.deepEqual((await marksOf(other.client)).recent, []);
      expect(await client.delete(`/me/marks/favourite/accounts/${a.id}`), 204);
      expect(await client.delete(`/me/marks/favourite/accounts/${a.id}`), 204);
      assert.deepEqual((await marksOf(client)).favourite, []);
    },
  },
  {
    name: 'of what was opened the newest fifty are kept',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const made = [];
      for (let i = 0; i < 53; i++) made.push((await create(client, 'leads', { name: `第${i}`, source: 'website' })).id);
      for (const id of made) expect(await client.put(`/me/marks/recent/leads/${id}`), 204);
      const { recent } = await marksOf(client);
      assert.ok(recent.length >= 50 && recent.length < 53, `${recent.length}`); // those of one millisecond stay together
      assert.deepEqual(ids(recent).slice(0, 3), made.slice(-3).reverse());
    },
  },
  {
    name: 'what one may not see cannot be marked, and a mark shows it no longer',
    async run(server) {
      const admin = by(server);
      const { client } = await makeUser(server, ['seller']);
      const foreign = await create(admin, 'accounts', { name: unique('外') });
      expectProblem(await client.put(`/me/marks/favourite/accounts/${foreign.id}`), 404, 'not_found');
      expectProblem(await client.put('/me/marks/favourite/accounts/424242'), 404, 'not_found');
      expectProblem(await client.put(`/me/marks/liked/accounts/${foreign.id}`), 404, 'not_found');
      expectProblem(await by(server, '').get('/me/marks'), 401, 'unauthenticated');
      const own = await create(client, 'accounts', { name: unique('内') });
      expect(await client.put(`/me/marks/favourite/accounts/${own.id}`), 204);
      expect(await admin.delete(`/accounts/${own.id}`), 204);
      assert.deepEqual((await marksOf(client)).favourite, []);
      expect(await admin.post(`/accounts/${own.id}/restore`, {}), 200);
      assert.deepEqual(ids((await marksOf(client)).favourite), [own.id]);
      const taker = await makeUser(server, ['seller']);
      expect(await admin.patch(`/accounts/${own.id}`, { owner: taker.id }), 200);
      assert.deepEqual((await marksOf(client)).favourite, [], 'given to somebody else');
    },
  },
];
