// SPDX-License-Identifier: Apache-2.0
// Lists become files: CSV, XLSX, JSON lines; every type goes out and, as codes, comes back the same; rights hold.
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cells, exported, unzip } from './export_file.mjs';
import { assert, by, create, expect, expectProblem, makeUser, unique, upload, uploadFile, waitForJob, walk } from './lib.mjs';

const records = (text) => { const [head, ...rows] = cells(text.replace(/^\ufeff/, '')); return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]]))); };

const label = (text) => ({ 'zh-CN': text, en: text });
const sample = () => unique('sample').replaceAll('-', '_').toLowerCase();

// An object with a field of every type that holds a value of its own.
async function everyType(admin) {
  const object = sample();
  const simple = ['long_text', 'integer', 'decimal', 'percent', 'money', 'boolean', 'date', 'datetime', 'duration', 'email', 'phone', 'url', 'address', 'geo', 'tags', 'rating', 'color', 'rich_text', 'json'];
  const choices = ['a', 'b', 'c'].map((value) => ({ value, label: label(`label ${value}`) }));
  const fields = [{ name: 'name', type: 'text', label: label('name'), required: true }, ...simple.map((type) => ({ name: `f_${type}`, type, label: label(type) })),
    { name: 'f_choice', type: 'choice', choices, label: label('choice') }, { name: 'f_choices', type: 'choices', choices, label: label('choices') },
    { name: 'f_link', type: 'link', to: 'account', inverse: `${object}_of`, label: label('link') }, { name: 'f_links', type: 'links', to: 'account', inverse: `${object}_in`, label: label('links') },
    { name: 'f_region', type: 'link', to: 'region', inverse: `${object}_at`, label: label('region') },
    { name: 'f_number', type: 'auto_number', number: 'N{0000}', label: label('number') }, { name: 'f_formula', type: 'formula', of: 'f_integer * 2', result: 'integer', label: label('formula') },
    { name: 'f_any_link', type: 'any_link', to: ['account', 'contact'], label: label('any') }];
  expect(await admin.post('/meta/objects', { object, plural: `${object}s`, area: 'sales', label: label(object), title: 'name', fields }), 201);
  return `${object}s`;
}

const values = (accounts) => [
  { name: '=1+1', f_long_text: 'two\nlines, "quoted"', f_integer: 42, f_decimal: '-1.5', f_percent: '12.5', f_money: { value: '1234.50', currency: 'CNY' }, f_boolean: true, f_date: '2026-03-01',
    f_datetime: '2026-03-01T02:03:04.000Z', f_duration: 'PT26H30M', f_email: 'a@example.com', f_phone: '+8657188886666', f_url: 'https://example.com/?a=1,2', f_geo: { lat: '30.25', lng: '120.5' },
    f_address: { province: 'zhejiang', city: 'hangzhou', street: '文三路 1 号' }, f_tags: ['one', '二'], f_rating: 4, f_color: 'celadon', f_rich_text: '<p>a <b>b</b></p>', f_json: { a: [1, 'zwei'] }, f_any_link: { object: 'account', id: accounts[0].id }, f_choice: 'b', f_choices: ['a', 'c'], f_link: accounts[0].id, f_links: accounts.map((a) => a.id), f_region: { code: 'east' } },
  { name: "'-quoted", f_boolean: false, f_money: { value: '-7.00', currency: 'CNY' }, f_tags: ['+plus'] },
  { name: 'empty' },
];
const plain = ({ id, version, created_at, created_by, updated_at, updated_by, f_number, ...rest }) => rest; // eslint-disable-line no-unused-vars

