// SPDX-License-Identifier: Apache-2.0
// Who else has a record open: said by pages again and again, told to those who may see the record, by the stream on every node.
import { setTimeout as sleep } from 'node:timers/promises';
import { assert, by, create, expect, expectProblem, fieldError, listen, makeUser, unique } from './lib.mjs';

const here = async (client, path) => expect(await client.get(path), 200).items.map((h) => [h.user.id, h.editing]);

async function scene(server) {
  const admin = by(server);
  const [a, b] = [await makeUser(server, ['seller']), await makeUser(server, ['seller'])];
  const account = await create(a.client, 'accounts', { name: unique('在看') });
  return { admin, a, b, account, path: `/accounts/${account.id}/presence` };
}

const share = async (s, person) => expect(await s.admin.post(`/accounts/${s.account.id}/share`, { with: [{ user: person.id }], level: 'read' }), 204);

export const tests = [
  {
    name: 'each is told of the others, who edits first, and of nobody who left',
    async run(server) {
      const s = await scene(server);
      await share(s, s.b);
      const first = expect(await s.a.client.put(s.path, { editing: true }), 200);
      assert.deepEqual(first.items, []);
      assert.ok(first.again_ms > 0 && first.again_ms <= 20000);
      const second = expect(await s.b.client.put(s.path, {}), 200);
      assert.deepEqual(second.items.map((h) => [h.user.id, h.editing]), [[s.a.id, true]]);
      assert.ok(second.items[0].user.title);
      assert.deepEqual(await here(s.a.client, s.path), [[s.b.id, false]]);
      assert.deepEqual(await here(s.admin, s.path), [[s.a.id, true], [s.b.id, false]]);
      expect(await s.a.client.put(s.path, { editing: false }), 200);
      assert.deepEqual(await here(s.b.client, s.path), [[s.a.id, false]]);
      for (let i = 0; i < 2; i++) expect(await s.a.client.delete(s.path), 204);
      assert.deepEqual(await here(s.b.client, s.path), []);
      assert.ok(fieldError(expectProblem(await s.a.client.put(s.path, { editing: 1 }), 422, 'validation'), 'editing'));
      const { version } = expect(await s.admin.get(`/accounts/${s.account.id}`), 200);
      assert.equal(version, s.account.version, 'being there changes nothing');
    },
  },
  {
    name: 'who may not see the record neither says nor learns who is there',
    async run(server) {
      const s = await scene(server);
      expect(await s.a.client.put(s.path, {}), 200);
      for (const answer of [await s.b.client.get(s.path), await s.b.client.put(s.path, {})]) expectProblem(answer, 404, 'not_found');
      assert.deepEqual(await here(s.a.client, s.path), []);
      expectProblem(await s.a.client.put('/accounts/424242/presence', {}), 404, 'not_found');
      expectProblem(await by(server, '').get(s.path), 401, 'unauthenticated');
    },
  },
  {
    name: 'the stream tells those who have the record open, and nobody without the right, when somebody comes, edits and goes',
    async run(server) {
      const s = await scene(server);
      await share(s, s.b);
      const stranger = await makeUser(server, ['seller']);
      const streams = [];
      for (const person of [s.b, stranger]) streams.push(await listen(server, person.key, `accounts/${s.account.id}`));
      const [mine, foreign] = streams;
      const told = (stream) => stream.events.filter((e) => e.type === 'presence').map((e) => [e.data.object, e.data.id, e.data.action]);
      const wait = async (n) => { for (let i = 0; i < 100 && told(mine).length < n; i++) await sleep(100); assert.deepEqual(told(mine), Array(n).fill(['account', s.account.id, 'presence'])); };
      try {
        expect(await s.a.client.put(s.path, {}), 200);
        await wait(1);
        expect(await s.a.client.put(s.path, {}), 200);
        expect(await s.a.client.put(s.path, { editing: true }), 200);
        await wait(2);
        expect(await s.a.client.delete(s.path), 204);
        await wait(3);
        assert.deepEqual(told(foreign), []);
      } finally {
        for (const stream of streams) stream.request.destroy();
      }
    },
  },
  {
    name: 'whose stream ends without a word is there no more; who opens another stays',
    async run(server) {
      const s = await scene(server);
      await share(s, s.b);
      const carries = (person) => listen(server, person.key, `accounts/${s.account.id}`);
      const [gone, kept] = [await carries(s.a), await carries(s.b)];
      let again;
      try {
        for (const person of [s.a, s.b]) expect(await person.client.put(s.path, {}), 200);
        gone.request.destroy();
        again = await carries(s.b);
        kept.request.destroy();
        let left = await here(s.admin, s.path);
        for (let i = 0; i < 120 && left.some(([id]) => id === s.a.id); i++) { await sleep(100); left = await here(s.admin, s.path); }
        assert.deepEqual(left, [[s.b.id, false]]);
        await sleep(1500); // the other stream ended in the same second
        assert.deepEqual(await here(s.admin, s.path), [[s.b.id, false]]);
      } finally {
        for (const stream of [gone, kept, again]) stream?.request.destroy();
      }
    },
  },
];
