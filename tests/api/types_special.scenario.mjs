// SPDX-License-Identifier: Apache-2.0
// The types that need more than one field of one object, through the surfaces where they have no test of their own:
// links, links to any object, files, secrets, numbers given, formulas, roll-ups. What a type cannot do is refused in both languages.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique, upload, uploadFile, waitForJob, walk } from './lib.mjs';

const q = encodeURIComponent;
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('pixels')]);
const MASK = '••••••••';
const ZH = { 'Accept-Language': 'zh-CN' };
const EN = { 'Accept-Language': 'en' };
const freight = {
  object: 'freight', plural: 'freights', title: 'name', traits: ['owned'],
  fields: [{ name: 'name', type: 'text', required: true }, { name: 'any', type: 'any_link', to: ['account', 'region'] }, { name: 'many', type: 'links', to: 'account', inverse: 'freights_many' },
    { name: 'picture', type: 'image' }, { name: 'doc', type: 'file' }, { name: 'docs', type: 'file', multiple: true }, { name: 'token', type: 'secret' },
    { name: 'serial', type: 'auto_number', number: 'F{0000}' }, { name: 'n', type: 'integer' }, { name: 'twice', type: 'formula', of: 'n * 2', result: 'integer' }],
};
const piece = { object: 'freight_piece', plural: 'freight_pieces', title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'freight', type: 'link', to: 'freight', inverse: 'freight_pieces' }, { name: 'weight', type: 'integer' }] };
const state = {};

async function ready(server) {
  const admin = by(server);
  if (state.admin) return state;
  for (const object of [freight, piece]) expect(await admin.post('/meta/objects', object), 201);
  expect(await admin.post('/meta/objects/freight/fields', { name: 'load', type: 'rollup', of: 'sum(freight_pieces, weight)' }), 201);
  const [x, y] = [await create(admin, 'accounts', { name: unique('Xun') }), await create(admin, 'accounts', { name: unique('Yan') })];
  const picture = await uploadFile(server, server.key, 'c.png', 'image/png', PNG);
  const text = await uploadFile(server, server.key, 'a.txt', 'text/plain', 'a');
  const a = await create(admin, 'freights', { name: 'a', any: { object: 'account', id: x.id }, many: [x.id, y.id], picture: picture.id, doc: text.id, docs: [text.id, picture.id], token: 'one', n: 5 });
  const b = await create(admin, 'freights', { name: 'b', any: { object: 'account', id: y.id }, many: [x.id], doc: picture.id, token: 'two', n: 1 });
  const c = await create(admin, 'freights', { name: 'c' });
  await create(admin, 'freight_pieces', { name: 'p', freight: a.id, weight: 5 });
  await create(admin, 'freight_pieces', { name: 'q', freight: b.id, weight: 9 });
  return Object.assign(state, { admin, x, y, picture, text, a, b, c });
}

const names = async (client, tail) => expect(await client.get(`/freights?fields=name&${tail}`), 200).items.map((r) => r.name);
const matching = (client, filter) => names(client, `sort=id&filter=${q(`name in ("a", "b", "c") and ${filter}`)}`);

// Refused in Chinese and in English: each tells the field, neither falls back to the other.
async function refused(send, field) {
  const zh = expectProblem(await send(ZH), 400, 'bad_parameter');
  const en = expectProblem(await send(EN), 400, 'bad_parameter');
  assert.match(zh.detail, /\p{Script=Han}/u);
  assert.doesNotMatch(en.detail, /\p{Script=Han}/u);
  for (const problem of [zh, en]) assert.ok(problem.detail.includes(field), problem.detail);
}

async function bring(server, key, text, more = {}) {
  return waitForJob(by(server, key), await upload(server, key, '/freights/import', text, 'f.csv', { mode: 'create', ...more }));
}

async function fileText(server, key, plural, body) {
  const job = await waitForJob(by(server, key), await by(server, key).post(`/${plural}/export`, body));
  assert.equal(job.status, 'done', JSON.stringify(job));
  const answer = await fetch(`http://127.0.0.1:${server.port}${job.result.file.url}`, { headers: { Authorization: `Bearer ${key}` } });
  return answer.text();
}

