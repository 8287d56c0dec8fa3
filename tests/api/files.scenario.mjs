// SPDX-License-Identifier: Apache-2.0
// Files: uploaded, told, served by part, referred to by records whose right they follow, swept when nothing refers
// to them; one content once on the disk.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { api, assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('pixels')]);
const folder = {
  object: 'binder', plural: 'binders', title: 'name', traits: ['owned'],
  fields: [
    { name: 'name', type: 'text', required: true }, { name: 'cover', type: 'image', max_size: 1000 }, { name: 'paper', type: 'file', accept: ['application/pdf', 'text/'] },
    { name: 'papers', type: 'file', multiple: true },
  ],
};
const ready = async (server) => {
  const admin = by(server);
  if ((await admin.get('/meta/objects/binder')).status !== 200) expect(await admin.post('/meta/objects', folder), 201);
  return admin;
};

function send(server, key, { name = 'a.txt', type = 'text/plain', data = Buffer.from('hello'), fields } = {}) {
  const edge = `edge${randomBytes(8).toString('hex')}`;
  const parts = [];
  if (fields) parts.push(Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="fields"\r\n\r\n${JSON.stringify(fields)}\r\n`));
  parts.push(Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`), data, Buffer.from(`\r\n--${edge}--\r\n`));
  return raw(server, 'POST', '/files', { Authorization: `Bearer ${key}`, 'Content-Type': `multipart/form-data; boundary=${edge}` }, Buffer.concat(parts));
}
function raw(server, method, path, headers, data) {
  return new Promise((done, fail) => {
    const request = http.request({ host: '127.0.0.1', port: server.port, method, path: api + path, headers: { ...headers, ...(data ? { 'Content-Length': data.length } : {}) } }, (answer) => {
      const got = [];
      answer.on('data', (part) => got.push(part));
      answer.on('end', () => {
        const bytes = Buffer.concat(got), json = /json/.test(answer.headers['content-type'] ?? '');
        done({ status: answer.statusCode, headers: answer.headers, bytes, text: json ? bytes.toString() : `${bytes.length} bytes`, body: json ? JSON.parse(bytes.toString()) : null });
      });
    });
    request.on('error', fail);
    request.end(data);
  });
}
const upload = async (server, what, key = server.key) => expect(await send(server, key, what), 201);
const fetchFile = (server, id, key = server.key, headers = {}, query = '') => raw(server, 'GET', `/files/${id}${query}`, { Authorization: `Bearer ${key}`, ...headers });
const pathOf = (server, data) => { const hash = createHash('sha256').update(data).digest('hex'); return join(server.dir, 'files', hash.slice(0, 2), hash.slice(2, 4), hash); };

