// SPDX-License-Identifier: Apache-2.0
// Previews: what a role's form or a sharing rule would open and close is what is open and closed once it is saved.
import { assert, by, create, expect, expectProblem, makeUser, rulesFilled, unique } from './lib.mjs';

const q = encodeURIComponent;
const word = (text) => unique(text).replace(/[^a-z0-9_]/g, '_');

/** What each of them reads and may change of the records of the test. */
async function state(people, mark) {
  const seen = { read: [], update: [] };
  for (const person of people) {
    const list = expect(await person.client.get(`/accounts?fields=name&limit=200&filter=${q(`name starts "${mark}"`)}`), 200);
    for (const item of list.items) {
      seen.read.push(`${person.id} ${item.id}`);
      if (expect(await person.client.get(`/accounts/${item.id}/access`), 200).update) seen.update.push(`${person.id} ${item.id}`);
    }
  }
  return seen;
}

const minus = (a, b) => a.filter((x) => !b.includes(x)).length;

/** Preview first, then the change itself, then both must say the same. */
function agrees(told, before, after, of) {
  for (const action of ['read', 'update']) {
    assert.equal(told[action].gained.records, minus(after[action], before[action]), `${of}: ${action} gained ${JSON.stringify(told)}`);
    assert.equal(told[action].lost.records, minus(before[action], after[action]), `${of}: ${action} lost ${JSON.stringify(told)}`);
  }
}

