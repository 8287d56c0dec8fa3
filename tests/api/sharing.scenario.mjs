// SPDX-License-Identifier: Apache-2.0
// Sharing: what is opened to a person shows through every door, and closes again.
import { assert, by, create, expect, expectProblem, fieldError, listen, makeUser, unique } from './lib.mjs';

const q = encodeURIComponent;
const later = () => new Date(Date.now() + 3600e3).toISOString();

async function scene(server) {
  const owner = await makeUser(server, ['seller']);
  const other = await makeUser(server, ['seller']);
  const mark = unique('shared');
  const account = await create(owner.client, 'accounts', { name: mark, english_name: mark });
  return { admin: by(server), owner: owner.client, other: other.client, otherId: other.id, otherKey: other.key, mark, account };
}

async function seesEverywhere(client, { account, mark }, yes) {
  const filter = q(`english_name = "${mark}"`);
  const n = yes ? 1 : 0;
  const list = expect(await client.get(`/accounts?count=exact&filter=${filter}`), 200);
  assert.equal(list.items.length, n);
  assert.equal(list.count.value, n);
  assert.equal(expect(await client.get(`/accounts?filter=${filter}&as_of=${q(new Date().toISOString())}`), 200).items.length, n);
  const sum = expect(await client.post('/accounts/aggregate', { measures: ['count'], filter: `english_name = "${mark}"` }), 200);
  assert.equal(sum.total.count, n);
  const found = expect(await client.get(`/search?q=${q(mark)}`), 200);
  assert.equal(found.items.filter((item) => item.id === account.id).length, n);
  for (const path of ['', '/history', '/access', '/shares', '/related/contacts']) {
    expect(await client.get(`/accounts/${account.id}${path}`), yes ? 200 : 404);
  }
}

