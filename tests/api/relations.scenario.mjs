// SPDX-License-Identifier: Apache-2.0
// Links to any object, links as sets, objects between two others, trees: forms, paths, related lists,
// delete rules, history and undo.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, walk } from './lib.mjs';

const q = encodeURIComponent;
const ids = (list) => list.map((item) => item.id).sort();
const find = async (client, plural, filter) => ids(await walk(client, `/${plural}?filter=${q(filter)}`));

// memo: about anything; seat: a line between a dinner and its guests, with attributes of its own.
const memo = {
  object: 'memo', plural: 'memos', title: 'name', traits: ['owned'],
  fields: [
    { name: 'name', type: 'text', required: true },
    { name: 'about', type: 'any_link', to: ['account', 'contact'], inverse: 'memos' },
    { name: 'near', type: 'any_link', inverse: 'memos_near', on_delete: 'restrict' },
    { name: 'under', type: 'any_link', to: ['dinner'], inverse: 'memos_under', on_delete: 'cascade' },
    { name: 'people', type: 'links', to: 'contact', inverse: 'memos_with' },
    { name: 'similar', type: 'links', to: 'memo', inverse: 'similar_to' },
    { name: 'parent', type: 'link', to: 'memo', inverse: 'parts' },
    { name: 'next', type: 'link', to: 'memo', inverse: 'before' },
  ],
};
const dinner = { object: 'dinner', plural: 'dinners', title: 'name', traits: ['owned'], fields: [{ name: 'name', type: 'text', required: true }] };
const seat = {
  object: 'seat', plural: 'seats', title: 'id', traits: ['line'],
  fields: [
    { name: 'dinner', type: 'link', to: 'dinner', required: true, inverse: 'seats' },
    { name: 'guest', type: 'link', to: 'contact', inverse: 'seats' },
    { name: 'dish', type: 'text' },
  ],
};

async function declare(admin, ...objects) {
  for (const object of objects) {
    if ((await admin.get(`/meta/objects/${object.object}`)).status !== 200) expect(await admin.post('/meta/objects', object), 201);
  }
}
const ready = async (server) => {
  const admin = by(server);
  await declare(admin, dinner, memo, seat);
  return admin;
};

