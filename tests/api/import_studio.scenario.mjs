// SPDX-License-Identifier: Apache-2.0
// The import studio: workbooks and other sources, previews with ready mappings, dry runs that show what would
// change, workbooks of failed rows that come in again, saved mappings, past imports, and who may what.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, upload, waitForJob } from './lib.mjs';

const fixture = (name) => readFileSync(resolve(import.meta.dirname, '../fixtures/xlsx', name));
const preview = async (server, plural, file, name, options = {}) => expect(await upload(server, server.key, `/${plural}/import/preview`, file, name, options), 200);

async function run(server, plural, file, name, options, key = server.key) {
  const job = await waitForJob(by(server, key), await upload(server, key, `/${plural}/import`, file, name, options));
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job;
}

async function download(server, path) {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { Authorization: `Bearer ${server.key}` } });
  assert.equal(answer.status, 200);
  return { bytes: Buffer.from(await answer.arrayBuffer()), name: answer.headers.get('content-disposition'), type: answer.headers.get('content-type') };
}

const count = async (admin, plural, filter) => expect(await admin.get(`/${plural}?limit=1&count=exact&filter=${encodeURIComponent(filter)}`), 200).count.value;

export const tests = [
  {
    name: 'a workbook tells its sheets, and the one that is chosen comes in',
    async run(server) {
      const seen = await preview(server, 'accounts', fixture('exceljs.xlsx'), 'book.xlsx');
      assert.deepEqual([seen.format, seen.sheet, seen.sheets], ['xlsx', '第一张', ['第一张', '第二张']]);
      assert.equal(seen.columns[0].field, 'name');
      assert.deepEqual(seen.rows[0].slice(0, 5), ['杭州关系科技有限公司', '2026-03-01', '1234.5', '15.5%', 'true']);
      const other = await preview(server, 'accounts', fixture('libreoffice.xlsx'), 'book.xlsx', { sheet: '第二张' });
      assert.deepEqual(other.rows, [['1', '2']]);
      const job = await run(server, 'accounts', fixture('libreoffice.xlsx'), 'book.xlsx', { mapping: { 客户名称: 'name', 金额: 'annual_revenue' } });
      assert.equal(job.result.created, 2);
      assert.equal(job.result.failed, 1);
      assert.equal(await count(by(server), 'accounts', 'name = "杭州关系科技有限公司" and annual_revenue = "1234.5"'), 1);
      const none = expectProblem(await upload(server, server.key, '/accounts/import', fixture('exceljs.xlsx'), 'b.xlsx', { sheet: '没有' }), 422, 'validation');
      assert.ok(fieldError(none, 'sheet'));
      const old = await upload(server, server.key, '/accounts/import/preview', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]), 'b.xls', {});
      assert.equal(old.status, 422);
      assert.match(old.body.detail, /xlsx/);
    },
  },
  {
    name: 'GBK, Big5 and UTF-16 are told apart, and what was told can be overruled',
    async run(server) {
      const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('客户名称,电话\n甲,0571-88886666\n', 'utf16le')]);
      const wide = await preview(server, 'accounts', utf16, 'w.csv');
      assert.deepEqual([wide.encoding, wide.columns.map((c) => c.field)], ['UTF-16LE', ['name', 'phone']]);
      const gbk = Buffer.from([0xbf, 0xcd, 0xbb, 0xa7, 0xc3, 0xfb, 0xb3, 0xc6, 10, 0xbc, 0xd7, 10]); // 客户名称 甲
      assert.equal((await preview(server, 'accounts', gbk, 'g.csv')).columns[0].field, 'name');
      const big5 = Buffer.from([0xab, 0xc8, 0xa4, 0xe1, 0xa6, 0x57, 0xba, 0xd9, 10, 0xa5, 0xd2, 10]); // 客戶名稱 甲
      const traditional = await preview(server, 'accounts', big5, 't.csv');
      assert.deepEqual([traditional.encoding, traditional.columns[0].name, traditional.columns[0].field], ['Big5', '客戶名稱', 'name']);
      const wrong = await preview(server, 'accounts', big5, 't.csv', { encoding: 'GB18030' });
      assert.notEqual(wrong.columns[0].name, '客戶名稱');
    },
  },
  {
    name: 'a dry run shows what would change, old and new, and writes nothing',
    async run(server) {
      const admin = by(server);
      const name = unique('样本');
      await create(admin, 'accounts', { name, employee_count: 5, external_id: name });
      const file = `name,employee_count,external_id\n${name},7,${name}\n${name}-new,8,${name}-new\n`;
      const how = { mode: 'upsert', key: ['external_id'], dry_run: true };
      const { result } = await run(server, 'accounts', file, 'd.csv', how);
      assert.deepEqual([result.created, result.updated], [1, 1]);
      const [changed, made] = result.samples;
      assert.deepEqual([changed.outcome, changed.title], ['updated', name]);
      assert.deepEqual(changed.changes, [{ field: 'employee_count', old: 5, new: 7 }]);
      assert.deepEqual([made.outcome, made.id, made.row], ['created', null, 2]);
      assert.ok(made.changes.some((c) => c.field === 'employee_count' && c.new === 8));
      assert.equal(await count(admin, 'accounts', `name starts "${name}"`), 1);
      assert.equal(await count(admin, 'accounts', `name = "${name}" and employee_count = 5`), 1);
    },
  },
  {
    name: 'failed rows come back as a workbook, which corrected or not can be sent again',
    async run(server) {
      const word = unique('行');
      const file = `名称,员工人数,电话\n${word}1,12,01\n${word}2,many,0571-88886666\n${word}3,#DIV/0!,\n`;
      const how = { mapping: { 名称: 'name', 员工人数: 'employee_count' } };
      const { result } = await run(server, 'accounts', file, '客户.csv', how);
      assert.deepEqual([result.created, result.failed], [1, 2]);
      assert.equal(result.errors[1].code, 'formula_error');
      const book = await download(server, result.error_workbook);
      assert.match(decodeURIComponent(book.name), /客户\.errors\.xlsx/);
      const seen = await preview(server, 'accounts', book.bytes, 'again.xlsx');
      assert.deepEqual(seen.columns.map((c) => c.name), ['名称', '员工人数', '电话', 'import_row', 'import_error']);
      assert.deepEqual(seen.rows[0].slice(0, 4), [`${word}2`, 'many', '0571-88886666', '2']);
      const corrected = { ...how, mapping: { 名称: 'name', 员工人数: { field: 'employee_count', values: { many: '9', '#DIV/0!': null } } } };
      const again = await run(server, 'accounts', book.bytes, 'again.xlsx', corrected);
      assert.deepEqual([again.result.created, again.result.failed, again.result.error_workbook], [2, 0, null]);
    },
  },
  {
    name: 'mappings are saved under a name, shared, replaced and deleted',
    async run(server) {
      const admin = by(server);
      const name = unique('方案');
      const options = { mapping: { 公司: 'name' }, mode: 'create', header_row: 2 };
      const saved = expect(await admin.post('/accounts/import/mappings', { name, options }), 201);
      assert.deepEqual([saved.name, saved.shared, saved.mine, saved.options], [name, false, true, options]);
      const replaced = expect(await admin.post('/accounts/import/mappings', { name, shared: true, options: { mode: 'update' } }), 201);
      assert.equal(replaced.id, saved.id);
      const listed = expect(await admin.get('/accounts/import/mappings'), 200).items.filter((m) => m.name === name);
      assert.deepEqual(listed.map((m) => [m.shared, m.options.mode]), [[true, 'update']]);
      assert.equal(expect(await admin.get('/contacts/import/mappings'), 200).items.length, 0);
      for (const [body, field] of [[{ options: {} }, 'name'], [{ name: 'x' }, 'options'], [{ name: 'x', options: { nonsense: 1 } }, 'nonsense'], [{ name: '字'.repeat(81), options: {} }, 'name']]) {
        assert.ok(fieldError(expectProblem(await admin.post('/accounts/import/mappings', body), 422, 'validation'), field), JSON.stringify(body));
      }
      const manager = await makeUser(server, ['sales_manager']);
      const theirs = expect(await manager.client.get('/accounts/import/mappings'), 200).items.find((m) => m.name === name);
      assert.equal(theirs.mine, false);
      expectProblem(await manager.client.delete(`/accounts/import/mappings/${saved.id}`), 403, 'forbidden');
      expect(await admin.post('/accounts/import/mappings', { name, options }), 201);
      assert.ok(!expect(await manager.client.get('/accounts/import/mappings'), 200).items.some((m) => m.name === name), 'shared no more');
      expectProblem(await manager.client.delete(`/accounts/import/mappings/${saved.id}`), 404, 'not_found');
      expectProblem(await admin.delete(`/contacts/import/mappings/${saved.id}`), 404, 'not_found');
      expect(await admin.delete(`/accounts/import/mappings/${saved.id}`), 204);
      assert.ok(!expect(await admin.get('/accounts/import/mappings'), 200).items.some((m) => m.name === name));
    },
  },
  {
    name: 'saved mappings say the new name of a renamed field, in columns, constants and keys',
    async run(server) {
      const admin = by(server);
      const object = unique('crate').replace('-', '_'), plural = `${object}s`;
      expect(await admin.post('/meta/objects', { object, plural, title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'depth', type: 'integer' }, { name: 'code_of_depth', type: 'text' }, { name: 'within', type: 'link', to: object }] }), 201);
      const options = { mapping: { A: 'name', B: { field: 'depth', values: { deep: '9' } }, C: 'code_of_depth', D: 'within.depth', depth: null }, key: ['name'], create_missing: ['within'], mode: 'upsert' };
      expect(await admin.post(`/${plural}/import/mappings`, { name: 'columns', options }), 201);
      expect(await admin.post(`/${plural}/import/mappings`, { name: 'constants', options: { mapping: { A: 'name' }, set: { depth: 3, name: 'x' }, key: ['depth'] } }), 201);
      expect(await admin.patch(`/meta/objects/${object}/fields/depth`, { name: 'fathoms' }), 200);
      expect(await admin.patch(`/meta/objects/${object}/fields/within`, { name: 'inside' }), 200);
      const [columns, constants] = expect(await admin.get(`/${plural}/import/mappings`), 200).items.map((m) => m.options);
      assert.deepEqual(columns, { ...options, mapping: { ...options.mapping, B: { field: 'fathoms', values: { deep: '9' } }, D: 'inside.depth' }, create_missing: ['inside'] });
      assert.deepEqual(constants, { mapping: { A: 'name' }, set: { fathoms: 3, name: 'x' }, key: ['fathoms'] });
      const job = await run(server, plural, 'A,B\none,deep\n', 'c.csv', { ...columns, mapping: { A: 'name', B: columns.mapping.B } });
      assert.equal(job.result.created, 1);
      assert.equal(await count(admin, plural, 'fathoms = 9'), 1);
    },
  },
  {
    name: 'past imports are listed with their figures, and whether they were taken back',
    async run(server) {
      const admin = by(server);
      const word = unique('旧');
      const job = await run(server, 'contacts', `name\n${word}\n`, `${word}.csv`, {});
      await run(server, 'contacts', `name\n${word}\n`, `${word}-dry.csv`, { dry_run: true });
      const page = expect(await admin.get('/contacts/import?limit=1'), 200);
      assert.deepEqual([page.items.length, page.items[0].file, page.items[0].dry_run], [1, `${word}-dry.csv`, true]);
      const next = expect(await admin.get(`/contacts/import?limit=1&after=${page.next}`), 200).items[0];
      assert.deepEqual([next.id, next.file, next.created, next.undone, next.batch], [job.id, `${word}.csv`, 1, false, job.batch]);
      assert.ok(!expect(await admin.get('/accounts/import'), 200).items.some((i) => i.id === job.id), 'of this object only');
      await waitForJob(admin, await admin.post(`/batches/${job.batch}/undo`, {}));
      const after = expect(await admin.get('/contacts/import'), 200).items.find((i) => i.id === job.id);
      assert.equal(after.undone, true);
      const manager = await makeUser(server, ['sales_manager']);
      assert.ok(!expect(await manager.client.get('/contacts/import'), 200).items.some((i) => i.id === job.id), 'one\'s own only');
      expectProblem(await admin.get('/contacts/import?after=x'), 400, 'bad_parameter');
    },
  },
  {
    name: 'who may not import sees neither mappings nor previews; history needs its own right',
    async run(server) {
      const seller = await makeUser(server, ['seller']);
      for (const path of ['/accounts/import', '/accounts/import/mappings']) expectProblem(await seller.client.get(path), 403, 'forbidden');
      expectProblem(await seller.client.post('/accounts/import/mappings', { name: 'x', options: {} }), 403, 'forbidden');
      expectProblem(await upload(server, seller.key, '/accounts/import/preview', 'name\nA\n', 'a.csv', {}), 403, 'forbidden');
      const file = `name,created_at\n${unique('史')},2019-05-06T07:08:09Z\n`;
      const mapping = { name: 'name', created_at: 'created_at' };
      const store = await makeUser(server, ['store_manager']); // may import, but not bring over history
      const told = expectProblem(await upload(server, store.key, '/accounts/import', file, 'h.csv', { mapping }), 422, 'validation');
      assert.equal(fieldError(told, 'mapping.created_at').code, 'read_only');
      const job = await run(server, 'accounts', file, 'h.csv', { mapping }, (await makeUser(server, ['sales_ops'])).key);
      assert.equal(job.result.created, 1);
      assert.equal(await count(by(server), 'accounts', 'created_at = "2019-05-06T07:08:09Z"'), 1);
    },
  },
];