export const tests = [
  {
    name: 'shared to read: seen everywhere, changed nowhere; unshared: gone',
    async run(server) {
      const s = await scene(server);
      await seesEverywhere(s.other, s, false);
      expect(await s.owner.post(`/accounts/${s.account.id}/share`, { with: [{ user: s.otherId }] }), 204);
      await seesEverywhere(s.other, s, true);
      expectProblem(await s.other.patch(`/accounts/${s.account.id}`, { description: 'x' }), 403, 'forbidden');
      const shares = expect(await s.other.get(`/accounts/${s.account.id}/shares`), 200);
      assert.equal(shares.items.length, 1);
      assert.equal(shares.items[0].user.id, s.otherId);
      assert.equal(shares.items[0].level, 'read');
      expect(await s.owner.post(`/accounts/${s.account.id}/unshare`, { with: [{ user: s.otherId }] }), 204);
      await seesEverywhere(s.other, s, false);
    },
  },
  {
    name: 'a collaborator with edit changes the record, but neither deletes nor hands it over',
    async run(server) {
      const s = await scene(server);
      expect(await s.owner.post(`/accounts/${s.account.id}/share`, { with: [{ user: s.otherId }], level: 'edit', as: 'collaborator', until: later() }), 204);
      expect(await s.other.patch(`/accounts/${s.account.id}`, { description: 'together' }), 200);
      expectProblem(await s.other.delete(`/accounts/${s.account.id}`), 403, 'forbidden');
      const access = expect(await s.other.get(`/accounts/${s.account.id}/access`), 200);
      assert.equal(access.read, true);
      assert.equal(access.update, true);
      assert.equal(access.transfer, false);
      const contact = await create(s.other, 'contacts', { name: 'x', account: s.account.id });
      assert.equal(contact.account.title, s.mark);
      const child = expect(await s.other.get(`/contacts/${contact.id}`), 200);
      assert.equal(child.account.title, s.mark);
    },
  },
  {
    name: 'teams, departments and roles; live updates of what was shared',
    async run(server) {
      const s = await scene(server);
      const team = await create(s.admin, 'teams', { name: unique('team') });
      await create(s.admin, 'team_members', { team: team.id, user: s.otherId });
      expect(await s.owner.post(`/accounts/${s.account.id}/share`, { with: [{ team: team.id }] }), 204);
      await seesEverywhere(s.other, s, true);
      const stream = await listen(server, s.otherKey, `accounts/${s.account.id}`);
      expect(await s.owner.patch(`/accounts/${s.account.id}`, { description: 'news' }), 200);
      await stream.wait((event) => event.type === 'record' && event.data.id === s.account.id);
      stream.close();
      expect(await s.owner.post(`/accounts/${s.account.id}/unshare`, { with: [{ team: team.id }] }), 204);
      await seesEverywhere(s.other, s, false);
      const department = expect(await s.other.get(`/users/${s.otherId}?fields=department`), 200).department;
      expect(await s.owner.post(`/accounts/${s.account.id}/share`, { with: [{ department: department.id }, { everyone: true }] }), 204);
      await seesEverywhere(s.other, s, true);
    },
  },
  {
    name: 'deleted what was shared: gone for both; restored: shared as before',
    async run(server) {
      const s = await scene(server);
      expect(await s.owner.post(`/accounts/${s.account.id}/share`, { with: [{ user: s.otherId }] }), 204);
      expect(await s.admin.delete(`/accounts/${s.account.id}`), 204);
      expectProblem(await s.other.get(`/accounts/${s.account.id}`), 410, 'gone');
      expect(await s.other.get(`/accounts/${s.account.id}/history`), 200);
      expect(await s.admin.post(`/accounts/${s.account.id}/restore`), 200);
      await seesEverywhere(s.other, s, true);
    },
  },
  {
    name: 'what cannot be shared is refused by field',
    async run(server) {
      const s = await scene(server);
      const path = `/accounts/${s.account.id}/share`;
      expectProblem(await s.other.post(path, { with: [{ user: s.otherId }] }), 404, 'not_found');
      for (const [body, field] of [
        [{ with: [] }, 'with'], [{ with: [{ user: '1234567' }] }, 'with.0.user'], [{ with: [{ user: s.otherId, team: '1' }] }, 'with.0'],
        [{ with: [{ everyone: 1 }] }, 'with.0.everyone'], [{ with: [{ user: s.otherId }], level: 'all' }, 'level'],
        [{ with: [{ user: s.otherId }], until: '2020-01-01T00:00:00Z' }, 'until'], [{ with: [{ user: s.otherId }], as: 'rule' }, 'as'],
        [{ with: [{ user: s.otherId }], color: 1 }, 'color'],
      ]) {
        const problem = await s.owner.post(path, body);
        assert.equal(problem.status, 422, problem.text);
        assert.ok(fieldError(problem.body, field), `${field}: ${problem.text}`);
      }
      const read = expect(await s.owner.post(path, { with: [{ user: s.otherId }] }), 204);
      assert.equal(read, null);
      expectProblem(await s.other.post(path, { with: [{ everyone: true }] }), 403, 'forbidden');
    },
  },
  {
    name: 'a role may read by an expression; one that cannot be read is refused by place',
    async run(server) {
      const s = await scene(server);
      const form = expect(await s.admin.get('/meta/access/presales'), 200);
      const presales = await makeUser(server, ['presales']);
      const changed = structuredClone(form);
      changed.objects.account.read = { expr: `english_name = "${s.mark}"` };
      expect(await s.admin.put('/meta/access/presales', changed), 200);
      try {
        await seesEverywhere(presales.client, s, true);
        changed.objects.account.read = { expr: 'english_name = = 1' };
        const problem = await s.admin.put('/meta/access/presales', changed);
        assert.ok(fieldError(expectProblem(problem, 422, 'validation'), 'objects.account.read'), problem.text);
      } finally {
        expect(await s.admin.put('/meta/access/presales', form), 200);
      }
    },
  },
];
