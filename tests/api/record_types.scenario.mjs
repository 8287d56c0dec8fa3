// SPDX-License-Identifier: Apache-2.0
// Record types 业务类型: one choice of an object says of what type a record is; layouts and rights differ by it.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, upload, waitForJob } from './lib.mjs';

const word = (s) => unique(s).replaceAll('-', '_');
const label = (zh, en) => ({ 'zh-CN': zh, en });
const choice = (value, zh, en) => ({ value, label: label(zh, en) });

async function makeObject(admin, more = {}) {
  const name = word('deal');
  expect(await admin.post('/meta/objects', {
    object: name, plural: `${name}s`, area: 'sales', icon: 'box', traits: ['owned'], title: 'name', history: true, label: label('单', 'Deal'), record_type: 'kind',
    fields: [
      { name: 'name', type: 'text', required: true, label: label('名', 'Name') },
      { name: 'kind', type: 'choice', required: true, default: 'goods', label: label('类', 'Kind'), choices: [choice('goods', '商品', 'Goods'), choice('service', '服务', 'Service'), choice('lease', '租赁', 'Lease')] },
      { name: 'plan', type: 'choice', depends_on: 'kind', label: label('方案', 'Plan'), choices: [{ ...choice('stock', '现货', 'Stock'), parent: 'goods' }, { ...choice('visit', '上门', 'Visit'), parent: 'service' }, choice('any', '通用', 'Any')] }],
    ...more }), 201);
  return { name, plural: `${name}s`, path: `/meta/objects/${name}` };
}

async function withRole(server, name, rights, body) {
  const admin = by(server);
  const before = expect(await admin.get('/meta/access/employee'), 200);
  expect(await admin.put('/meta/access/employee', { ...before, objects: { ...before.objects, [name]: rights } }), 200);
  try {
    await body(await makeUser(server, ['employee']));
  } finally {
    const { [name]: _gone, ...objects } = expect(await admin.get('/meta/access/employee'), 200).objects;
    expect(await admin.put('/meta/access/employee', { ...before, objects: { ...objects, [name]: { read: 'none' } } }), 200);
  }
}