export const tests = [
  {
    name: 'an upload is told, served whole and in part, and kept once',
    async run(server) {
      await ready(server);
      const data = randomBytes(3000);
      const file = await upload(server, { name: '报告 1.bin', type: 'application/x-thing', data });
      assert.deepEqual(file, { id: file.id, name: '报告 1.bin', size: 3000, type: 'application/x-thing', url: `/api/v1/files/${file.id}` });
      const got = await fetchFile(server, file.id);
      assert.equal(got.status, 200);
      assert.ok(got.bytes.equals(data));
      assert.match(got.headers['content-disposition'], /^attachment; filename\*=UTF-8''%E6%8A%A5%E5%91%8A%201\.bin$/);
      assert.match(got.headers['content-security-policy'], /sandbox/);
      assert.equal(got.headers['x-content-type-options'], 'nosniff');
      for (const [range, from, to] of [['bytes=0-9', 0, 10], ['bytes=2990-', 2990, 3000], ['bytes=-5', 2995, 3000], ['bytes=10-99999', 10, 3000]]) {
        const part = await fetchFile(server, file.id, server.key, { Range: range });
        assert.equal(part.status, 206, range);
        assert.equal(part.headers['content-range'], `bytes ${from}-${to - 1}/3000`);
        assert.ok(part.bytes.equals(data.subarray(from, to)), range);
      }
      assert.equal((await fetchFile(server, file.id, server.key, { Range: 'bytes=3000-' })).status, 416);
      for (const range of ['bytes=0-1,5-6', 'lines=1-2', 'bytes=9-2', 'bytes=x-']) assert.equal((await fetchFile(server, file.id, server.key, { Range: range })).status, 200, range);
      const again = await upload(server, { name: 'same.bin', type: 'application/x-thing', data });
      assert.notEqual(again.id, file.id);
      assert.equal(statSync(pathOf(server, data)).nlink, 1);
      const meta = expect(await fetchFile(server, file.id, server.key, {}, '?meta=1'), 200);
      assert.equal(meta.record.hash.length, 64);
      assert.equal(meta.size, 3000);
    },
  },
  {
    name: 'types are those of the bytes, names are cleaned, only pictures are shown',
    async run(server) {
      await ready(server);
      const image = await upload(server, { name: '/etc/..\\pic.png', type: 'image/png', data: PNG });
      assert.deepEqual([image.name, image.type], ['pic.png', 'image/png']);
      assert.match((await fetchFile(server, image.id)).headers['content-disposition'], /^inline/);
      assert.match((await fetchFile(server, image.id, server.key, {}, '?download=1')).headers['content-disposition'], /^attachment/);
      const told = await upload(server, { name: 'x', type: 'application/octet-stream', data: PNG });
      assert.equal(told.type, 'image/png');
      const page = await upload(server, { name: 'x.html', type: 'text/html', data: Buffer.from('<script>1</script>') });
      assert.match((await fetchFile(server, page.id)).headers['content-disposition'], /^attachment/);
      for (const [type, data] of [['image/png', Buffer.from('<svg/>')], ['text/html', PNG], ['application/pdf', Buffer.from('no')], ['image/jpeg', PNG]]) {
        const problem = expectProblem(await send(server, server.key, { type, data }), 422, 'validation');
        assert.equal(fieldError(problem, 'file').code, 'bad_value', type);
      }
      expectProblem(await send(server, server.key, { data: Buffer.alloc(0) }), 422, 'validation');
      assert.equal((await upload(server, { name: '..' })).name, 'file');
      assert.equal((await upload(server, { name: 'a\u202Etxt.exe' })).name, 'atxt.exe');
      expectProblem(await send(server, server.key, { fields: { size: 1 } }), 422, 'validation');
      expectProblem(await send(server, server.key, { fields: { nothing: 1 } }), 422, 'validation');
      assert.equal((await send(server, 'gx_wrong')).status, 401);
    },
  },
  {
    name: 'records refer to files: forms, lists, accepted types and sizes, history, undo of a reference',
    async run(server) {
      const admin = await ready(server);
      const [one, two, three] = [await upload(server, { name: '1.txt' }), await upload(server, { name: '2.txt' }), await upload(server, { name: 'c.png', type: 'image/png', data: PNG })];
      const row = await create(admin, 'binders', { name: unique('b'), cover: three.id, paper: { id: one.id }, papers: [one.id, two.id] });
      assert.deepEqual(row.cover, three);
      assert.deepEqual(row.papers, [one, two]);
      const read = expect(await admin.get(`/binders/${row.id}`), 200);
      assert.deepEqual([read.cover, read.paper, read.papers], [three, one, [one, two]]);
      const list = expect(await admin.get(`/binders?filter=${encodeURIComponent(`paper = "${one.id}" and papers in ("${two.id}") and cover is not null`)}`), 200);
      assert.deepEqual(list.items.map((r) => r.papers), [[one, two]]);
      assert.deepEqual(expect(await admin.patch(`/binders/${row.id}`, { papers: { remove: [one.id] }, cover: null }), 200).papers, [two]);
      const change = expect(await admin.get(`/binders/${row.id}/history`), 200).items[0].changes.find((c) => c.field === 'cover');
      assert.deepEqual(change, { field: 'cover', old: three, new: null });
      for (const [field, value, code] of [['cover', one.id, 'bad_value'], ['paper', three.id, 'bad_value'], ['papers', one.id, 'bad_value'], ['paper', '77', 'no_match'], ['paper', 7, 'no_match']]) {
        assert.equal(fieldError(expectProblem(await admin.patch(`/binders/${row.id}`, { [field]: value }), 422, 'validation'), field).code, code, field);
      }
      const big = await upload(server, { type: 'image/png', data: Buffer.concat([PNG, Buffer.alloc(1000)]) });
      assert.equal(fieldError(expectProblem(await admin.patch(`/binders/${row.id}`, { cover: big.id }), 422, 'validation'), 'cover').code, 'out_of_range');
    },
  },
  {
    name: 'who may read a record may read its files, also those of its past; nobody else',
    async run(server) {
      const admin = await ready(server);
      expect(await admin.put('/meta/access/seller', { role: 'seller', objects: { binder: { read: 'own', create: true, update: 'own' } } }), 200);
      expect(await admin.put('/meta/access/agent', { role: 'agent', objects: { binder: { read: 'all', fields: { paper: 'hidden' } } } }), 200);
      const owner = await makeUser(server, ['seller']), other = await makeUser(server, ['seller']), half = await makeUser(server, ['agent']);
      const data = randomBytes(50);
      const file = expect(await send(server, owner.key, { name: 'p.txt', type: 'text/plain', data }), 201);
      assert.equal((await fetchFile(server, file.id, owner.key)).status, 200);
      assert.equal((await fetchFile(server, file.id, other.key)).status, 404);
      const stolen = expectProblem(await other.client.post('/binders', { name: 'x', paper: file.id }), 422, 'validation');
      assert.equal(fieldError(stolen, 'paper').code, 'no_match');
      const row = await create(owner.client, 'binders', { name: unique('b'), papers: [file.id] });
      assert.equal((await fetchFile(server, file.id, half.key)).status, 200, 'through a field that they see');
      assert.equal((await fetchFile(server, file.id, other.key)).status, 404);
      const secret = expect(await send(server, owner.key, { data: randomBytes(9) }), 201);
      expect(await owner.client.patch(`/binders/${row.id}`, { paper: secret.id }), 200);
      assert.equal((await fetchFile(server, secret.id, half.key)).status, 404, 'the field is hidden');
      expect(await owner.client.patch(`/binders/${row.id}`, { papers: [] }), 200);
      assert.equal((await fetchFile(server, file.id, half.key)).status, 200, 'its history shows it');
      expect(await admin.delete(`/binders/${row.id}`), 204);
      assert.equal((await fetchFile(server, file.id, half.key)).status, 200, 'as its image in the bin does');
      const about = expect(await send(server, owner.key, { data: randomBytes(7), fields: { about: { object: 'binder', id: (await create(owner.client, 'binders', { name: 'n' })).id }, folder: 'x' } }), 201);
      assert.equal((await fetchFile(server, about.id, half.key)).status, 200);
      assert.equal((await fetchFile(server, about.id, other.key)).status, 404);
    },
  },
];