export const tests = [
  {
    name: 'a sharing rule, made, changed in each part and removed, does what was told of it',
    async run(server) {
      const admin = by(server);
      const mark = word('told');
      const owner = await makeUser(server, ['seller']);
      const people = [await makeUser(server, ['seller']), await makeUser(server, ['seller']), await makeUser(server, ['agent'])];
      const team = await create(admin, 'teams', { name: mark });
      for (const p of people.slice(0, 2)) await create(admin, 'team_members', { team: team.id, user: p.id });
      for (const year of [1990, 1995, 2000, 2005, 2010]) await create(owner.client, 'accounts', { name: mark + year, founded_year: year });
      await create(people[0].client, 'accounts', { name: `${mark}own`, founded_year: 2010 });
      const when = (text) => `name starts "${mark}" and ${text}`;
      const steps = [
        { object: 'account', when: when('founded_year >= 2000'), with: { team: team.id }, level: 'read' },
        { when: when('founded_year <= 2000'), with: { team: team.id }, level: 'read' },
        { when: when('founded_year <= 2000'), with: { team: team.id }, level: 'edit' },
        { when: when('founded_year >= 1995 and founded_year < 2010'), with: { user: people[1].id }, level: 'edit' },
        { when: when('founded_year >= 1995'), with: { user: people[1].id }, level: 'read' },
      ];
      let id = null;
      let before = await state(people, mark);
      for (const [i, step] of steps.entries()) {
        const told = expect(await admin.post('/meta/sharing-rules/preview', id ? { id, ...step } : step), 200);
        assert.deepEqual(await state(people, mark), before, 'a preview saves nothing');
        const saved = id ? expect(await admin.put(`/meta/sharing-rules/${id}`, step), 200) : expect(await admin.post('/meta/sharing-rules', step), 201);
        id = saved.id;
        await rulesFilled(admin);
        const after = await state(people, mark);
        assert.equal(told.people, step.with.team ? 2 : i === 3 ? 2 : 1, `step ${i}`);
        agrees(told, before, after, `step ${i}`);
        assert.equal(new Set([...told.read.gained.samples, ...told.read.lost.samples].map((s) => s.title)).size <= 6, true);
        before = after;
      }
      const told = expect(await admin.post('/meta/sharing-rules/preview', { id, remove: true }), 200);
      assert.ok(told.read.lost.records > 0 && told.read.lost.samples.every((s) => s.title.startsWith(mark)));
      expect(await admin.delete(`/meta/sharing-rules/${id}`), 204);
      agrees(told, before, await state(people, mark), 'removed');
    },
  },
  {
    name: 'a preview of a rule refuses what the rule itself would be refused for',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const ask = (body, client = admin) => client.post('/meta/sharing-rules/preview', body);
      expectProblem(await ask({ object: 'account', when: 'level = "key"', with: { everyone: true } }, seller.client), 403, 'forbidden');
      expectProblem(await ask({ object: 'order_line', when: 'quantity > 1', with: { everyone: true } }), 422, 'validation');
      expectProblem(await ask({ object: 'account', when: 'levl = 1', with: { everyone: true } }), 422, 'validation');
      expectProblem(await ask({ object: 'account', when: 'level = "key"', with: { team: '4242' } }), 422, 'validation');
      expectProblem(await ask({ id: '424242', remove: true }), 422, 'validation');
      const all = expect(await ask({ object: 'account', when: 'name = "nobody at all"', with: { everyone: true } }), 200);
      assert.ok(all.people >= 2 && all.looked_at >= Math.min(all.people, 10) && all.looked_at <= all.people);
      assert.equal(all.read.gained.records + all.read.lost.records, 0);
    },
  },
  {
    name: 'a role: actions, fields and system rights are told as they turn out',
    async run(server) {
      const admin = by(server);
      const code = word('told');
      const mark = word('role');
      const role = await create(admin, 'roles', { code, name: code });
      const base = { account: { read: 'own', update: 'own', create: false, delete: 'none', fields: { phone: 'masked', email: 'hidden' } } };
      expect(await admin.put(`/meta/access/${code}`, { objects: base, system: ['audit'] }), 200);
      const people = [await makeUser(server, [code]), await makeUser(server, [code, 'seller'])];
      for (const [i, p] of people.entries()) {
        for (const n of [1, 2, 3].slice(0, 3 - i)) await create(admin, 'accounts', { name: `${mark}${i}${n}`, owner: p.id, ...(n < 3 ? { phone: `1390013800${n}` } : {}) });
      }
      const next = { objects: { account: { read: 'own', update: 'none', create: true, delete: 'own', fields: { phone: 'read', industry: 'hidden' } } }, system: ['view_as', 'view_as'] };
      const told = expect(await admin.post(`/meta/access/${code}/preview`, next), 200);
      assert.equal(told.people, 2);
      assert.equal(told.complete, true);
      assert.deepEqual(told.objects, []);
      const action = (name) => told.actions.find((a) => a.action === name);
      // the other role of the second person lets him update and create what is his, and sees all fields: only the first is told of
      assert.deepEqual([action('update').lost.people, action('update').lost.records, action('update').gained.records], [1, 3, 0]);
      assert.deepEqual([action('create').gained.people, action('create').lost.people], [1, 0]);
      assert.deepEqual([action('delete').gained.people, action('delete').gained.records], [2, 5]);
      const field = (name) => told.fields.filter((f) => f.field === name).map((f) => [f.from, f.to, f.people, f.records]);
      assert.deepEqual(field('phone'), [['masked', 'read', 1, 2]]);
      assert.deepEqual(field('email'), [['hidden', 'write', 1, 0]]);
      assert.deepEqual(field('industry'), [['write', 'hidden', 1, 0]]);
      assert.equal(told.fields.length, 3);
      assert.deepEqual(told.fields.filter((f) => f.field === 'phone').map((f) => [f.from_style, f.to_style]), [['auto', undefined]]);
      const styled = expect(await admin.post(`/meta/access/${code}/preview`, { objects: { account: { ...base.account, fields: { phone: 'masked:full', email: 'hidden' } } } }), 200);
      assert.deepEqual(styled.fields.map((f) => [f.field, f.from, f.from_style, f.to, f.to_style, f.people, f.records]), [['phone', 'masked', 'auto', 'masked', 'full', 1, 2]]);
      assert.deepEqual(told.system.map((s) => [s.right, s.gained.people, s.lost.people]), [['view_as', 2, 0], ['audit', 0, 2]]);
      assert.deepEqual(new Set(told.system[0].gained.samples.map((s) => s.id)), new Set(people.map((p) => p.id)));
      expect(await admin.put(`/meta/access/${code}`, next), 200);
      const mine = expect(await people[0].client.get(`/accounts?filter=${q(`name starts "${mark}"`)}&fields=name,phone`), 200).items;
      assert.deepEqual(mine.map((r) => r.phone ?? null).sort(), ['13900138001', '13900138002', null].sort());
      expectProblem(await people[0].client.patch(`/accounts/${mine[0].id}`, { name: 'x' }), 403, 'forbidden');
      expect(await people[0].client.delete(`/accounts/${mine[0].id}`), 204);
      assert.deepEqual(expect(await people[0].client.get('/me'), 200).rights.system, ['view_as', 'view_as']);
      assert.equal(role.code, code);
    },
  },
];
