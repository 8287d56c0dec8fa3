// SPDX-License-Identifier: Apache-2.0
// What the settings pages rest on: two people at once, conditions of forms, samples of expressions, purges looked at before.
import { assert, by, create, expect, expectProblem, fieldError, unique } from './lib.mjs';

const word = (s) => unique(s).replace('-', '_');
const both = (zh, en) => ({ 'zh-CN': zh, en });

async function declare(admin, fields, more = {}) {
  const object = word('setup');
  expect(await admin.post('/meta/objects', { object, plural: `${object}s`, title: 'name', fields: [{ name: 'name', type: 'text' }, ...fields], ...more }), 201);
  return { object, plural: `${object}s`, path: `/meta/objects/${object}` };
}
const version = async (admin) => expect(await admin.get('/meta'), 200).version;

export const tests = [
  {
    name: 'a unique rule that is gone refuses nothing any more, one of a field in the bin comes back with it',
    async run(server) {
      const admin = by(server);
      const { plural, path } = await declare(admin, [{ name: 'code', type: 'text' }, { name: 'serial_no', type: 'text', unique: true }], { unique: [['name', 'code']] });
      const row = (more) => admin.post(`/${plural}`, { name: 'n', code: 'c', ...more });
      expect(await row({ serial_no: '1' }), 201);
      expectProblem(await row({ serial_no: '2' }), 409, 'conflict');
      expect(await admin.patch(path, { unique: [] }), 200);
      expect(await row({ serial_no: '2' }), 201);
      expectProblem(await row({ serial_no: '2' }), 409, 'conflict');
      expect(await admin.delete(`${path}/fields/serial_no`), 204);
      expect(await admin.post(`${path}/fields/serial_no/restore`), 200);
      expectProblem(await row({ serial_no: '2' }), 409, 'conflict');
      expect(await admin.patch(`${path}/fields/serial_no`, { unique: false }), 200);
      expect(await row({ serial_no: '2' }), 201);
      const again = await admin.patch(`${path}/fields/serial_no`, { unique: true });
      assert.ok(again.status === 422 || again.status === 202, again.text);
    },
  },
  {
    name: 'a change made from an older version of the same part is refused, of another part it is not',
    async run(server) {
      const admin = by(server);
      const { object, path } = await declare(admin, [{ name: 'a', type: 'text' }, { name: 'b', type: 'text' }]);
      const list = word('list');
      expect(await admin.post('/meta/lists', { list, label: both('表', 'List'), entries: [{ value: 'x', label: both('甲', 'X') }] }), 201);
      const seen = { 'If-Match': `"${await version(admin)}"` };
      expect(await admin.patch(`${path}/fields/a`, { required: true }), 200);
      expectProblem(await admin.patch(`${path}/fields/a`, { label: both('甲', 'A') }, seen), 412, 'stale');
      expect(await admin.patch(`${path}/fields/b`, { label: both('乙', 'B') }, seen), 200);
      expect(await admin.patch(path, { label: both('对象', 'Object') }, seen), 200);
      expectProblem(await admin.patch(path, { rules: [] }, seen), 412, 'stale');
      expect(await admin.patch(`${path}/layouts/${object}.form`, { sections: [{ fields: ['name'] }] }, seen), 204);
      expectProblem(await admin.patch(`${path}/layouts/${object}.form`, { sections: [{ fields: ['a'] }] }, seen), 412, 'stale');
      expect(await admin.patch(`/meta/lists/${list}`, { entries: [{ value: 'y', label: both('乙', 'Y') }] }, seen), 200);
      const told = await admin.patch(`/meta/lists/${list}`, { entries: [] }, { ...seen, 'Accept-Language': 'zh-CN' });
      assert.match(expectProblem(told, 412, 'stale').detail, /别人修改/);
      const fresh = { 'If-Match': `W/"${await version(admin)}-1-1"` }; // as GET /meta gives it
      expect(await admin.patch(`${path}/fields/a`, { required: false }, fresh), 200);
      expectProblem(await admin.patch(`${path}/fields/a`, { required: false }, { 'If-Match': 'x' }), 400, 'bad_parameter');
    },
  },
  {
    name: 'a form asks which fields are shown, fixed and wanted; what is fixed cannot be written',
    async run(server) {
      const admin = by(server);
      const { plural } = await declare(admin, [
        { name: 'kind', type: 'text' }, { name: 'amount', type: 'integer' }, { name: 'closed', type: 'boolean' },
        { name: 'reason', type: 'text', visible_when: 'kind = "other"', required_when: 'kind = "other" and amount > 10' },
        { name: 'price', type: 'integer', readonly_when: 'closed = true' },
      ]);
      const ask = async (body) => expect(await admin.post(`/${plural}/conditions`, body), 200);
      assert.deepEqual(await ask({ record: {} }), { hidden: ['reason'], readonly: [], required: [] });
      assert.deepEqual(await ask({ record: { kind: 'other', amount: 11 } }), { hidden: [], readonly: [], required: ['reason'] });
      assert.deepEqual(await ask({ record: { kind: 'other', amount: 'much' } }), { hidden: [], readonly: [], required: [] });
      const row = await create(admin, plural, { name: 'n', price: 5, closed: true });
      assert.deepEqual((await ask({ id: row.id, record: { closed: false } })).readonly, ['price']);
      const refused = expectProblem(await admin.patch(`/${plural}/${row.id}`, { price: 6 }), 422, 'validation');
      assert.equal(fieldError(refused, 'price').code, 'read_only');
      expect(await admin.patch(`/${plural}/${row.id}`, { price: 5, name: 'same' }), 200);
      expect(await admin.patch(`/${plural}/${row.id}`, { closed: false }), 200);
      expect(await admin.patch(`/${plural}/${row.id}`, { price: 6 }), 200);
      assert.deepEqual((await ask({ id: row.id })).readonly, []);
      expectProblem(await admin.post(`/${plural}/conditions`, { id: '1' }), 404, 'not_found');
    },
  },
  {
    name: 'checking an expression gives its value for a record that the reader sees',
    async run(server) {
      const admin = by(server);
      const { object, plural } = await declare(admin, [{ name: 'a', type: 'integer' }, { name: 'm', type: 'money', scale: 2 }, { name: 'd', type: 'date' }, { name: 'account', type: 'link', to: 'account', inverse: word('back') }]);
      const account = await create(admin, 'accounts', { name: unique('样本') });
      const row = await create(admin, plural, { name: '名', a: 7, m: '12.50', d: '2024-03-01', account: account.id });
      const sample = async (text, use = 'value', id = row.id) => expect(await admin.post('/expressions/check', { object, text, use, record: id }), 200);
      assert.equal((await sample('a * 2')).sample, 14);
      assert.equal((await sample('a > 5', 'condition')).sample, true);
      assert.equal((await sample('concat(name, "!")')).sample, '名!');
      assert.deepEqual((await sample('m * 2')).sample, { value: '25.00', currency: 'CNY' });
      assert.equal((await sample('add_days(d, 1)')).sample, '2024-03-02');
      assert.equal((await sample('account.name')).sample, account.name);
      assert.equal((await sample('a / 0')).sample, null);
      assert.equal((await sample('a / 2')).sample, 3.5);
      assert.equal((await sample('a', 'value', account.id)).sample, null); // no such record of this object
      assert.ok(!('sample' in await sample('a +')));
      expectProblem(await admin.post('/expressions/check', { object, text: 'a', record: 'x' }), 422, 'validation');
    },
  },
  {
    name: 'a purge is looked at before: how many records, how many values',
    async run(server) {
      const admin = by(server);
      const { object, plural, path } = await declare(admin, [{ name: 'size', type: 'text' }, { name: 'twice', type: 'formula', of: 'length("ab")', result: 'integer' }]);
      for (const size of ['1', '2', null]) await create(admin, plural, { name: 'n', size });
      expectProblem(await admin.post(`${path}/fields/size/purge`, { dry_run: true }), 404, 'not_found');
      for (const name of ['size', 'twice']) expect(await admin.delete(`${path}/fields/${name}`), 204);
      assert.deepEqual(expect(await admin.post(`${path}/fields/size/purge`, { dry_run: true }), 200), { records: 3, filled: 2 });
      assert.deepEqual(expect(await admin.post(`${path}/fields/twice/purge`, { dry_run: true }), 200), { records: 3, filled: 0 });
      expect(await admin.post(`${path}/fields/size/restore`), 200);
      expectProblem(await admin.post(`${path}/purge`, { dry_run: true }), 404, 'not_found');
      expect(await admin.delete(path), 204);
      assert.deepEqual(expect(await admin.post(`${path}/purge`, { dry_run: true }), 200), { records: 3, filled: 3 });
      assert.equal(expect(await admin.get('/meta/bin'), 200).objects.filter((o) => o.object === object).length, 1);
      expect(await admin.post(`${path}/restore`), 200);
      assert.equal(expect(await admin.get(`/${plural}`), 200).items.length, 3);
    },
  },
];