export const tests = [
  {
    name: 'a link to any object is written, read, refused and listed from the other side',
    async run(server) {
      const admin = await ready(server);
      const account = await create(admin, 'accounts', { name: unique('about') });
      const row = await create(admin, 'memos', { name: 'm', about: { object: 'account', id: account.id } });
      assert.deepEqual(row.about, { object: 'account', id: account.id, title: account.name });
      assert.deepEqual(expect(await admin.get(`/memos/${row.id}`), 200).about, row.about);
      const list = expect(await admin.get(`/memos?filter=${q(`about = "${account.id}"`)}`), 200);
      assert.deepEqual(list.items.map((item) => item.about), [row.about]);
      assert.deepEqual(ids(expect(await admin.get(`/accounts/${account.id}/related/memos`), 200).items), [row.id]);
      const matched = expect(await admin.patch(`/memos/${row.id}`, { about: { object: 'account', match: { name: account.name } } }), 200);
      assert.equal(matched.version, row.version, 'the same link again changes nothing');
      for (const [about, code] of [
        [{ object: 'user', id: account.id }, 'bad_value'], [{ object: 'nothing', id: '1' }, 'bad_value'], [{ object: 'contact', id: account.id }, 'no_match'],
        [{ object: 'account', id: '99' }, 'no_match'], ['99', 'bad_value'], [{ id: account.id }, 'bad_value'], [[], 'bad_value'],
      ]) {
        const problem = expectProblem(await admin.patch(`/memos/${row.id}`, { about }), 422, 'validation');
        assert.equal(fieldError(problem, 'about').code, code, JSON.stringify(about));
      }
      const cleared = expect(await admin.patch(`/memos/${row.id}`, { about: null }), 200);
      assert.equal(cleared.about, null);
      const history = expect(await admin.get(`/memos/${row.id}/history`), 200);
      assert.deepEqual(history.items[0].changes, [{ field: 'about', old: row.about, new: null }]);
    },
  },
  {
    name: 'paths go through a link to any object, by kind',
    async run(server) {
      const admin = await ready(server);
      const account = await create(admin, 'accounts', { name: unique('kind'), level: 'A' }).catch(() => create(admin, 'accounts', { name: unique('kind') }));
      const contact = await create(admin, 'contacts', { name: unique('person'), account: account.id });
      const a = await create(admin, 'memos', { name: unique('of-account'), about: { object: 'account', id: account.id } });
      const c = await create(admin, 'memos', { name: unique('of-contact'), about: { object: 'contact', id: contact.id } });
      assert.deepEqual(await find(admin, 'memos', `about.account.name = "${account.name}"`), [a.id]);
      assert.deepEqual(await find(admin, 'memos', `about.contact.account.name = "${account.name}"`), [c.id]);
      assert.deepEqual(await find(admin, 'memos', `about.contact.account = "${account.id}" or about.account = "${account.id}"`), ids([a, c]));
      assert.deepEqual(await find(admin, 'memos', `about.object = "contact" and about.contact.name ~ "${contact.name}"`), [c.id]);
      assert.deepEqual(await find(admin, 'accounts', `any(memos, name = "${a.name}") and count(memos) = 1`), [account.id]);
      assert.deepEqual(await find(admin, 'memos', `about.account is null and about is not null and name = "${c.name}"`), [c.id]);
      const kinds = expect(await admin.post('/memos/aggregate', { group: ['about.object'], measures: ['count'], filter: `name in ("${a.name}","${c.name}")` }), 200);
      assert.deepEqual(kinds.rows.map((r) => [r['about.object'], r.count]).sort(), [['account', 1], ['contact', 1]]);
      const sorted = expect(await admin.get(`/memos?fields=name,about.account.name&sort=about.account.name&filter=${q(`name in ("${a.name}","${c.name}")`)}`), 200);
      assert.deepEqual(sorted.items.map((r) => r['about.account.name']), [account.name, null]);
      for (const [filter, at] of [['about.object = "acount"', 15], ['about.lead.name = "x"', 6], ['about.name = "x"', 6], ['about.account.nam = "x"', 14]]) {
        const problem = expectProblem(await admin.get(`/memos?filter=${q(filter)}`), 400, 'bad_expression');
        assert.equal(problem.errors[0].at, at, filter);
      }
    },
  },
  {
    name: 'what one may not see behind a link to any object is null, and no way in',
    async run(server) {
      const admin = await ready(server);
      const rights = { memo: { read: 'all', create: true, update: 'all' }, account: { read: 'own', create: true, update: 'own' } };
      expect(await admin.put('/meta/access/seller', { role: 'seller', objects: rights }), 200);
      const seller = await makeUser(server, ['seller']);
      const hidden = await create(admin, 'accounts', { name: unique('hidden') });
      const row = await create(admin, 'memos', { name: unique('seen'), about: { object: 'account', id: hidden.id } });
      const seen = expect(await seller.client.get(`/memos/${row.id}`), 200);
      assert.deepEqual(seen.about, { object: 'account', id: hidden.id, title: null });
      assert.deepEqual(await find(seller.client, 'memos', `about.account.name = "${hidden.name}"`), []);
      const problem = expectProblem(await seller.client.post('/memos', { name: 'x', about: { object: 'account', id: hidden.id } }), 422, 'validation');
      assert.equal(fieldError(problem, 'about').code, 'no_match');
      expectProblem(await seller.client.get(`/memos?filter=${q('under.dinner.name = "x"')}`), 400, 'bad_expression');
    },
  },
  {
    name: 'delete rules hold for links to any object: clear with history, restrict, cascade and back',
    async run(server) {
      const admin = await ready(server);
      const account = await create(admin, 'accounts', { name: unique('gone') });
      const table = await create(admin, 'dinners', { name: 'd' });
      const clear = await create(admin, 'memos', { name: 'clear', about: { object: 'account', id: account.id } });
      const keep = await create(admin, 'memos', { name: 'keep', near: { object: 'dinner', id: table.id } });
      expectProblem(await admin.delete(`/dinners/${table.id}`), 409, 'conflict');
      expect(await admin.patch(`/memos/${keep.id}`, { near: { object: 'memo', id: clear.id } }), 200);
      const follows = await create(admin, 'memos', { name: 'under', under: { object: 'dinner', id: table.id } });
      expect(await admin.delete(`/dinners/${table.id}`), 204);
      expectProblem(await admin.get(`/memos/${follows.id}`), 410, 'gone');
      expect(await admin.post(`/dinners/${table.id}/restore`, {}), 200);
      assert.equal(expect(await admin.get(`/memos/${follows.id}`), 200).under.id, table.id);
      expect(await admin.delete(`/accounts/${account.id}`), 204);
      assert.equal(expect(await admin.get(`/memos/${clear.id}`), 200).about, null);
      const last = expect(await admin.get(`/memos/${clear.id}/history`), 200).items[0];
      assert.equal(last.changes[0].field, 'about');
    },
  },
  {
    name: 'links are added and removed one by one, lead to their own object, and are left by a delete',
    async run(server) {
      const admin = await ready(server);
      const [x, y, z] = await Promise.all(['x', 'y', 'z'].map((n) => create(admin, 'contacts', { name: unique(n) })));
      const row = await create(admin, 'memos', { name: unique('set'), people: [x.id, y.id] });
      const patched = expect(await admin.patch(`/memos/${row.id}`, { people: { add: [z.id, x.id], remove: [y.id, '77'] } }), 200);
      assert.deepEqual(ids(patched.people), ids([x, z]));
      assert.deepEqual(await find(admin, 'memos', `people in ("${z.id}")`), [row.id]);
      assert.deepEqual(await find(admin, 'memos', `people in ("${y.id}")`), []);
      assert.deepEqual(ids(expect(await admin.get(`/contacts/${z.id}/related/memos_with`), 200).items), [row.id]);
      for (const people of [{}, { plus: [x.id] }, { add: x.id }, { add: ['99'] }, 'x']) {
        expectProblem(await admin.patch(`/memos/${row.id}`, { people }), 422, 'validation');
      }
      const twin = await create(admin, 'memos', { name: unique('twin'), similar: [row.id] });
      expect(await admin.patch(`/memos/${row.id}`, { similar: [row.id, twin.id] }), 200);
      assert.deepEqual(ids(expect(await admin.get(`/memos/${row.id}/related/similar_to`), 200).items), ids([row, twin]));
      expect(await admin.delete(`/contacts/${z.id}`), 204);
      const after = expect(await admin.get(`/memos/${row.id}`), 200);
      assert.deepEqual(ids(after.people), [x.id]);
      assert.deepEqual(expect(await admin.get(`/memos/${row.id}/history`), 200).items[0].changes.map((c) => c.field), ['people']);
      expect(await admin.delete(`/memos/${row.id}`), 204);
      assert.deepEqual(await find(admin, 'memos', `people in ("${x.id}")`), []);
      expect(await admin.post(`/memos/${row.id}/restore`, {}), 200);
      assert.deepEqual(await find(admin, 'memos', `people in ("${x.id}")`), [row.id]);
    },
  },
  {
    name: 'an object between two others is listed from both and dies with its parent',
    async run(server) {
      const admin = await ready(server);
      const table = await create(admin, 'dinners', { name: unique('table') });
      const guest = await create(admin, 'contacts', { name: unique('guest') });
      const line = await create(admin, 'seats', { dinner: table.id, guest: guest.id, dish: '鱼' });
      assert.deepEqual(ids(expect(await admin.get(`/dinners/${table.id}/related/seats`), 200).items), [line.id]);
      const counted = expect(await admin.get(`/dinners/${table.id}/related`), 200).items;
      assert.deepEqual(counted.find((c) => c.relation === 'seats'), { relation: 'seats', count: { value: 1, exact: true } });
      const before = expect(await admin.get(`/contacts/${guest.id}/related?as_of=2020-01-01`), 404);
      assert.equal(before.code, 'not_found');
      assert.deepEqual(ids(expect(await admin.get(`/contacts/${guest.id}/related/seats`), 200).items), [line.id]);
      assert.deepEqual(await find(admin, 'dinners', `any(seats, guest.name = "${guest.name}" and dish = "鱼")`), [table.id]);
      expect(await admin.delete(`/contacts/${guest.id}`), 204);
      assert.equal(expect(await admin.get(`/seats/${line.id}`), 200).guest, null);
      expect(await admin.delete(`/dinners/${table.id}`), 204);
      expectProblem(await admin.get(`/seats/${line.id}`), 410, 'gone');
    },
  },
  {
    name: 'a tree closes no circle and has an end; a link that is no tree may',
    async run(server) {
      const admin = await ready(server);
      const top = await create(admin, 'memos', { name: 'top' });
      const middle = await create(admin, 'memos', { name: 'middle', parent: top.id });
      const leaf = await create(admin, 'memos', { name: 'leaf', parent: middle.id, next: top.id });
      for (const up of [top.id, middle.id, leaf.id]) {
        const problem = expectProblem(await admin.patch(`/memos/${top.id}`, { parent: up }), 422, 'validation');
        assert.equal(fieldError(problem, 'parent').code, 'cycle');
      }
      expect(await admin.patch(`/memos/${top.id}`, { next: leaf.id }), 200);
      expect(await admin.patch(`/memos/${leaf.id}`, { parent: top.id }), 200);
      let id = top.id;
      for (let i = 0; i < 63; i++) id = (await create(admin, 'memos', { name: `deep ${i}`, parent: id })).id;
      const problem = expectProblem(await admin.post('/memos', { name: 'too deep', parent: id }), 422, 'validation');
      assert.equal(fieldError(problem, 'parent').code, 'too_deep');
      // Two moves at a time that would each be right alone.
      const [a, b] = await Promise.all(['a', 'b'].map((name) => create(admin, 'memos', { name })));
      const moves = await Promise.all([admin.patch(`/memos/${a.id}`, { parent: b.id }), admin.patch(`/memos/${b.id}`, { parent: a.id })]);
      assert.deepEqual(moves.map((m) => m.status).sort(), [200, 422]);
    },
  },
];