export const tests = [
  {
    name: 'every type goes out as codes and comes back as the same record',
    async run(server) {
      const admin = by(server);
      const me = { server, key: server.key, client: admin };
      const plural = await everyType(admin);
      const accounts = [await create(admin, 'accounts', { name: unique('x') }), await create(admin, 'accounts', { name: unique('y') })];
      for (const body of values(accounts)) await create(admin, plural, body);
      const before = (await walk(admin, `/${plural}?sort=name`)).map(plain);
      const fields = Object.keys(values(accounts)[0]).join(',');
      const out = await exported(me, plural, { values: 'codes', fields, sort: 'name' });
      assert.equal(out.rows, 3);
      for (const item of await walk(admin, `/${plural}`)) expect(await admin.delete(`/${plural}/${item.id}`), 204);
      const answer = await upload(server, server.key, `/${plural}/import`, out.text, 'back.csv', {});
      assert.equal(answer.status, 202, answer.text);
      const job = await waitForJob(admin, answer);
      assert.equal(job.result?.created, 3, JSON.stringify(job));
      assert.deepEqual((await walk(admin, `/${plural}?sort=name`)).map(plain), before);
    },
  },
  {
    name: 'JSON lines hold the forms of the API, which a write takes back',
    async run(server) {
      const admin = by(server);
      const me = { server, key: server.key, client: admin };
      const plural = await everyType(admin);
      const accounts = [await create(admin, 'accounts', { name: unique('x') })];
      for (const body of values(accounts)) await create(admin, plural, body);
      const fields = Object.keys(values(accounts)[0]).join(',');
      const out = await exported(me, plural, { format: 'jsonl', fields, sort: 'name' });
      assert.match(out.type, /ndjson/);
      const lines = out.text.trim().split('\n').map((line) => JSON.parse(line));
      const before = (await walk(admin, `/${plural}?sort=name`)).map(plain);
      for (const item of await walk(admin, `/${plural}`)) expect(await admin.delete(`/${plural}/${item.id}`), 204);
      for (const line of lines) expect(await admin.post(`/${plural}`, line), 201);
      assert.deepEqual((await walk(admin, `/${plural}?sort=name`)).map(plain), before);
    },
  },
  {
    name: 'a file for people has labels, titles, a mark of UTF-8, and no formulas',
    async run(server) {
      const admin = by(server);
      const me = { server, key: server.key, client: admin };
      const plural = await everyType(admin);
      const account = await create(admin, 'accounts', { name: unique('阳光') });
      for (const body of values([account])) await create(admin, plural, body);
      const out = await exported(me, plural, { filter: 'f_integer is not null', fields: 'name,f_choice,f_choices,f_number,f_formula,f_any_link,f_link,f_region,f_boolean,f_phone,f_integer,f_link.name,f_money' });
      assert.ok(out.text.startsWith('\ufeff'));
      assert.ok(out.text.endsWith('\r\n'));
      const [row] = records(out.text);
      assert.equal(row.name, "'=1+1");
      assert.equal(row.choice, 'label b');
      assert.equal(row.choices, 'label a;label c');
      assert.equal(row.link, account.name);
      assert.equal(row.phone, "'+8657188886666");
      assert.equal(row.integer, '42');
      assert.equal(row.number, 'N0001');
      assert.equal(row.formula, '84');
      assert.equal(row.any, account.name);
      assert.equal(row[cells(out.text)[0].find((h) => h.startsWith('link / '))], account.name);
      assert.equal(row.money, '1234.50 CNY');
      const bare = await exported(me, plural, { fields: 'name', filter: 'f_integer is not null', bom: false, guard: false, headers: 'name' });
      assert.equal(bare.text, 'name\r\n=1+1\r\n');
      const sheet = await exported(me, plural, { format: 'xlsx', fields: 'name,f_integer,f_date,f_long_text', sort: 'name' });
      assert.equal(sheet.file.type, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
      const xml = unzip(sheet.bytes, 'xl/worksheets/sheet1.xml');
      assert.match(xml, /<c r="B\d"[^>]*><v>42<\/v>/);
      assert.match(xml, /<v>46082<\/v>/); // 2026-03-01
      assert.match(xml, /<t>=1\+1<\/t>/);
      assert.doesNotMatch(xml, /<f>/);
    },
  },
  {
    name: 'order, filter, view of the past and many rows are those of the list',
    async run(server) {
      const admin = by(server);
      const me = { server, key: server.key, client: admin };
      const plural = await everyType(admin);
      const requests = Array.from({ length: 100 }, (_, i) => ({ method: 'POST', path: `/${plural}`, body: { name: `n${i % 7}`, f_integer: i % 3 ? i : null } }));
      for (let i = 0; i < 25; i++) expect(await admin.post('/batch', { requests }), 200);
      const down = await exported(me, plural, { fields: 'id', values: 'codes' });
      assert.equal(down.rows, 2500);
      const ids = records(down.text).map((r) => BigInt(r.id));
      assert.ok(ids.every((id, i) => i === 0 || id < ids[i - 1]));
      const sorted = await exported(me, plural, { fields: 'name,f_integer', sort: '-f_integer,name', values: 'codes' });
      const wanted = (await walk(admin, `/${plural}?sort=-f_integer,name&fields=name,f_integer`, 200)).map((r) => `${r.name} ${r.f_integer ?? ''}`);
      assert.deepEqual(records(sorted.text).map((r) => `${r.name} ${r.f_integer}`), wanted);
      const some = await exported(me, plural, { fields: 'name', filter: 'f_integer > 90' });
      assert.equal(some.rows, 25 * 6);
      const then = new Date().toISOString();
      await new Promise((done) => { setTimeout(done, 5); });
      const item = (await walk(admin, `/${plural}?filter=f_integer%20%3D%201`, 50))[0];
      expect(await admin.patch(`/${plural}/${item.id}`, { name: 'later' }), 200);
      const past = await exported(me, plural, { fields: 'name', filter: 'name = "later"', as_of: then });
      assert.equal(past.rows, 0);
    },
  },
  {
    name: 'what is searched for is what comes out, with filter and order, of the past too',
    async run(server) {
      const admin = by(server);
      const me = { server, key: server.key, client: admin };
      const word = unique('Quarz');
      for (const name of ['b', 'a', 'c']) await create(admin, 'accounts', { name: `${word} ${name}` });
      await create(admin, 'accounts', { name: unique('Other') });
      const names = (out) => records(out.text).map((r) => r.name);
      const found = await exported(me, 'accounts', { q: word, fields: 'name', values: 'codes', sort: 'name' });
      assert.deepEqual(names(found), ['a', 'b', 'c'].map((n) => `${word} ${n}`));
      assert.equal(found.rows, 3);
      const by2 = await exported(me, 'accounts', { q: word, filter: `name != "${word} b"`, fields: 'name', values: 'codes' });
      assert.deepEqual(names(by2).sort(), [`${word} a`, `${word} c`]);
      assert.equal((await exported(me, 'accounts', { q: unique('nowhere'), fields: 'name' })).rows, 0);
      const empty = await exported(me, 'accounts', { q: unique('nowhere'), format: 'jsonl' });
      assert.deepEqual([empty.rows, empty.text], [0, '']);
      const then = new Date().toISOString();
      await new Promise((done) => { setTimeout(done, 5); });
      await create(admin, 'accounts', { name: `${word} later` });
      assert.equal((await exported(me, 'accounts', { q: word, as_of: then })).rows, 3);
      assert.equal((await exported(me, 'accounts', { q: word })).rows, 4);
      expectProblem(await admin.post('/accounts/export', { q: 7 }), 400, 'bad_parameter');
    },
  },
  {
    name: 'files, images, links to any object, rollups and secrets: as titles, as ids, masked',
    async run(server) {
      const admin = by(server);
      const me = { server, key: server.key, client: admin };
      const object = sample();
      expect(await admin.post('/meta/objects', { object, plural: `${object}s`, title: 'name', fields: [
        { name: 'name', type: 'text' }, { name: 'paper', type: 'file' }, { name: 'papers', type: 'file', multiple: true }, { name: 'photo', type: 'image' },
        { name: 'about', type: 'any_link', to: ['account', 'contact'], inverse: `${object}s` }, { name: 'pin', type: 'secret' }] }), 201);
      expect(await admin.post('/meta/objects', { object: `${object}_part`, plural: `${object}_parts`, title: 'id', traits: ['line'], fields: [
        { name: 'whole', type: 'link', to: object, required: true, inverse: 'parts' }, { name: 'weight', type: 'integer' }] }), 201);
      expect(await admin.post(`/meta/objects/${object}/fields`, { name: 'weight', type: 'rollup', of: 'sum(parts, weight)' }), 201);
      const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(object)]);
      const [a, b, c] = [await uploadFile(server, server.key, 'a.txt', 'text/plain', 'a'), await uploadFile(server, server.key, 'b.txt', 'text/plain', 'b'), await uploadFile(server, server.key, 'c.png', 'image/png', png)];
      const account = await create(admin, 'accounts', { name: unique('about') });
      await create(admin, `${object}s`, { name: 'x', paper: a.id, papers: [a.id, b.id], photo: c.id, about: { object: 'account', id: account.id }, pin: 'geheim-4711', parts: [{ weight: 2 }, { weight: 5 }] });
      const fields = 'name,paper,papers,photo,about,weight,pin';
      const people = await exported(me, `${object}s`, { fields, headers: 'name' });
      const [row] = records(people.text);
      assert.deepEqual([row.paper, row.papers.split(';').sort(), row.photo, row.about, row.weight], ['a.txt', ['a.txt', 'b.txt'], 'c.png', account.name, '7']);
      const codes = await exported(me, `${object}s`, { fields, values: 'codes' });
      const [raw] = records(codes.text);
      assert.deepEqual([raw.paper, raw.papers.split(';').sort(), raw.photo, raw.about, raw.weight], [a.id, [a.id, b.id].sort(), c.id, `account:${account.id}`, '7']);
      const json = await exported(me, `${object}s`, { fields, format: 'jsonl' });
      const line = JSON.parse(json.text);
      assert.deepEqual([line.paper.id, line.papers.length, line.photo.id, line.about.id, line.weight], [a.id, 2, c.id, account.id, 7]);
      const sheet = unzip((await exported(me, `${object}s`, { fields, format: 'xlsx' })).bytes, 'xl/worksheets/sheet1.xml');
      assert.match(sheet, /<v>7<\/v>/);
      for (const text of [people.text, codes.text, json.text, sheet]) assert.ok(!text.includes('geheim') && !text.includes('4711'), text);
      const bare = codes.text.replace(/,weight,pin/, ',weight_,pin_');
      const job = await waitForJob(admin, await upload(server, server.key, `/${object}s/import`, bare, 'back.csv', { mapping: Object.fromEntries(['name', 'paper', 'papers', 'photo', 'about'].map((f) => [f, f])) }));
      assert.equal(job.result?.created, 1, JSON.stringify(job));
      const [one, two] = await walk(admin, `/${object}s?fields=paper,papers,photo,about`);
      assert.deepEqual({ ...one, id: 0 }, { ...two, id: 0 });
    },
  },
  {
    name: 'an export is a file of its own person, and what a killed server left goes at the next start',
    async run(server) {
      const admin = by(server);
      const me = { server, key: server.key, client: admin };
      const out = await exported(me, 'accounts', { fields: 'name', name: 'mine' });
      const file = expect(await admin.get(`${out.file.url}?meta=1`), 200);
      assert.equal(file.record.name, 'mine.csv');
      assert.equal(file.record.hash, createHash('sha256').update(out.bytes).digest('hex'));
      const folder = join(server.dir, 'exports');
      assert.deepEqual(readdirSync(folder), []);
      await server.kill();
      writeFileSync(join(folder, '12345'), 'half');
      writeFileSync(join(folder, 'notes.txt'), 'of somebody else');
      await server.start();
      assert.deepEqual(readdirSync(folder), ['notes.txt']);
      assert.equal(expect(await admin.get(`${out.file.url}?meta=1`), 200).record.name, 'mine.csv');
    },
  },
  {
    name: 'who may not export gets nothing, who may export his own gets his own, hidden fields are not there',
    async run(server) {
      const admin = by(server);
      const code = unique('exporter');
      expect(await admin.post('/roles', { code, name: code }), 201);
      const rights = (more) => admin.put(`/meta/access/${code}`, { objects: { account: { read: 'all', create: true, fields: { phone: 'hidden' }, ...more } }, system: [] });
      expect(await rights({ export: 'none' }), 200);
      const user = await makeUser(server, [code]);
      expectProblem(await user.client.post('/accounts/export', {}), 403, 'forbidden');
      expect(await rights({ export: 'own' }), 200);
      await create(admin, 'accounts', { name: unique('foreign'), phone: '13800000000' });
      const own = await create(user.client, 'accounts', { name: unique('own') });
      const out = await exported({ server, ...user }, 'accounts', { values: 'codes' });
      assert.deepEqual(records(out.text).map((r) => r.name), [own.name]);
      assert.ok(!('phone' in records(out.text)[0]));
      expectProblem(await user.client.post('/accounts/export', { fields: 'phone' }), 400, 'bad_parameter');
      expectProblem(await user.client.post('/accounts/export', { filter: 'phone is null' }), 400, 'bad_expression');
      const other = await makeUser(server, [code]);
      expectProblem(await other.client.get(out.file.url), 404, 'not_found');
    },
  },
  {
    name: 'what an export does not know is refused at once, with its name',
    async run(server) {
      const admin = by(server);
      for (const [key, value] of [['format', 'pdf'], ['values', 1], ['headers', 'x'], ['bom', 'yes'], ['guard', null], ['name', '../x'], ['limit', 5], ['after', 'x'], ['colour', 'red'], ['fields', 'nmae'], ['sort', 'nmae']]) {
        const problem = expectProblem(await admin.post('/accounts/export', { [key]: value }), 400, 'bad_parameter');
        assert.equal(problem.errors[0].field, key);
      }
      expectProblem(await admin.post('/accounts/export', []), 400, 'bad_json');
      expectProblem(await admin.post('/nothings/export', {}), 404, 'not_found');
    },
  },
];
