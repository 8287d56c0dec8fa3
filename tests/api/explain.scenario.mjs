// SPDX-License-Identifier: Apache-2.0
// Who may do what with a record, by which rule, and why somebody may not.
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const rules = (answer) => answer.because.map((item) => item.rule);

export const tests = [
  {
    name: 'everybody who may read is told with the rules that say so, nobody else',
    async run(server) {
      const admin = by(server);
      const owner = await makeUser(server, ['seller']);
      const shared = await makeUser(server, ['seller']);
      const stranger = await makeUser(server, ['seller']);
      const account = await create(owner.client, 'accounts', { name: unique('explain') });
      expect(await owner.client.post(`/accounts/${account.id}/share`, { with: [{ user: shared.id }] }), 204);
      const all = expect(await owner.client.get(`/accounts/${account.id}/access?people=true`), 200);
      assert.deepEqual(rules(all), ['role:seller own']);
      assert.equal(all.people_more, false);
      const of = (id) => all.people.find((person) => person.user.id === id);
      assert.deepEqual(of(owner.id).can, ['read', 'update']);
      assert.deepEqual(rules(of(owner.id)), ['role:seller own']);
      assert.deepEqual(of(shared.id).can, ['read']);
      assert.deepEqual(rules(of(shared.id)), ['share']);
      assert.equal(of(stranger.id), undefined);
      for (const person of all.people) {
        const one = expect(await admin.get(`/accounts/${account.id}/access?user=${person.user.id}`), 200);
        assert.equal(one.read, true);
        assert.deepEqual(one.because, person.because);
      }
      expectProblem(await shared.client.get(`/accounts/${account.id}/access?people=true`), 403, 'forbidden');
      expectProblem(await stranger.client.get(`/accounts/${account.id}/access?people=true`), 404, 'not_found');
      expectProblem(await owner.client.get(`/accounts/${account.id}/access?people=yes`), 400, 'bad_parameter');
    },
  },
  {
    name: 'why one person cannot: his roles that do not reach, none that does, gone from the firm',
    async run(server) {
      const admin = by(server);
      const owner = await makeUser(server, ['seller']);
      const stranger = await makeUser(server, ['seller']);
      const clerk = await makeUser(server, ['warehouse']);
      const account = await create(owner.client, 'accounts', { name: unique('explain') });
      const ask = async (id) => expect(await admin.get(`/accounts/${account.id}/access?user=${id}`), 200);
      const no = await ask(stranger.id);
      assert.equal(no.read, false);
      assert.deepEqual(no.because, []);
      assert.deepEqual(no.because_not.map((item) => item.rule), ['role:seller own']);
      assert.match((await ask(clerk.id)).because_not[0].rule, /^role:warehouse /);
      expect(await admin.patch(`/users/${stranger.id}`, { status: 'left' }), 200);
      const left = await ask(stranger.id);
      assert.equal(left.active, false);
      assert.deepEqual(left.because_not, [{ rule: 'not active' }]);
      expectProblem(await admin.get(`/accounts/${account.id}/access?user=424242`), 404, 'not_found');
    },
  },
  {
    name: 'what a role would open or close is counted before it is saved',
    async run(server) {
      const admin = by(server);
      const mark = unique('preview');
      const owner = await makeUser(server, ['seller']);
      await makeUser(server, ['warehouse']);
      for (const name of ['a', 'b', 'c']) await create(owner.client, 'accounts', { name: mark + name, founded_year: 2001 });
      const form = expect(await admin.get('/meta/access/warehouse'), 200);
      const changed = { objects: { account: { read: { expr: `name starts "${mark}" and name != "${mark}c"` } } } };
      assert.ok(!form.objects.account || form.objects.account.read === 'none');
      const preview = expect(await admin.post('/meta/access/warehouse/preview', changed), 200);
      assert.equal(preview.people >= 1, true);
      const account = preview.objects.find((item) => item.object === 'account');
      assert.equal(account.gained.people, preview.looked_at);
      assert.equal(account.gained.records, 2 * preview.looked_at);
      assert.equal(account.lost.records, 0);
      assert.deepEqual(account.gained.samples.map((item) => item.title).sort(), [`${mark}a`, `${mark}b`]);
      assert.deepEqual(expect(await admin.get('/meta/access/warehouse'), 200), form); // nothing was saved
      const none = expect(await admin.post('/meta/access/warehouse/preview', { objects: { account: { read: 'none' } } }), 200);
      assert.deepEqual(none.objects, []);
      expectProblem(await owner.client.post('/meta/access/warehouse/preview', changed), 403, 'forbidden');
      expectProblem(await admin.post('/meta/access/warehouse/preview', { objects: { account: { read: 'some' } } }), 422, 'validation');
    },
  },
];
