// SPDX-License-Identifier: Apache-2.0
// The catalogue while the server runs: its log, taking changes back, the bin, layouts that miss a field.
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const word = (s) => unique(s).replace('-', '_');
const label = (zh, en) => ({ 'zh-CN': zh, en });

async function makeObject(admin, more = {}) {
  const object = word('thing');
  const body = {
    object, plural: `${object}s`, label: label('东西', 'Thing'),
    fields: [{ name: 'name', type: 'text', required: true }, { name: 'note', type: 'text' }], ...more,
  };
  expect(await admin.post('/meta/objects', body), 201);
  return { object, plural: body.plural, path: `/meta/objects/${object}` };
}

const newest = async (admin, object) => expect(await admin.get(`/meta/changes?limit=1&object=${object}`), 200).items[0];

export const tests = [
  {
    name: 'every change of the catalogue is in the log, with who made it and what it changed',
    async run(server) {
      const admin = by(server);
      const { object, path } = await makeObject(admin);
      expect(await admin.patch(`${path}/fields/note`, { label: label('备注', 'Note') }), 200);
      const items = expect(await admin.get(`/meta/changes?object=${object}`), 200).items;
      assert.deepEqual(items.map((i) => i.action), ['field.change', 'object.create']);
      assert.ok(items.every((i) => i.by.title && i.at && i.cause));
      const one = expect(await admin.get(`/meta/changes/${items[0].id}`), 200);
      assert.deepEqual(one.diff, [{ path: ['object', object, 'fields', 'note', 'label'], new: label('备注', 'Note') }]);
      const page = expect(await admin.get(`/meta/changes?object=${object}&limit=1`), 200);
      assert.equal(page.next, items[0].id);
      assert.equal(expect(await admin.get(`/meta/changes?object=${object}&limit=1&after=${page.next}`), 200).items[0].id, items[1].id);
      expectProblem(await admin.get('/meta/changes?limit=0'), 400, 'bad_parameter');
      expectProblem(await admin.get('/meta/changes/999999999'), 404, 'not_found');
      const seller = await makeUser(server, ['seller']);
      expectProblem(await seller.client.get('/meta/changes'), 403, 'forbidden');
      expectProblem(await seller.client.post(`/meta/changes/${items[0].id}/revert`), 403, 'forbidden');
    },
  },
  {
    name: 'a change is taken back, others made since stay',
    async run(server) {
      const admin = by(server);
      const { object, path } = await makeObject(admin);
      expect(await admin.patch(`${path}/fields/note`, { label: label('一', 'One') }), 200);
      const first = await newest(admin, object);
      expect(await admin.patch(`${path}/fields/name`, { help: label('帮助', 'Help') }), 200);
      expect(await admin.post(`/meta/changes/${first.id}/revert`), 204);
      const fields = expect(await admin.get(path), 200).fields;
      assert.equal(fields.find((f) => f.name === 'note').label.en, 'Note');
      assert.equal(fields.find((f) => f.name === 'name').help.en, 'Help');
      const undone = expect(await admin.get(`/meta/changes/${first.id}`), 200);
      assert.equal(undone.reverted_by, (await newest(admin, object)).id);
      expectProblem(await admin.post(`/meta/changes/${first.id}/revert`), 409, 'conflict');
      // taking the taking-back back
      expect(await admin.post(`/meta/changes/${undone.reverted_by}/revert`), 204);
      assert.equal(expect(await admin.get(`${path}/fields/note`), 200).label.en, 'One');
    },
  },
  {
    name: 'a change whose parts were changed since is not taken back, and the place is named',
    async run(server) {
      const admin = by(server);
      const { object, path } = await makeObject(admin);
      expect(await admin.patch(`${path}/fields/note`, { label: label('一', 'One') }), 200);
      const first = await newest(admin, object);
      expect(await admin.patch(`${path}/fields/note`, { label: label('二', 'Two') }), 200);
      const problem = (await admin.post(`/meta/changes/${first.id}/revert`)).body;
      assert.equal(problem.errors[0].code, 'stale');
      assert.match(problem.errors[0].field, /note\.label/);
      assert.equal(expect(await admin.get(`${path}/fields/note`), 200).label.en, 'Two');
    },
  },
  {
    name: 'changes of shipped objects, lists and rights are taken back',
    async run(server) {
      const admin = by(server);
      const before = expect(await admin.get('/meta/objects/account/fields/phone'), 200).label;
      expect(await admin.patch('/meta/objects/account/fields/phone', { label: label('网址', 'Web') }), 200);
      expect(await admin.post(`/meta/changes/${(await newest(admin, 'account')).id}/revert`), 204);
      assert.deepEqual(expect(await admin.get('/meta/objects/account/fields/phone'), 200).label, before);
      const entries = expect(await admin.get('/meta/lists/industry'), 200).entries;
      expect(await admin.patch('/meta/lists/industry', { entries: [{ value: 'space', label: label('航天', 'Space') }] }), 200);
      const change = expect(await admin.get('/meta/changes?limit=1'), 200).items[0];
      assert.deepEqual([change.action, change.name], ['list.change', 'industry']);
      expect(await admin.post(`/meta/changes/${change.id}/revert`), 204);
      assert.deepEqual(expect(await admin.get('/meta/lists/industry'), 200).entries, entries);
      const rights = expect(await admin.get('/meta/access/seller'), 200);
      expect(await admin.put('/meta/access/seller', { objects: { account: { read: 'none' } } }), 200);
      expect(await admin.post(`/meta/changes/${expect(await admin.get('/meta/changes?limit=1'), 200).items[0].id}/revert`), 204);
      assert.deepEqual(expect(await admin.get('/meta/access/seller'), 200), rights);
    },
  },
  {
    name: 'a removed field comes back with its data; until then it is nowhere',
    async run(server) {
      const admin = by(server);
      const { object, plural, path } = await makeObject(admin, { views: [{ view: 'noted', label: label('有备注', 'Noted'), kind: 'table', filter: 'note = "x"', columns: [{ field: 'name' }, { field: 'note' }] }] });
      const row = await create(admin, plural, { name: 'n', note: 'kept' });
      const other = await create(admin, plural, { name: 'm', note: 'gone and back' });
      expect(await admin.delete(`${path}/fields/note`), 204);
      assert.ok(!('note' in expect(await admin.get(`/${plural}/${row.id}`), 200)));
      const problem = expectProblem(await admin.get(`/${plural}?filter=${encodeURIComponent('note = "x"')}`), 400, 'bad_expression');
      assert.ok(problem.errors[0].at >= 0);
      const bin = expect(await admin.get('/meta/bin'), 200);
      assert.ok(bin.fields.some((f) => f.object === object && f.field === 'note' && f.type === 'text'));
      const view = expect(await admin.get(`${path}/views`), 200).items.find((v) => v.view === 'noted');
      assert.deepEqual(view.missing, ['note']);
      assert.deepEqual(view.broken, { part: 'filter', field: 'note' });
      assert.deepEqual(view.columns, [{ field: 'name' }]);
      // rows that are changed, deleted and restored meanwhile keep the hidden value
      expect(await admin.patch(`/${plural}/${row.id}`, { name: 'n2' }), 200);
      expect(await admin.delete(`/${plural}/${other.id}`), 204);
      expect(await admin.post(`/${plural}/${other.id}/restore`), 200);
      expect(await admin.post(`${path}/fields/note/restore`), 200);
      assert.equal(expect(await admin.get(`/${plural}/${row.id}`), 200).note, 'kept');
      assert.equal(expect(await admin.get(`/${plural}/${other.id}`), 200).note, 'gone and back');
      const back = expect(await admin.get(`${path}/views`), 200).items.find((v) => v.view === 'noted');
      assert.deepEqual([back.missing, back.broken, back.columns.length], [undefined, undefined, 2]);
      expectProblem(await admin.post(`${path}/fields/note/restore`), 404, 'not_found');
      expectProblem(await admin.delete('/meta/objects/account/fields/name'), 422, 'validation');
    },
  },
  {
    name: 'a field that others need is not removed: the place is named',
    async run(server) {
      const admin = by(server);
      const { path } = await makeObject(admin, { rules: [{ name: 'short', check: 'note != "bad"', message: label('不', 'No') }] });
      const problem = (await admin.delete(`${path}/fields/note`)).body;
      assert.equal(problem.code, 'bad_expression');
      assert.match(problem.errors[0].field, /short\.check$/);
    },
  },
  {
    name: 'a removed object comes back with its records; its name is not free',
    async run(server) {
      const admin = by(server);
      const { object, plural, path } = await makeObject(admin);
      const row = await create(admin, plural, { name: 'kept' });
      expect(await admin.delete(path), 204);
      expectProblem(await admin.get(`/${plural}`), 404, 'not_found');
      expectProblem(await admin.post('/meta/objects', { object, plural, fields: [{ name: 'name', type: 'text' }] }), 422, 'validation');
      assert.ok(expect(await admin.get('/meta/bin'), 200).objects.some((o) => o.object === object));
      expect(await admin.post(`${path}/restore`), 200);
      assert.equal(expect(await admin.get(`/${plural}/${row.id}`), 200).name, 'kept');
      expectProblem(await admin.delete('/meta/objects/account'), 409, 'conflict');
      // taking its making back is the same as removing it
      const made = expect(await admin.get(`/meta/changes?object=${object}`), 200).items.find((i) => i.action === 'object.create');
      expect(await admin.post(`/meta/changes/${made.id}/revert`), 204);
      assert.ok(expect(await admin.get('/meta/bin'), 200).objects.some((o) => o.object === object));
    },
  },
  {
    name: 'writes prepared under an old catalogue are prepared again: nobody sees an error',
    async run(server) {
      const admin = by(server);
      const { plural, path } = await makeObject(admin);
      let running = true;
      const answers = [];
      const writer = async () => {
        while (running) answers.push(await admin.post(`/${plural}`, { name: 'w', note: 'x' }));
      };
      const writers = [1, 2, 3, 4].map(writer);
      for (let i = 0; i < 25; i++) expect(await admin.patch(`${path}/fields/note`, { label: label(`第${i}`, `No ${i}`) }), 200);
      running = false;
      await Promise.all(writers);
      const made = answers.filter((a) => a.status === 201).length;
      // a write that met three new catalogues in a row is told to try again, never half done
      assert.ok(answers.every((a) => [201, 409, 503].includes(a.status)), answers.find((a) => ![201, 409, 503].includes(a.status))?.text);
      assert.ok(made > answers.length * 0.8, `${made} of ${answers.length}`);
      assert.equal(expect(await admin.post(`/${plural}/aggregate`, { measures: ['count'] }), 200).total.count, made);
    },
  },
  {
    name: 'a field removed while a list sorted by it is open: the next page says so',
    async run(server) {
      const admin = by(server);
      const { plural, path } = await makeObject(admin);
      for (let i = 0; i < 4; i++) await create(admin, plural, { name: `n${i}`, note: `${i}` });
      const page = expect(await admin.get(`/${plural}?sort=note&limit=2`), 200);
      assert.ok(page.next);
      expect(await admin.delete(`${path}/fields/note`), 204);
      const next = await admin.get(`/${plural}?sort=note&limit=2&after=${encodeURIComponent(page.next)}`);
      assert.equal(next.status, 400, next.text);
      assert.match(next.text, /note/);
    },
  },
];