export const tests = [
  {
    name: 'an object names its type, follows a rename of it and refuses what is none',
    async run(server) {
      const admin = by(server);
      const o = await makeObject(admin);
      const meta = async () => expect(await admin.get(o.path), 200);
      assert.equal((await meta()).record_type, 'kind');
      for (const bad of ['name', 'no_such', 7]) assert.ok(fieldError(expectProblem(await admin.patch(o.path, { record_type: bad }), 422, 'validation'), 'record_type'), String(bad));
      expect(await admin.patch(`${o.path}/fields/kind`, { name: 'sort_of' }), 200);
      assert.equal((await meta()).record_type, 'sort_of');
      assert.equal((await admin.delete(`${o.path}/fields/sort_of`)).status >= 400, true); // what says the type stays
      expect(await admin.patch(o.path, { record_type: null }), 200);
      assert.equal((await meta()).record_type, undefined);
    },
  },
  {
    name: 'layouts are for roles and for types; what is no type, or no list of roles, is refused',
    async run(server) {
      const admin = by(server);
      const o = await makeObject(admin);
      const made = { layout: `${o.name}.form_2`, kind: 'form', for: { roles: ['seller'], record_type: 'service' }, sections: [{ columns: 1, fields: ['name', 'plan'] }] };
      expect(await admin.post(`${o.path}/layouts`, made), 201);
      const found = expect(await admin.get(`${o.path}/layouts`), 200).items.find((l) => l.layout === made.layout);
      assert.deepEqual(found.for, made.for);
      for (const who of [{ record_type: 'no_such' }, { roles: 'seller' }, { roles: ['No Role'] }, { people: [] }, 'all'])
        expectProblem(await admin.post(`${o.path}/layouts`, { ...made, layout: `${o.name}.form_3`, for: who }), 422, 'validation');
      expectProblem(await admin.post('/meta/objects/contact/layouts', { layout: 'contact.form_2', kind: 'form', for: { record_type: 'x' }, sections: [] }), 422, 'validation');
      expect(await admin.delete(`${o.path}/layouts/${made.layout}`), 204);
    },
  },
  {
    name: 'a role makes records of its types only, by every way of writing; another type is refused at the field',
    async run(server) {
      const admin = by(server);
      const o = await makeObject(admin);
      const rights = { read: 'all', create: true, update: 'all', delete: 'all', import: true, export: 'all', bulk: 'all', create_types: ['service', 'lease'] };
      await withRole(server, o.name, rights, async ({ client, key }) => {
        assert.deepEqual(expect(await client.get(o.path), 200).rights?.create_types ?? expect(await client.get('/me'), 200).rights.objects[o.name].create_types, ['service', 'lease']);
        const refused = (answer) => assert.ok(fieldError(expectProblem(answer, 422, 'validation'), 'kind'), answer.text);
        refused(await client.post(`/${o.plural}`, { name: 'default is goods' }));
        refused(await client.post(`/${o.plural}`, { name: 'goods', kind: 'goods' }));
        const mine = await create(client, o.plural, { name: 'service', kind: 'service', plan: 'visit' });
        refused(await client.patch(`/${o.plural}/${mine.id}`, { kind: 'goods', plan: null }));
        expect(await client.patch(`/${o.plural}/${mine.id}`, { kind: 'lease', plan: 'any' }), 200);
        const goods = await create(admin, o.plural, { name: 'goods', kind: 'goods' });
        expect(await client.patch(`/${o.plural}/${goods.id}`, { name: 'renamed' }), 200); // what has the type keeps it
        const batch = await client.post('/batch', { requests: [{ method: 'POST', path: `/api/v1/${o.plural}`, body: { name: 'b', kind: 'goods' } }] });
        assert.ok(batch.status >= 400 || JSON.stringify(batch.body).includes('kind'), batch.text);
        const job = await waitForJob(client, await client.post(`/${o.plural}/bulk`, { ids: [mine.id], set: { kind: 'goods' } }));
        assert.notEqual(expect(await client.get(`/${o.plural}/${mine.id}`), 200).kind, 'goods', JSON.stringify(job.result));
        const file = await upload(server, key, `/${o.plural}/import`, Buffer.from('name,kind\nx,goods\ny,service\n'), 'a.csv', { mapping: { name: 'name', kind: 'kind' }, mode: 'create' });
        const done = await waitForJob(client, file);
        assert.deepEqual([done.result.created, done.result.failed], [1, 1], JSON.stringify(done.result));
        const left = expect(await admin.get(`/${o.plural}?count=exact&filter=${encodeURIComponent('kind = "goods"')}`), 200);
        assert.deepEqual(left.items.map((r) => r.id), [goods.id]); // by no way was another made
        const history = expect(await client.get(`/${o.plural}/${mine.id}/history`), 200).items.flatMap((v) => v.changes).filter((c) => c.field === 'kind').map((c) => [c.old, c.new]);
        assert.ok(history.some(([old, now]) => old === 'service' && now === 'lease'), JSON.stringify(history));
      });
      for (const bad of [['no_such'], 'service', [1]]) {
        const form = expect(await admin.get('/meta/access/employee'), 200);
        expectProblem(await admin.put('/meta/access/employee', { ...form, objects: { ...form.objects, [o.name]: { ...rights, create_types: bad } } }), 422, 'validation');
      }
    },
  },
  {
    name: 'a role reads records of some types: lists, counts, history and explanation say the same',
    async run(server) {
      const admin = by(server);
      const o = await makeObject(admin);
      const [goods, service] = [await create(admin, o.plural, { name: 'g', kind: 'goods' }), await create(admin, o.plural, { name: 's', kind: 'service' })];
      await withRole(server, o.name, { read: { expr: 'kind = "service"' }, update: { expr: 'kind = "service"' } }, async ({ client, id }) => {
        const list = expect(await client.get(`/${o.plural}?count=exact`), 200);
        assert.deepEqual([list.items.map((r) => r.id), list.count.value], [[service.id], 1]);
        expectProblem(await client.get(`/${o.plural}/${goods.id}`), 404, 'not_found');
        expectProblem(await client.get(`/${o.plural}/${goods.id}/history`), 404, 'not_found');
        expect(await admin.patch(`/${o.plural}/${service.id}`, { kind: 'goods' }), 200); // its type of now decides
        expectProblem(await client.get(`/${o.plural}/${service.id}`), 404, 'not_found');
        assert.equal(expect(await admin.get(`/${o.plural}/${service.id}/access?user=${id}`), 200).read, false);
      });
    },
  },
  {
    name: 'choices that depend on the type are those of the type',
    async run(server) {
      const admin = by(server);
      const o = await makeObject(admin);
      expectProblem(await admin.post(`/${o.plural}`, { name: 'x', kind: 'goods', plan: 'visit' }), 422, 'validation');
      await create(admin, o.plural, { name: 'x', kind: 'goods', plan: 'stock' });
      await create(admin, o.plural, { name: 'y', kind: 'lease', plan: 'any' });
    },
  },
];
