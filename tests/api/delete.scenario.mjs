// SPDX-License-Identifier: Apache-2.0
// Delete rules in chains and circles: what is refused changes nothing, what goes comes back whole, and nobody deletes what they may not.
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const word = (s) => unique(s).replace('-', '_');

async function chain(admin, rules) {
  const names = [];
  for (const rule of [null, ...rules]) {
    const object = word('link');
    const fields = [{ name: 'name', type: 'text' }];
    if (rule) fields.push({ name: 'up', type: 'link', to: names.at(-1), inverse: word('downs'), on_delete: rule });
    expect(await admin.post('/meta/objects', { object, plural: `${object}s`, fields }), 201);
    names.push(object);
  }
  return names;
}
const there = async (admin, object, id) => (await admin.get(`/${object}s/${id}`)).status;

export const tests = [
  {
    name: 'cascade then restrict: the delete is refused and nothing of the chain is gone',
    async run(server) {
      const admin = by(server);
      const [a, b, c] = await chain(admin, ['cascade', 'restrict']);
      const top = await create(admin, `${a}s`, { name: 'a' });
      const mid = await create(admin, `${b}s`, { name: 'b', up: top.id });
      const low = await create(admin, `${c}s`, { name: 'c', up: mid.id });
      expectProblem(await admin.delete(`/${a}s/${top.id}`), 409, 'conflict');
      assert.deepEqual([await there(admin, a, top.id), await there(admin, b, mid.id), await there(admin, c, low.id)], [200, 200, 200]);
      expect(await admin.delete(`/${c}s/${low.id}`), 204);
      expect(await admin.delete(`/${a}s/${top.id}`), 204);
      assert.deepEqual([await there(admin, a, top.id), await there(admin, b, mid.id)], [410, 410]);
      expect(await admin.post(`/${a}s/${top.id}/restore`), 200);
      assert.deepEqual([await there(admin, a, top.id), await there(admin, b, mid.id), await there(admin, c, low.id)], [200, 200, 410]);
    },
  },
  {
    name: 'cascade then clear: the last link is emptied, in history too',
    async run(server) {
      const admin = by(server);
      const [a, b, c] = await chain(admin, ['cascade', 'clear']);
      const top = await create(admin, `${a}s`, { name: 'a' });
      const mid = await create(admin, `${b}s`, { name: 'b', up: top.id });
      const low = await create(admin, `${c}s`, { name: 'c', up: mid.id });
      expect(await admin.delete(`/${a}s/${top.id}`), 204);
      assert.equal(await there(admin, b, mid.id), 410);
      const kept = expect(await admin.get(`/${c}s/${low.id}`), 200);
      assert.deepEqual([kept.up, kept.version], [null, 2]);
      const told = expect(await admin.get(`/${c}s/${low.id}/history`), 200).items[0].changes.find((x) => x.field === 'up');
      assert.deepEqual([told.old.id, told.new], [mid.id, null]);
    },
  },
  {
    name: 'circles: records that cascade into one another go together and end',
    async run(server) {
      const admin = by(server);
      const object = word('ring');
      expect(await admin.post('/meta/objects', { object, plural: `${object}s`, fields: [{ name: 'name', type: 'text' }] }), 201);
      expect(await admin.post(`/meta/objects/${object}/fields`, { name: 'next', type: 'link', to: object, inverse: word('befores'), on_delete: 'cascade' }), 201);
      const rows = [];
      for (let i = 0; i < 3; i++) rows.push(await create(admin, `${object}s`, { name: `${i}`, next: rows.at(-1)?.id ?? null }));
      expect(await admin.patch(`/${object}s/${rows[0].id}`, { next: rows[2].id }), 200);
      const states = () => Promise.all(rows.map((r) => there(admin, object, r.id)));
      expect(await admin.delete(`/${object}s/${rows[1].id}`), 204);
      assert.deepEqual(await states(), [410, 410, 410]);
      expect(await admin.post(`/${object}s/${rows[1].id}/restore`), 200);
      assert.deepEqual(await states(), [200, 200, 200]);
      assert.equal(expect(await admin.get(`/${object}s/${rows[0].id}`), 200).next.id, rows[2].id);
      const self = await create(admin, `${object}s`, { name: 'self' });
      expect(await admin.patch(`/${object}s/${self.id}`, { next: self.id }), 200);
      expect(await admin.delete(`/${object}s/${self.id}`), 204);
    },
  },
  {
    name: 'a restrict of a link to itself holds no record back',
    async run(server) {
      const admin = by(server);
      const object = word('own');
      expect(await admin.post('/meta/objects', { object, plural: `${object}s`, fields: [{ name: 'name', type: 'text' }] }), 201);
      expect(await admin.post(`/meta/objects/${object}/fields`, { name: 'next', type: 'link', to: object, inverse: word('befores'), on_delete: 'restrict' }), 201);
      const one = await create(admin, `${object}s`, { name: '1' });
      const two = await create(admin, `${object}s`, { name: '2', next: one.id });
      expectProblem(await admin.delete(`/${object}s/${one.id}`), 409, 'conflict');
      expect(await admin.patch(`/${object}s/${two.id}`, { next: two.id }), 200);
      const three = await create(admin, `${object}s`, { name: '3', next: two.id });
      expectProblem(await admin.delete(`/${object}s/${two.id}`), 409, 'conflict');
      expect(await admin.delete(`/${object}s/${three.id}`), 204);
      expect(await admin.delete(`/${object}s/${one.id}`), 204);
      expect(await admin.delete(`/${object}s/${two.id}`), 204);
    },
  },
  {
    name: 'who may delete the parent but not a child deletes neither',
    async run(server) {
      const admin = by(server);
      const [a, b] = await chain(admin, ['cascade']);
      const role = word('deleter');
      const all = { read: 'all', create: true, update: 'all' };
      await create(admin, 'roles', { code: role, name: role });
      expect(await admin.put(`/meta/access/${role}`, { role, objects: { [a]: { ...all, delete: 'all' }, [b]: { ...all, delete: 'none' } } }), 200);
      const user = await makeUser(server, [role]);
      const top = await create(admin, `${a}s`, { name: 'a' });
      const low = await create(admin, `${b}s`, { name: 'b', up: top.id });
      expectProblem(await user.client.delete(`/${a}s/${top.id}`), 403, 'forbidden');
      assert.deepEqual([await there(admin, a, top.id), await there(admin, b, low.id)], [200, 200]);
      expect(await admin.delete(`/${b}s/${low.id}`), 204);
      expect(await user.client.delete(`/${a}s/${top.id}`), 204);
    },
  },
  {
    name: 'a record that leads to the deleted one by several links is cleared of all of them, once',
    async run(server) {
      const admin = by(server);
      const [up, down] = ['upper', 'lower'].map((word) => unique(word).replace(/[^a-z0-9]/g, ''));
      const fields = [{ name: 'name', type: 'text', required: true }];
      expect(await admin.post('/meta/objects', { object: up, plural: `${up}s`, title: 'name', fields }), 201);
      const links = [['first', 'link', up], ['second', 'link', up], ['many', 'links', up], ['about', 'any_link', [up]]];
      expect(await admin.post('/meta/objects', { object: down, plural: `${down}s`, title: 'name', fields: [...fields, ...links.map(([name, type, to]) => ({ name, type, to, inverse: `${down}_${name}`, on_delete: 'clear' }))] }), 201);
      const [gone, stays] = [await create(admin, `${up}s`, { name: 'gone' }), await create(admin, `${up}s`, { name: 'stays' })];
      const row = await create(admin, `${down}s`, { name: 'row', first: gone.id, second: gone.id, many: [gone.id, stays.id], about: { object: up, id: gone.id } });
      expect(await admin.delete(`/${up}s/${gone.id}`), 204);
      const left = expect(await admin.get(`/${down}s/${row.id}`), 200);
      assert.deepEqual([left.first, left.second, left.about, left.many.map((l) => l.id), left.version], [null, null, null, [stays.id], 2]);
    },
  },
];