export const tests = [
  {
    name: 'filter: files by id and presence, numbers by text, roll-ups by figure, any link by kind',
    async run(server) {
      const { admin, picture, text, x } = await ready(server);
      assert.deepEqual(await matching(admin, `doc = "${text.id}"`), ['a']);
      assert.deepEqual(await matching(admin, `doc in ("${picture.id}", "${text.id}")`), ['a', 'b']);
      assert.deepEqual(await matching(admin, 'doc is null'), ['c']);
      assert.deepEqual(await matching(admin, `picture = "${picture.id}"`), ['a']);
      assert.deepEqual(await matching(admin, 'picture is null'), ['b', 'c']);
      assert.deepEqual(await matching(admin, `"${picture.id}" in docs`), ['a']);
      assert.deepEqual(await matching(admin, 'docs is null'), ['b', 'c']);
      assert.deepEqual(await matching(admin, 'serial in ("F0002")'), ['b']);
      assert.deepEqual(await matching(admin, 'serial ~ "f000"'), ['a', 'b', 'c']);
      assert.deepEqual(await matching(admin, 'load > 5 and twice < 5'), ['b']);
      assert.deepEqual(await matching(admin, `any = "${x.id}" and any.object = "account"`), ['a']);
      assert.deepEqual(await matching(admin, `any.account.name = "${x.name}"`), ['a']);
      for (const [headers, words] of [[ZH, /任意对象/], [EN, /any kind/]]) {
        const problem = expectProblem(await admin.get(`/freights?filter=${q('any ~ "x"')}`, headers), 400, 'bad_expression');
        assert.match(problem.detail, words);
        assert.equal(problem.errors[0].at, 0);
      }
      for (const filter of ['doc ~ "a"', 'picture.name = "c.png"', 'docs = "1"', 'doc > "1"']) expectProblem(await admin.get(`/freights?filter=${q(filter)}`), 400, 'bad_expression');
    },
  },
  {
    name: 'sort: numbers given, formulas and roll-ups sort; links to any object, sets of links and files say that they do not',
    async run(server) {
      const { admin } = await ready(server);
      const of = q('name in ("a", "b", "c")');
      assert.deepEqual(await names(admin, `filter=${of}&sort=serial`), ['a', 'b', 'c']);
      assert.deepEqual(await names(admin, `filter=${of}&sort=-serial`), ['c', 'b', 'a']);
      assert.deepEqual(await names(admin, `filter=${of}&sort=twice`), ['b', 'a', 'c']);
      assert.deepEqual(await names(admin, `filter=${of}&sort=-twice`), ['a', 'b', 'c']);
      assert.deepEqual(await names(admin, `filter=${of}&sort=load`), ['a', 'b', 'c']);
      assert.deepEqual(await names(admin, `filter=${of}&sort=-load`), ['b', 'a', 'c']);
      for (const field of ['any', 'many', 'picture', 'doc', 'docs', 'token']) {
        for (const sign of ['', '-']) await refused((lang) => admin.get(`/freights?sort=${sign}${field}`, lang), field);
      }
    },
  },
  {
    name: 'aggregate: records by each linked record, files and any links counted; what has no group or sum says so',
    async run(server) {
      const { admin, x, y, a } = await ready(server);
      const filter = 'name in ("a", "b", "c")';
      const ask = async (body) => expect(await admin.post('/freights/aggregate', { filter, ...body }), 200);
      const by1 = await ask({ group: ['many'], measures: ['count', { sum: 'n' }], sort: ['-count'] });
      assert.deepEqual(by1.rows, [{ many: { id: x.id, title: x.name }, count: 2, sum_n: 6 }, { many: { id: y.id, title: y.name }, count: 1, sum_n: 5 }, { many: null, count: 1, sum_n: null }].sort((p, r) => r.count - p.count));
      assert.deepEqual(by1.total, { count: 3, sum_n: 6 }, 'a record with two links counts once in the total');
      const pieces = expect(await admin.post('/freight_pieces/aggregate', { group: ['freight.many'], measures: [{ sum: 'weight' }], sort: ['-sum_weight'] }), 200);
      assert.deepEqual(pieces.rows.map((r) => [r['freight.many'].id, r.sum_weight]), [[x.id, 14], [y.id, 5]]);
      assert.deepEqual((await ask({ measures: [{ distinct: 'any' }, { distinct: 'doc' }, { distinct: 'picture' }, { distinct: 'serial' }, { min: 'serial' }, { max: 'serial' }] })).total,
        { distinct_any: 2, distinct_doc: 2, distinct_picture: 1, distinct_serial: 3, min_serial: 'F0001', max_serial: 'F0003' });
      assert.deepEqual((await ask({ group: ['load'], measures: ['count'] })).rows, [{ load: 5, count: 1 }, { load: 9, count: 1 }, { load: null, count: 1 }]);
      assert.equal((await ask({ measures: [{ sum: 'load' }] })).total.sum_load, 14);
      for (const field of ['any', 'picture', 'doc', 'docs', 'token', 'serial']) await refused((lang) => admin.post('/freights/aggregate', { group: [field], measures: ['count'] }, lang), field);
      for (const field of ['any', 'many', 'picture', 'doc', 'docs', 'token', 'serial']) await refused((lang) => admin.post('/freights/aggregate', { measures: [{ sum: field }] }, lang), field);
      for (const field of ['many', 'docs']) await refused((lang) => admin.post('/freights/aggregate', { measures: [{ distinct: field }] }, lang), field);
      const before = new Date().toISOString();
      await new Promise((done) => setTimeout(done, 20));
      expect(await admin.patch(`/freights/${a.id}`, { many: [y.id] }), 200);
      assert.deepEqual((await ask({ group: ['many'], measures: ['count'] })).rows.map((r) => [r.many?.id ?? null, r.count]).sort(), [[x.id, 1], [y.id, 1], [null, 1]].sort());
      const past = await ask({ group: ['many'], measures: ['count'], as_of: before });
      assert.deepEqual(past.rows.find((r) => r.many?.id === x.id).count, 2);
      expect(await admin.patch(`/freights/${a.id}`, { many: [x.id, y.id] }), 200);
    },
  },
  {
    name: 'import: a secret is sealed as it comes in; numbers given and what is computed are named as no target',
    async run(server) {
      const { admin } = await ready(server);
      const word = unique('sealed');
      const job = await bring(server, server.key, `name,key\n${word},geheim-密-${word}\n${word}-none,\n${word}-mask,${MASK}\n`, { mapping: { name: 'name', key: 'token' } });
      assert.deepEqual([job.result.created, job.result.failed], [2, 1], JSON.stringify(job));
      assert.deepEqual([job.result.errors[0].row, job.result.errors[0].column], [3, 'key']);
      assert.ok(!JSON.stringify(job).includes('geheim'), 'neither the job nor its faults tell it');
      const found = expect(await admin.get(`/freights?filter=${q(`token = "geheim-密-${word}"`)}`), 200).items;
      assert.deepEqual(found.map((r) => [r.name, r.token]), [[word, MASK]]);
      for (const field of ['serial', 'twice', 'load']) {
        for (const [lang, words] of [['zh-CN', /可以导入/], ['en', /import/]]) {
          const answer = await fetchImport(server, lang, field);
          const problem = JSON.parse(answer.text);
          assert.equal(answer.status, 422, answer.text);
          assert.equal(problem.errors[0].field, 'mapping.v');
          assert.match(problem.errors[0].message, words);
          assert.ok(problem.errors[0].message.includes(field));
        }
      }
    },
  },
  {
    name: 'export: files and roll-ups go out and files come back; a secret goes out as its mask, also to whoever may read it',
    async run(server) {
      const { admin, picture, text } = await ready(server);
      const fields = 'name,any,many,picture,doc,docs,serial,twice,load,token';
      const out = await fileText(server, server.key, 'freights', { values: 'codes', fields, sort: 'id', filter: 'name in ("a", "b", "c")' });
      const [, row] = out.split('\r\n');
      assert.ok(row.endsWith(`F0001,10,5,${MASK}`) || row.endsWith(`,F0001,10,5,${MASK}`), row);
      assert.ok(row.includes(`${picture.id},${text.id},${picture.id};${text.id}`), row);
      const back = unique('back');
      const job = await bring(server, server.key, `name,picture,doc,docs\n${back},${row.split(',').slice(3, 6).join(',')}\n`);
      assert.equal(job.result.created, 1, JSON.stringify(job));
      const [made] = await walk(admin, `/freights?filter=${q(`name = "${back}"`)}`);
      assert.deepEqual([made.picture.id, made.doc.id, made.docs.map((f) => f.id)], [picture.id, text.id, [picture.id, text.id]]);
      const access = expect(await admin.get('/meta/access/sales_manager'), 200);
      access.objects.freight = { read: 'all', export: 'all', fields: { token: 'read_secrets' } };
      expect(await admin.put('/meta/access/sales_manager', access), 200);
      const reader = await makeUser(server, ['sales_manager']);
      assert.deepEqual((await walk(reader.client, `/freights?fields=token&sort=id&filter=${q('name in ("a", "b")')}`)).map((r) => r.token), ['one', 'two']);
      const masked = await fileText(server, reader.key, 'freights', { values: 'codes', fields: 'name,token', sort: 'id', filter: 'name in ("a", "b", "c")' });
      assert.equal(masked.trim(), `name,token\r\na,${MASK}\r\nb,${MASK}\r\nc,`);
    },
  },
  {
    name: 'history: any link, links and files with old and new; numbers as given once, and nothing of what is computed',
    async run(server) {
      const { admin, x, y, picture, text } = await ready(server);
      const row = await create(admin, 'freights', { name: unique('past'), any: { object: 'account', id: x.id }, many: [x.id], picture: picture.id, doc: text.id, docs: [text.id], n: 1 });
      expect(await admin.patch(`/freights/${row.id}`, { any: { object: 'account', id: y.id }, many: [y.id], picture: null, doc: picture.id, docs: { add: [picture.id] }, n: 2 }), 200);
      const { items } = expect(await admin.get(`/freights/${row.id}/history`), 200);
      const told = Object.fromEntries(items[0].changes.map((c) => [c.field, [c.old, c.new]]));
      const ref = (account) => ({ object: 'account', id: account.id, title: account.name });
      assert.deepEqual(told.any, [ref(x), ref(y)]);
      assert.deepEqual(told.many, [[{ id: x.id, title: x.name }], [{ id: y.id, title: y.name }]]);
      assert.deepEqual([told.picture[0].id, told.picture[1]], [picture.id, null]);
      assert.deepEqual([told.doc[0].name, told.doc[1].name], ['a.txt', 'c.png']);
      assert.deepEqual(told.docs.map((files) => files.map((f) => f.id).sort()), [[text.id], [picture.id, text.id].sort()]);
      assert.deepEqual(Object.keys(told).sort(), ['any', 'doc', 'docs', 'many', 'n', 'picture'], 'what is computed has no history of its own');
      const first = Object.fromEntries(items[1].changes.map((c) => [c.field, c.new]));
      assert.equal(first.serial, row.serial);
      for (const field of ['twice', 'load']) assert.ok(!(field in first));
      for (const [field, value] of [['serial', 'F9999'], ['twice', 4], ['load', 4]]) {
        const problem = expectProblem(await admin.patch(`/freights/${row.id}`, { [field]: value }), 422, 'validation');
        assert.equal(fieldError(problem, field).code, 'read_only', JSON.stringify(problem));
      }
    },
  },
  {
    name: 'change of type: secrets, formulas and roll-ups have none and say so',
    async run(server) {
      const { admin } = await ready(server);
      for (const field of ['token', 'twice', 'load']) {
        for (const [lang, words] of [[ZH, /请新建字段/], [EN, /make a new field/]]) {
          const problem = expectProblem(await admin.patch(`/meta/objects/freight/fields/${field}`, { type: 'text', dry_run: true }, lang), 422, 'validation');
          assert.match(fieldError(problem, 'type').message, words);
        }
      }
    },
  },
  {
    name: 'what a value should have been is told in the language of the reader',
    async run(server) {
      const { admin } = await ready(server);
      const object = unique('words').replace('-', '_');
      expect(await admin.post('/meta/objects', { object, plural: `${object}s`, fields: [{ name: 'n', type: 'integer' }, { name: 'b', type: 'boolean' }, { name: 'd', type: 'duration' }, { name: 't', type: 'text' }] }), 201);
      const wrong = { n: 'many', b: 'perhaps', d: 'P1M', t: 5 };
      const zh = expectProblem(await admin.post(`/${object}s`, wrong, ZH), 422, 'validation');
      const en = expectProblem(await admin.post(`/${object}s`, wrong, EN), 422, 'validation');
      assert.deepEqual(Object.keys(wrong).map((f) => fieldError(zh, f).message), ['不是整数', '不是“是”或“否”（true 或 false）', '不是时长，应形如 1:30（时:分）或 PT1H30M', '不是文本']);
      assert.deepEqual(Object.keys(wrong).map((f) => fieldError(en, f).message), ['is not a whole number', 'is not yes or no (true or false)', 'is not a duration such as 1:30 (hours and minutes) or PT1H30M', 'is not text']);
      assert.equal((await create(admin, `${object}s`, { d: '1:30' })).d, 'PT1H30M');
    },
  },
];

function fetchImport(server, lang, field) {
  const form = new FormData();
  form.append('options', JSON.stringify({ mode: 'create', mapping: { name: 'name', v: field } }));
  form.append('file', new Blob([`name,v\nx,1\n`], { type: 'text/csv' }), 'f.csv');
  return fetch(`http://127.0.0.1:${server.port}/api/v1/freights/import`, { method: 'POST', headers: { Authorization: `Bearer ${server.key}`, 'Accept-Language': lang }, body: form })
    .then(async (answer) => ({ status: answer.status, text: await answer.text() }));
}
