// SPDX-License-Identifier: Apache-2.0
// Fields that open a record to whom they name (docs/adr/0079): collaborators of shipped objects, and fields one makes oneself.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, waitForJob, withRights } from './lib.mjs';

const q = encodeURIComponent;
const ids = (links) => links.map((l) => l.id).sort();
async function scene(server) {
  const [owner, other, third] = [await makeUser(server, ['seller']), await makeUser(server, ['seller']), await makeUser(server, ['seller'])];
  const account = await create(owner.client, 'accounts', { name: unique('named') });
  return { admin: by(server), owner, other, third, path: `/accounts/${account.id}`, id: account.id };
}

const listed = async (person, filter) => expect(await person.client.get(`/accounts?fields=id&limit=200&filter=${q(filter)}`), 200).items.map((r) => r.id);

export const tests = [
  {
    name: 'collaborators see and change, readers see; who is taken out sees nothing more; history and shares tell it',
    async run(server) {
      const s = await scene(server);
      expect(await s.other.client.get(s.path), 404);
      expect(await s.owner.client.patch(s.path, { collaborators: { add: [s.other.id] }, readers: { add: [s.third.id] } }), 200);
      expect(await s.other.client.patch(s.path, { description: 'together' }), 200);
      expect(await s.third.client.get(s.path), 200);
      expectProblem(await s.third.client.patch(s.path, { description: 'x' }), 403, 'forbidden');
      const { items } = expect(await s.owner.client.get(`${s.path}/shares`), 200);
      assert.deepEqual(items.map((i) => [i.user.id, i.level, i.source, i.field, i.rule]).sort(), [[s.other.id, 'edit', 'field', 'collaborators', null], [s.third.id, 'read', 'field', 'readers', null]].sort());
      const history = JSON.stringify(expect(await s.owner.client.get(`${s.path}/history`), 200));
      assert.ok(history.includes('"collaborators"') && history.includes(s.other.id));
      assert.deepEqual(await listed(s.other, 'me() in collaborators or me() in readers'), [s.id]);
      assert.deepEqual(await listed(s.owner, `"${s.third.id}" in readers and "${s.other.id}" in collaborators`), [s.id]);
      assert.deepEqual(expect(await s.other.client.get(`/accounts?view=collaborating&fields=id`), 200).items.map((r) => r.id), [s.id]);
      expect(await s.owner.client.patch(s.path, { collaborators: { remove: [s.other.id] } }), 200);
      expect(await s.other.client.get(s.path), 404);
      expect(await s.third.client.get(s.path), 200);
      expect(await s.admin.delete(s.path), 204);
      expect(await s.third.client.get(s.path), 410);
    },
  },
  {
    name: 'teams open to their members of today',
    async run(server) {
      const s = await scene(server);
      const team = await create(s.admin, 'teams', { name: unique('crew') });
      expect(await s.owner.client.patch(s.path, { collaborator_teams: [team.id] }), 200);
      expect(await s.other.client.get(s.path), 404);
      const member = await create(s.admin, 'team_members', { team: team.id, user: s.other.id });
      expect(await s.other.client.patch(s.path, { description: 'by team' }), 200);
      assert.deepEqual(expect(await s.other.client.get(`/accounts?view=collaborating&fields=id`), 200).items.map((r) => r.id), [s.id]);
      expect(await s.admin.delete(`/team_members/${member.id}`), 204);
      expect(await s.other.client.get(s.path), 404);
    },
  },
  {
    name: 'naming takes the right to share, in forms, batches, bulk editing and import',
    async run(server) {
      const s = await scene(server);
      expect(await s.owner.client.patch(s.path, { collaborators: [s.other.id] }), 200);
      const refused = expectProblem(await s.other.client.patch(s.path, { collaborators: { add: [s.third.id] } }), 422, 'validation');
      assert.equal(fieldError(refused, 'collaborators').code, 'forbidden'); // seller shares his own alone
      expect(await s.other.client.patch(s.path, { collaborators: [s.other.id], description: 'unchanged names' }), 200);
      const batch = await s.other.client.post('/batch', { requests: [{ method: 'PATCH', path: s.path, body: { readers: [s.third.id] } }] });
      assert.equal(fieldError(expectProblem(batch, 422, 'validation'), 'requests[0].body.readers').code, 'forbidden');
      const job = await waitForJob(s.admin, await s.admin.post('/accounts/bulk', { ids: [s.id], set: { readers: { add: [s.third.id] } } }));
      expect(await s.third.client.get(s.path), 200);
      assert.equal(job.status, 'done', JSON.stringify(job));
    },
  },
  {
    name: 'who may not share reads the field and cannot write it, and a role may hide it; a field opens no more than its object',
    async run(server) {
      const s = await scene(server);
      const rights = { account: { read: 'all', update: 'all', create: true, share: 'none', fields: { readers: 'hidden' } }, user: { read: 'all' } };
      const plain = await withRights(server, [], rights);
      const { fields, rights: said } = expect(await plain.client.get('/meta'), 200).objects.find((o) => o.object === 'account');
      assert.equal(said.fields.collaborators, 'read');
      assert.equal(fields.find((f) => f.name === 'readers'), undefined);
      expect(await s.owner.client.patch(s.path, { readers: [s.third.id], collaborators: [s.other.id] }), 200);
      const seen = expect(await plain.client.get(s.path), 200);
      assert.equal(seen.readers, undefined);
      assert.deepEqual(ids(seen.collaborators), [s.other.id]);
      expectProblem(await plain.client.get(`/accounts?filter=${q('me() in readers')}`), 400, 'bad_expression');
      assert.equal(fieldError(expectProblem(await plain.client.patch(s.path, { collaborators: [] }), 422, 'validation'), 'collaborators').code, 'read_only');
      assert.equal(fieldError(expectProblem(await plain.client.post('/accounts', { name: 'n', collaborators: [plain.id] }), 422, 'validation'), 'collaborators').code, 'read_only');
    },
  },
  {
    name: 'a field of one\'s own opens records too, goes into the bin with its shares, and comes back with them',
    async run(server) {
      const admin = by(server);
      const name = unique('dock').replace(/[^a-z0-9]/g, '');
      const other = await makeUser(server, ['seller']);
      const field = { name: 'expert', type: 'link', to: 'user', shares: 'edit', inverse: `${name}_by` };
      expect(await admin.post('/meta/objects', { object: name, plural: `${name}s`, title: 'name', traits: ['owned'], fields: [{ name: 'name', type: 'text', required: true }, field] }), 201);
      const form = expect(await admin.get('/meta/access/seller'), 200);
      expect(await admin.put('/meta/access/seller', { ...form, objects: { ...form.objects, [name]: { read: 'own', update: 'own', create: false } } }), 200);
      for (const bad of [{ ...field, name: 'x', to: 'account' }, { ...field, name: 'y', shares: 'all' }]) expect(await admin.post(`/meta/objects/${name}/fields`, bad), 422);
      const record = await create(admin, `${name}s`, { name: 'one', expert: other.id });
      const path = `/${name}s/${record.id}`;
      expect(await other.client.patch(path, { name: 'two' }), 200);
      expect(await admin.delete(`/meta/objects/${name}/fields/expert`), 204);
      expect(await other.client.get(path), 404);
      expect(await admin.post(`/meta/objects/${name}/fields/expert/restore`), 200);
      expect(await other.client.get(path), 200);
      expect(await admin.patch(path, { expert: null }), 200);
      expect(await other.client.get(path), 404);
      expect(await admin.put('/meta/access/seller', form), 200);
    },
  },
  {
    name: 'who is added is told; a hand-over gives the names on',
    async run(server) {
      const s = await scene(server);
      expect(await s.owner.client.patch(s.path, { collaborators: [s.other.id] }), 200);
      const told = async () => expect(await s.other.client.get('/me/messages'), 200).items.filter((m) => m.kind === 'shared' && JSON.stringify(m).includes(s.id));
      for (let i = 0; (await told()).length === 0; i++) {
        assert.ok(i < 200, 'no message came');
        await new Promise((go) => setTimeout(go, 50));
      }
      await waitForJob(s.admin, await s.admin.post(`/users/${s.other.id}/hand-over`, { to: s.third.id }));
      assert.deepEqual(ids(expect(await s.owner.client.get(s.path), 200).collaborators), [s.third.id]);
      expect(await s.third.client.patch(s.path, { description: 'mine now' }), 200);
      expect(await s.other.client.get(s.path), 404);
    },
  },
  {
    name: 'follow-ups are seen with what they are about, through every door, and deals where the setup says so',
    async run(server) {
      const s = await scene(server);
      const mark = unique('talk');
      const made = await create(s.owner.client, 'followups', { about: { object: 'account', id: s.id }, content: `${mark} about the offer`, method: 'phone' });
      const deal = await create(s.owner.client, 'opportunities', { name: `${mark} deal`, account: s.id });
      const doors = async (plural, id, filter) => [
        (await s.other.client.get(`/${plural}/${id}`)).status,
        (await s.other.client.get(`/${plural}/${id}/history`)).status,
        expect(await s.other.client.get(`/${plural}?count=exact&filter=${q(filter)}`), 200).count.value,
        expect(await s.other.client.get(`/search?q=${q(mark)}`), 200).items.filter((i) => i.id === id).length,
      ];
      assert.deepEqual(await doors('followups', made.id, `content ~ "${mark}"`), [404, 404, 0, 0]);
      expect(await s.owner.client.patch(s.path, { readers: [s.other.id] }), 200);
      const found = await doors('followups', made.id, `content ~ "${mark}"`);
      assert.deepEqual(found.slice(0, 3), [200, 200, 1]);
      assert.ok(JSON.stringify(expect(await s.other.client.get(`${s.path}/timeline`), 200)).includes(mark));
      expectProblem(await s.other.client.patch(`/followups/${made.id}`, { content: 'x' }), 403, 'forbidden');
      assert.equal((await s.third.client.get(`/followups/${made.id}`)).status, 404);
      assert.deepEqual(await doors('opportunities', deal.id, `name ~ "${mark}"`), [404, 404, 0, 0]);
      expect(await s.admin.patch('/meta/objects/opportunity/fields/account', { visible_with: true }), 200);
      assert.deepEqual(await doors('opportunities', deal.id, `name ~ "${mark}"`), [200, 200, 1, 1]);
      expect(await s.admin.patch('/meta/objects/opportunity/fields/account', { visible_with: false }), 200);
      assert.deepEqual(await doors('opportunities', deal.id, `name ~ "${mark}"`), [404, 404, 0, 0]);
      expect(await s.owner.client.patch(s.path, { readers: [] }), 200);
      assert.deepEqual(await doors('followups', made.id, `content ~ "${mark}"`), [404, 404, 0, 0]);
    },
  },
];
