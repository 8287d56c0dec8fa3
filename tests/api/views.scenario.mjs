// SPDX-License-Identifier: Apache-2.0
// Saved views: made, changed, shared, pinned and used by the people they are for, with their own rights.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

const q = encodeURIComponent;
const label = (zh, en) => ({ 'zh-CN': zh, en });
const mine = (more = {}) => ({ object: 'account', label: label('苏州', 'Suzhou'), filter: 'name ~ "苏"', sort: ['-name'], columns: [{ field: 'name', width: 240 }, 'phone'], ...more });
const viewsOf = async (client, object = 'account') => expect(await client.get(`/me/views?object=${object}`), 200);
const named = (answer, view) => answer.items.find((v) => v.view === view);

export const tests = [
  {
    name: 'a view is saved, read, changed, used by a list and deleted',
    async run(server) {
      const { client, id } = await makeUser(server, ['seller']);
      const made = await client.post('/me/views', mine());
      const view = expect(made, 201);
      assert.match(view.view, /^v\d+$/);
      assert.equal(made.headers.location, `/api/v1/me/views/${view.view}`);
      assert.deepEqual([view.kind, view.mine, view.owner.id, view.group, view.shared_with], ['table', true, id, null, null]);
      assert.deepEqual((await viewsOf(client)).items, [view]);
      assert.deepEqual(expect(await client.get('/me/views'), 200).items, [view]);
      assert.deepEqual((await viewsOf(client, 'contact')).items, []);
      const changed = expect(await client.patch(`/me/views/${view.view}`, { label: label('苏', 'Su'), sort: ['name'], filter: null }), 200);
      assert.deepEqual([changed.label['zh-CN'], changed.sort, changed.filter, changed.columns.length], ['苏', ['name'], null, 2]);
      expect(await client.patch(`/me/views/${view.view}`, { filter: 'name ~ "甲"' }), 200);
      const key = unique('k');
      for (const name of [`${key}乙`, `${key}甲1`, `${key}甲2`]) await create(client, 'accounts', { name });
      const list = expect(await client.get(`/accounts?view=${view.view}&filter=${q(`name ~ "${key}"`)}`), 200);
      assert.deepEqual(list.items.map((r) => r.name), [`${key}甲1`, `${key}甲2`], 'its filter is added, its sort stands in');
      assert.ok('phone' in list.items[0] && !('website' in list.items[0]), 'its columns too');
      const first = expect(await client.get(`/accounts?view=${view.view}&filter=${q(`name ~ "${key}"`)}&limit=1`), 200);
      const second = expect(await client.get(`/accounts?view=${view.view}&filter=${q(`name ~ "${key}"`)}&limit=1&after=${q(first.next)}`), 200);
      assert.deepEqual(second.items.map((r) => r.name), [`${key}甲2`]);
      const down = expect(await client.post('/accounts/query', { view: view.view, filter: `name ~ "${key}"`, sort: '-name', fields: 'name' }), 200);
      assert.deepEqual(down.items.map((r) => r.name), [`${key}甲2`, `${key}甲1`]);
      expectProblem(await client.get(`/contacts?view=${view.view}`), 400, 'bad_parameter');
      expect(await client.delete(`/me/views/${view.view}`), 204);
      assert.deepEqual((await viewsOf(client)).items, []);
      expectProblem(await client.get(`/accounts?view=${view.view}`), 400, 'bad_parameter');
      expectProblem(await client.delete(`/me/views/${view.view}`), 404, 'not_found');
      expectProblem(await client.patch(`/me/views/${view.view}`, { sort: [] }), 404, 'not_found');
    },
  },
  {
    name: 'a view may be cards, places, a line of time or a table of two groups',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      for (const [kind, group] of [['gallery', null], ['map', null], ['timeline', 'created_at,updated_at'], ['pivot', 'level,region']]) {
        const { view } = expect(await client.post('/me/views', mine({ kind, group })), 201);
        const saved = (await viewsOf(client)).items.find((v) => v.view === view);
        assert.deepEqual([saved.kind, saved.group ?? null, saved.problem ?? null], [kind, group, null]);
      }
      const look = expect(await client.post('/me/views', mine({ kind: 'pivot', group: 'level', look: 'measure=sum%3Aregistered_capital' })), 201);
      assert.equal(look.look, 'measure=sum%3Aregistered_capital');
      assert.equal(expect(await client.patch(`/me/views/${look.view}`, { look: null }), 200).look, null);
      for (const wrong of ['x'.repeat(201), 7, {}]) assert.ok(fieldError(expect(await client.post('/me/views', mine({ kind: 'map', look: wrong })), 422), 'look'));
      const refused = expect(await client.post('/me/views', mine({ kind: 'pivot', group: 'level,nothing' })), 400);
      assert.ok(fieldError(refused, 'columns'));
    },
  },
  {
    name: 'what is wrong in a view is told by its part, with the character of a filter',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      const bad = async (more, field, status = 422) => {
        const problem = expect(await client.post('/me/views', mine(more)), status);
        assert.ok(fieldError(problem, field), `${field}: ${JSON.stringify(problem)}`);
        return fieldError(problem, field);
      };
      await bad({ object: 'nothing' }, 'object');
      await bad({ object: undefined }, 'object');
      for (const wrong of [undefined, {}, 'x', { 'zh-CN': ' ' }, { fr: 'x' }, { en: 'x'.repeat(61) }]) await bad({ label: wrong }, 'label');
      await bad({ kind: 'cube' }, 'kind');
      await bad({ filter: 7 }, 'filter');
      await bad({ filter: `name = "${'x'.repeat(9000)}"` }, 'filter');
      assert.equal((await bad({ filter: 'name ~ "a" and nothing = 1' }, 'filter', 400)).at, 15);
      await bad({ sort: ['nothing'] }, 'sort', 400);
      await bad({ sort: ['name,phone'] }, 'sort[0]');
      await bad({ sort: ['a', 'b', 'c', 'd', 'e'] }, 'sort');
      await bad({ columns: [{ field: 'nothing' }] }, 'columns', 400);
      for (const wrong of [{ field: 'name', width: 1 }, { field: 'name', more: 1 }, {}, 7]) await bad({ columns: ['name', wrong] }, 'columns[1]');
      await bad({ group: 'nothing' }, 'columns', 400);
      await bad({ shared_with: 'all' }, 'shared_with');
      await bad({ shared_with: ['everybody'] }, 'shared_with[0]');
      await bad({ shared_with: ['user:77'] }, 'shared_with[0]');
      await bad({ shared_with: ['role:nobody'] }, 'shared_with[0]');
      await bad({ owner: '1' }, 'owner');
      expectProblem(await client.post('/me/views', '[]'), 400, 'bad_json');
      expectProblem(await client.get('/me/views?object=nothing'), 400, 'bad_parameter');
      expectProblem(await client.get('/me/views?other=1'), 400, 'bad_parameter');
      assert.deepEqual((await viewsOf(client)).items, [], 'nothing was saved');
      const zh = expectProblem(await client.post('/me/views', mine({ kind: 'cube' }), { 'Accept-Language': 'zh-CN' }), 422, 'validation');
      assert.match(fieldError(zh, 'kind').message, /只能是/);
    },
  },
  {
    name: 'a view is seen by those it is shared with, and used with their rights',
    async run(server) {
      const admin = by(server);
      const [one, two, three] = [await makeUser(server, ['seller']), await makeUser(server, ['seller']), await makeUser(server, ['finance'])];
      const view = expect(await one.client.post('/me/views', mine({ shared_with: [`user:${two.id}`] })), 201);
      assert.ok(named(await viewsOf(two.client), view.view));
      assert.equal(named(await viewsOf(two.client), view.view).mine, false);
      assert.equal(named(await viewsOf(three.client), view.view), undefined);
      expect(await two.client.get(`/accounts?view=${view.view}`), 200);
      expectProblem(await three.client.get(`/accounts?view=${view.view}`), 400, 'bad_parameter');
      expectProblem(await two.client.patch(`/me/views/${view.view}`, { sort: [] }), 403, 'forbidden');
      expectProblem(await two.client.delete(`/me/views/${view.view}`), 403, 'forbidden');
      expectProblem(await three.client.delete(`/me/views/${view.view}`), 404, 'not_found');
      for (const wide of ['all', 'role:seller']) expectProblem(await one.client.patch(`/me/views/${view.view}`, { shared_with: [wide] }), 403, 'forbidden');
      const wide = expect(await admin.post('/me/views', mine({ shared_with: ['role:finance'] })), 201);
      assert.ok(named(await viewsOf(three.client), wide.view));
      assert.equal(named(await viewsOf(one.client), wide.view), undefined);
      expect(await admin.patch(`/me/views/${wide.view}`, { shared_with: ['all'] }), 200);
      assert.ok(named(await viewsOf(one.client), wide.view));
      expect(await admin.patch(`/me/views/${wide.view}`, { shared_with: null }), 200);
      assert.equal(named(await viewsOf(one.client), wide.view), undefined);
      const own = await create(two.client, 'accounts', { name: unique('苏') });
      const seen = expect(await one.client.get(`/accounts?view=${view.view}&filter=${q(`id = "${own.id}"`)}`), 200);
      assert.equal(seen.items.length, 0, 'records of another seller stay unseen');
    },
  },
  {
    name: 'a view that names a hidden field is not there for whom it is hidden; a removed field is told to the owner',
    async run(server) {
      const admin = by(server);
      const object = unique('crate').replace('-', '_'), plural = `${object}s`;
      expect(await admin.post('/meta/objects', { object, plural, title: 'name', traits: ['owned'], fields: [{ name: 'name', type: 'text' }, { name: 'cost', type: 'integer' }, { name: 'depth', type: 'integer' }] }), 201);
      const seller = expect(await admin.get('/meta/access/seller'), 200);
      seller.objects[object] = { read: 'all', fields: { cost: 'hidden' } };
      expect(await admin.put('/meta/access/seller', seller), 200);
      const { client } = await makeUser(server, ['seller']);
      const save = async (more) => expect(await admin.post('/me/views', { object, label: label('箱', 'Crates'), shared_with: ['all'], ...more }), 201).view;
      const open = await save({ filter: 'depth > 1' }), secret = await save({ filter: 'cost > 1' }), column = await save({ columns: ['name', 'cost'] });
      assert.deepEqual((await viewsOf(client, object)).items.map((v) => v.view), [open]);
      for (const hidden of [secret, column]) assert.ok(named(await viewsOf(admin, object), hidden));
      const refused = expectProblem(await client.get(`/${plural}?view=${secret}`), 400, 'bad_parameter');
      assert.ok(!JSON.stringify(refused).includes('cost'), 'the name is not told');
      const shown = expect(await client.get(`/${plural}?view=${column}`), 200);
      assert.deepEqual(shown.items, []);
      expectProblem(await client.post('/me/views', { object, label: label('x', 'x'), filter: 'cost > 1' }), 400, 'bad_expression');
      expect(await admin.delete(`/meta/objects/${object}/fields/depth`), 204);
      assert.match(named(await viewsOf(admin, object), open).problem, /depth/);
      assert.deepEqual((await viewsOf(client, object)).items, []);
      expect(await admin.patch(`/me/views/${open}`, { filter: null }), 200);
      assert.equal(named(await viewsOf(admin, object), open).problem, undefined);
    },
  },
  {
    name: 'saved views and sharing rules say the new name of a renamed field, and the old one again when the change is reversed',
    async run(server) {
      const admin = by(server);
      const object = unique('barrel').replace('-', '_'), plural = `${object}s`;
      expect(await admin.post('/meta/objects', { object, plural, title: 'name', traits: ['owned'], fields: [{ name: 'name', type: 'text' }, { name: 'depth', type: 'integer' }, { name: 'inner', type: 'link', to: object }] }), 201);
      const { id: user } = await makeUser(server, ['seller']);
      const body = { object, label: label('桶', 'Barrels'), filter: 'depth > 1 and name != "depth"', sort: ['-depth', 'name'], columns: ['name', { field: 'depth', width: 80 }], group: 'inner,depth' };
      const view = expect(await admin.post('/me/views', body), 201).view;
      const far = expect(await admin.post('/me/views', { object, label: label('内', 'Inner'), filter: 'inner.depth > 1' }), 201).view;
      const rule = expect(await admin.post('/meta/sharing-rules', { object, when: 'depth > 1', with: { user }, level: 'read' }), 201);
      const says = async () => expect(await admin.get('/meta/sharing-rules'), 200).items.find((r) => r.id === rule.id).when;
      for (const depth of [1, 2]) await create(admin, plural, { name: `n${depth}`, depth });
      expect(await admin.patch(`/meta/objects/${object}/fields/depth`, { name: 'fathoms' }), 200);
      const now = named(await viewsOf(admin, object), view);
      assert.deepEqual([now.filter, now.sort, now.columns, now.group, now.problem], ['fathoms > 1 and name != "depth"', ['-fathoms', 'name'], ['name', { field: 'fathoms', width: 80 }], 'inner,fathoms', undefined]);
      assert.deepEqual(expect(await admin.get(`/${plural}?view=${view}`), 200).items.map((r) => r.name), ['n2']);
      assert.match(named(await viewsOf(admin, object), far).problem, /depth/, 'a path through a link is told, not guessed');
      assert.equal(await says(), 'fathoms > 1');
      const [change] = expect(await admin.get(`/meta/changes?limit=1&object=${object}`), 200).items;
      expect(await admin.post(`/meta/changes/${change.id}/revert`), 204);
      assert.equal(named(await viewsOf(admin, object), view).filter, body.filter);
      assert.equal(await says(), 'depth > 1');
      const [back] = expect(await admin.get(`/meta/changes?limit=1&object=${object}`), 200).items;
      expect(await admin.post(`/meta/changes/${back.id}/revert`), 204);
      assert.equal(named(await viewsOf(admin, object), view).filter, now.filter, 'and the new one when that is taken back');
    },
  },
  {
    name: 'pins are each person\'s own; one of an object is its home; a deleted view is pinned nowhere',
    async run(server) {
      const [one, two] = [await makeUser(server, ['seller']), await makeUser(server, ['seller'])];
      const view = expect(await one.client.post('/me/views', mine({ shared_with: [`user:${two.id}`] })), 201).view;
      const pins = async (client) => (await viewsOf(client)).pins;
      expect(await one.client.put(`/me/pins/account/${view}`, {}), 204);
      expect(await one.client.put('/me/pins/account/mine', { home: true }), 204);
      assert.deepEqual(await pins(one.client), [{ object: 'account', view, home: false }, { object: 'account', view: 'mine', home: true }]);
      assert.deepEqual(await pins(two.client), []);
      expect(await two.client.put(`/me/pins/account/${view}`, { home: true }), 204);
      expect(await one.client.put(`/me/pins/account/${view}`, { home: true }), 204);
      assert.deepEqual((await pins(one.client)).filter((p) => p.home).map((p) => p.view), [view]);
      expect(await one.client.put(`/me/pins/account/${view}`, { home: false }), 204);
      assert.deepEqual((await pins(one.client)).filter((p) => p.home), []);
      expect(await one.client.delete('/me/pins/account/mine'), 204);
      expect(await one.client.delete('/me/pins/account/mine'), 204);
      assert.deepEqual((await pins(one.client)).map((p) => p.view), [view]);
      expectProblem(await one.client.put('/me/pins/account/nothing', {}), 404, 'not_found');
      expectProblem(await one.client.put(`/me/pins/contact/${view}`, {}), 404, 'not_found');
      expectProblem(await one.client.put('/me/pins/nothing/all', {}), 404, 'not_found');
      for (const wrong of [{ home: 1 }, { house: true }, '[]']) expectProblem(await one.client.put(`/me/pins/account/${view}`, wrong), 422, 'validation');
      expect(await one.client.delete(`/me/views/${view}`), 204);
      assert.deepEqual(await pins(two.client), []);
    },
  },
  {
    name: 'one person keeps at most 200 views',
    async run(server) {
      const { client } = await makeUser(server, ['seller']);
      for (let i = 0; i < 200; i += 100) {
        const requests = Array.from({ length: 100 }, (_, k) => client.post('/me/views', { object: 'contact', label: { en: `v ${i + k}` } }));
        for (const answer of await Promise.all(requests)) expect(answer, 201);
      }
      assert.equal((await viewsOf(client, 'contact')).items.length, 200);
      expectProblem(await client.post('/me/views', { object: 'contact', label: { en: 'one more' } }), 422, 'validation');
    },
  },
];
