// SPDX-License-Identifier: Apache-2.0
// The bin of the catalogue is emptied: nothing is lost before, all of it is gone afterwards, and the rest stays whole.
import { Server } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, rowsOn, sqlOn, unique, waitForJob } from './lib.mjs';

const word = (s) => unique(s).replace('-', '_');
const ended = async (admin, answer) => {
  expect(answer, 202);
  const job = await waitForJob(admin, answer);
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job.result;
};
const doctor = async (admin) => (await ended(admin, await admin.post('/doctor', { repair: false }))).problems;

export const tests = [
  {
    name: 'how long the bin keeps is a setting, with its limits',
    async run(server) {
      const admin = by(server);
      assert.equal(expect(await admin.get('/meta/bin'), 200).days, 30);
      for (const body of [{ days: 0 }, { days: 5000 }, { days: '7' }, {}]) expectProblem(await admin.patch('/meta/bin', body), 422, 'validation');
      expect(await admin.patch('/meta/bin', { days: 7 }), 204);
      assert.equal(expect(await admin.get('/meta/bin'), 200).days, 7);
    },
  },
  {
    name: 'a removed field comes back with its data until it is purged; then its columns, indexes and lists are gone',
    async run(server) {
      const admin = by(server);
      const object = word('purge');
      const plural = `${object}s`;
      const path = `/meta/objects/${object}`;
      const label = { 'zh-CN': '红', en: 'Red' };
      expect(await admin.post('/meta/objects', { object, plural, title: 'name', fields: [
        { name: 'name', type: 'text' }, { name: 'code', type: 'text', unique: true }, { name: 'tags', type: 'tags' },
        { name: 'account', type: 'link', to: 'account', inverse: word('back') }, { name: 'many', type: 'links', to: 'account', inverse: word('more') },
        { name: 'place', type: 'address' }, { name: 'price', type: 'money', scale: 2 }, { name: 'color', type: 'choice', choices: [{ value: 'red', label }] },
      ], indexes: [['color', 'name']] }), 201);
      const account = await create(admin, 'accounts', { name: unique('purged') });
      const body = { name: 'n', code: 'c1', tags: ['a', 'b'], account: account.id, many: [account.id], place: { province: 'zhejiang' }, price: '1.50', color: 'red' };
      const row = await create(admin, plural, body);
      expect(await admin.patch(`/${plural}/${row.id}`, { code: 'c2', tags: ['b', 'c'] }), 200);
      const gone = await create(admin, plural, { ...body, code: 'c3' });
      expect(await admin.delete(`/${plural}/${gone.id}`), 204);
      const names = ['code', 'tags', 'account', 'many', 'place', 'price'];
      for (const f of names) {
        expectProblem(await admin.post(`${path}/fields/${f}/purge`, { confirm: f }), 404, 'not_found'); // still there, and never of another type
        expect(await admin.delete(`${path}/fields/${f}`), 204);
        expectProblem(await admin.post(`${path}/fields/${f}/purge`, {}), 422, 'validation');
        expectProblem(await admin.post(`${path}/fields/${f}/purge`, { confirm: 'other' }), 422, 'validation');
        expect(await admin.post(`${path}/fields/${f}/restore`), 200);
      }
      const back = expect(await admin.get(`/${plural}/${row.id}`), 200);
      assert.deepEqual([back.code, back.tags, back.account.id, back.many[0].id, back.place.province, back.price.value], ['c2', ['b', 'c'], account.id, account.id, 'zhejiang', '1.50']);
      expect(await admin.patch(path, { indexes: [] }), 200);
      for (const f of names) {
        expect(await admin.delete(`${path}/fields/${f}`), 204);
        expect(await admin.post(`${path}/fields/${f}/purge`, { confirm: f }), 204);
        expectProblem(await admin.post(`${path}/fields/${f}/restore`), 404, 'not_found');
        expectProblem(await admin.post(`${path}/fields/${f}/purge`, { confirm: f }), 404, 'not_found');
      }
      assert.ok(!expect(await admin.get('/meta/bin'), 200).fields.some((f) => f.object === object));
      const log = expect(await admin.get(`/meta/changes?object=${object}`), 200).items;
      assert.equal(log.filter((i) => i.action === 'field.purge').length, names.length);
      expectProblem(await admin.post(`/meta/changes/${log.find((i) => i.action === 'field.purge').version ?? log.find((i) => i.action === 'field.purge').id}/revert`), 409, 'conflict');
      expect(await admin.patch(`/${plural}/${row.id}`, { name: 'after' }), 200);
      assert.equal(expect(await admin.get(`/${plural}/${row.id}/history`), 200).items.length, 3);
      expect(await admin.post(`/${plural}/${gone.id}/restore`), 200);
      expect(await admin.delete(`/accounts/${account.id}`), 204); // nothing holds it any more
      expect(await admin.post(`${path}/fields`, { name: 'code', type: 'text' }), 201);
      assert.equal(expect(await admin.get(`/${plural}/${row.id}`), 200).code, null);
      assert.deepEqual(await doctor(admin), []);
    },
  },
  {
    name: 'the values of a former type are purged: misfits and the type of the past go, the present stays',
    async run(server) {
      const admin = by(server);
      const object = word('former');
      const plural = `${object}s`;
      const path = `/meta/objects/${object}`;
      expect(await admin.post('/meta/objects', { object, plural, fields: [{ name: 'name', type: 'text' }, { name: 'v', type: 'text' }] }), 201);
      const row = await create(admin, plural, { name: 'n', v: '7' });
      await create(admin, plural, { name: 'm', v: 'abc' });
      await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'integer' }));
      assert.equal(expect(await admin.get(`${path}/fields/v/misfits`), 200).items.length, 1);
      expect(await admin.post(`${path}/fields/v/purge`, { confirm: 'v' }), 204);
      assert.equal(expect(await admin.get(`${path}/fields/v/misfits`), 200).items.length, 0);
      const field = expect(await admin.get(`${path}/fields/v`), 200);
      assert.deepEqual([field.type, field.former], ['integer', undefined]);
      const told = expect(await admin.get(`/${plural}/${row.id}/history`), 200).items[0].changes.find((c) => c.field === 'v');
      assert.deepEqual([told.new, told.new_type], [7, undefined]);
      expect(await admin.patch(`/${plural}/${row.id}`, { v: 8 }), 200);
      await ended(admin, await admin.patch(`${path}/fields/v`, { type: 'text' }));
      assert.equal(expect(await admin.get(`/${plural}/${row.id}`), 200).v, '8');
      assert.deepEqual(await doctor(admin), []);
    },
  },
  {
    name: 'a removed object is purged with its records, and its name is free again',
    async run(server) {
      const admin = by(server);
      const object = word('whole');
      const plural = `${object}s`;
      const make = () => admin.post('/meta/objects', { object, plural, fields: [{ name: 'name', type: 'text' }, { name: 'tags', type: 'tags' }] });
      expect(await make(), 201);
      const marked = await create(admin, plural, { name: 'n', tags: ['x'] });
      expect(await admin.put(`/me/marks/favourite/${plural}/${marked.id}`), 204);
      expect(await admin.put(`/${plural}/${marked.id}/pins/change/1`), 204);
      for (const table of ['gx_mark', 'gx_pin']) assert.equal(rowsOn(server, `SELECT record FROM ${table} WHERE object = '${object}'`).length, 1, table);
      expectProblem(await admin.post(`/meta/objects/${object}/purge`, { confirm: object }), 404, 'not_found');
      expect(await admin.delete(`/meta/objects/${object}`), 204);
      expectProblem(await admin.post(`/meta/objects/${object}/purge`, {}), 422, 'validation');
      expect(await admin.post(`/meta/objects/${object}/purge`, { confirm: object }), 204);
      expectProblem(await admin.post(`/meta/objects/${object}/restore`), 404, 'not_found');
      expect(await make(), 201);
      assert.equal(expect(await admin.get(`/${plural}`), 200).items.length, 0);
      for (const table of ['gx_mark', 'gx_pin']) assert.deepEqual(rowsOn(server, `SELECT record FROM ${table} WHERE object = '${object}'`), [], table);
      await create(admin, plural, { name: 'again', tags: ['y'] });
      assert.deepEqual(await doctor(admin), []);
    },
  },
  {
    name: 'the doctor finds marks and pins that lead to nothing and takes them away; those of a deleted record and of the bin stay',
    async run() {
      const server = await Server.create();
      try {
        const admin = by(server);
        expect(await admin.post('/meta/objects', { object: 'boxed', plural: 'boxeds', fields: [{ name: 'name', type: 'text' }] }), 201);
        const [kept, gone] = [await create(admin, 'accounts', { name: 'kept' }), await create(admin, 'accounts', { name: 'gone' })];
        const boxed = await create(admin, 'boxeds', { name: 'in the bin' });
        for (const path of [`accounts/${kept.id}`, `accounts/${gone.id}`, `boxeds/${boxed.id}`]) expect(await admin.put(`/me/marks/favourite/${path}`), 204);
        expect(await admin.delete(`/accounts/${gone.id}`), 204);
        expect(await admin.delete('/meta/objects/boxed'), 204);
        assert.deepEqual(await doctor(admin), []);
        await server.stop();
        sqlOn(server, "INSERT INTO gx_mark (user_id, kind, object, record, at) VALUES (5, 'favourite', 'nothing', 7, 1)");
        sqlOn(server, "INSERT INTO gx_mark (user_id, kind, object, record, at) VALUES (5, 'favourite', 'account', 7, 1)");
        sqlOn(server, "INSERT INTO gx_pin (id, object, record, kind, entry, source, by_user, at) VALUES (1, 'account', 7, 'change', 1, 0, 5, 1)");
        await server.start();
        assert.deepEqual((await doctor(admin)).map((p) => [p.check, p.what]), [['mark', '3 marks and pins that lead to nothing']]);
        const repaired = (await ended(admin, await admin.post('/doctor', { repair: true }))).problems;
        assert.deepEqual(repaired.map((p) => p.repaired), [true]);
        assert.deepEqual(await doctor(admin), []);
        assert.deepEqual(rowsOn(server, "SELECT object FROM gx_mark WHERE kind = 'favourite' ORDER BY object"), ['account', 'account', 'boxed']);
      } finally {
        await server.remove();
      }
    },
  },
];
