// SPDX-License-Identifier: Apache-2.0
// Cells that name files and records of any object pass the checks of a body: there, of the kind, of the type and
// size, and seen by whoever imports.
import { assert, by, create, expect, makeUser, unique, upload, uploadFile, waitForJob, walk } from './lib.mjs';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('pixels')]);
const crate = {
  object: 'crate', plural: 'crates', title: 'name', traits: ['owned'],
  fields: [
    { name: 'name', type: 'text', required: true }, { name: 'cover', type: 'image', max_size: 1000 }, { name: 'paper', type: 'file', accept: ['text/'] },
    { name: 'papers', type: 'file', multiple: true }, { name: 'about', type: 'any_link', to: ['crate', 'ticketlet', 'region'] },
  ],
};
const ticketlet = {
  object: 'ticketlet', plural: 'ticketlets', title: 'name', number: 'T{0000}', traits: ['owned', 'numbered'],
  fields: [{ name: 'name', type: 'text', required: true }, { name: 'serial', type: 'text', unique: true }],
};
const rights = { read: 'own', create: true, update: 'own', delete: 'own', import: true };
const state = {};

async function ready(server) {
  const admin = by(server);
  if (state.admin) return state;
  for (const object of [ticketlet, crate]) expect(await admin.post('/meta/objects', object), 201);
  expect(await admin.put('/meta/access/sales_manager', { role: 'sales_manager', objects: { crate: rights, ticketlet: rights } }), 200);
  return Object.assign(state, { admin, importer: await makeUser(server, ['sales_manager']) });
}

async function bring(server, key, text, more = {}) {
  const job = await waitForJob(by(server, key), await upload(server, key, '/crates/import', text, 'crates.csv', { mode: 'create', ...more }));
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job.result;
}
const told = (result) => result.errors.map((e) => [e.row, e.column, e.code]);
const read = async (client, name) => (await walk(client, `/crates?filter=${encodeURIComponent(`name = "${name}"`)}`))[0];

export const tests = [
  {
    name: 'files come in by id, under the checks of a body: right, type, size',
    async run(server) {
      const { admin, importer } = await ready(server);
      const mine = await uploadFile(server, importer.key, 'mine.txt', 'text/plain', 'hello');
      const more = await uploadFile(server, importer.key, 'more.txt', 'text/plain', 'more');
      const picture = await uploadFile(server, importer.key, 'c.png', 'image/png', PNG);
      const big = await uploadFile(server, importer.key, 'big.png', 'image/png', Buffer.concat([PNG, Buffer.alloc(1000)]));
      const theirs = await uploadFile(server, server.key, 'secret.txt', 'text/plain', 'not yours');
      const kept = await create(admin, 'crates', { name: unique('kept'), paper: theirs.id });
      const names = Array.from({ length: 7 }, () => unique('crate'));
      const result = await bring(server, importer.key, [
        'name,cover,paper,papers',
        `${names[0]},${picture.id},${mine.id},${mine.id};${more.id}`,
        `${names[1]},,${theirs.id},`,
        `${names[2]},,,${mine.id};${theirs.id}`,
        `${names[3]},${mine.id},,`,
        `${names[4]},${big.id},,`,
        `${names[5]},,${picture.id},`,
        `${names[6]},,123456789,`,
      ].join('\n'));
      assert.deepEqual([result.created, result.failed], [1, 6], JSON.stringify(result));
      assert.deepEqual(told(result), [[2, 'paper', 'no_match'], [3, 'papers', 'no_match'], [4, 'cover', 'bad_value'], [5, 'cover', 'out_of_range'], [6, 'paper', 'bad_value'], [7, 'paper', 'no_match']]);
      const made = await read(importer.client, names[0]);
      assert.equal(made.cover.id, picture.id);
      assert.equal(made.paper.id, mine.id);
      assert.deepEqual(made.papers.map((f) => f.id).sort(), [mine.id, more.id].sort());
      assert.equal((await importer.client.get(`/files/${theirs.id}`)).status, 404, 'nothing of the refused rows opened it');
      assert.equal((await importer.client.get(`/crates/${kept.id}`)).status, 404);
      const mapped = await bring(server, importer.key, `name,f\n${unique('m')},x\n`, { mapping: { name: 'name', f: { field: 'paper', values: { x: theirs.id } } } });
      assert.deepEqual(told(mapped), [[1, 'f', 'no_match']]);
      const template = await bring(server, importer.key, `name,f\n${unique('t')},${theirs.id}\n`, { mapping: { name: 'name' }, set: { paper: { template: '{f}' } } });
      assert.deepEqual([template.created, template.failed], [0, 1]);
      assert.equal(template.errors[0].code, 'no_match');
    },
  },
  {
    name: 'links to any object come in as object:key, seen by the importer, of a kind that fits',
    async run(server) {
      const { admin, importer } = await ready(server);
      const word = unique('Teapot');
      const own = await create(importer.client, 'ticketlets', { name: word, serial: unique('SN') });
      const twin = unique('Twin');
      for (let i = 0; i < 2; i++) await create(importer.client, 'ticketlets', { name: twin });
      const hidden = await create(admin, 'ticketlets', { name: unique('hidden'), serial: unique('HID') });
      const region = await create(admin, 'regions', { code: unique('r').replace('-', '_'), name: unique('Region') });
      const names = Array.from({ length: 12 }, () => unique('crate'));
      const keys = [`ticketlet:${own.id}`, `ticketlet:${own.number}`, `ticketlet: ${own.serial}`, `ticketlet:${word.toUpperCase()}`, `region:${region.code}`,
        `ticketlet:${hidden.id}`, `ticketlet:${hidden.serial}`, `ticketlet:${twin}`, `account:${own.id}`, `ticketlt:${word}`, `ticketlet:${word}x`, 'nothing'];
      const result = await bring(server, importer.key, ['name,about', ...keys.map((key, i) => `${names[i]},${key}`)].join('\n'));
      assert.deepEqual([result.created, result.failed], [5, 7], JSON.stringify(result));
      assert.deepEqual(told(result), [[6, 'about', 'no_match'], [7, 'about', 'no_match'], [8, 'about', 'ambiguous'], [9, 'about', 'bad_value'], [10, 'about', 'bad_value'], [11, 'about', 'no_match'], [12, 'about', 'bad_value']]);
      const suggested = Object.fromEntries(result.errors.map((e) => [e.row, e.suggestion]));
      assert.equal(suggested[10], `ticketlet:${word}`);
      assert.equal(suggested[11], `ticketlet:${word}`);
      assert.ok(!JSON.stringify(result).includes(hidden.name), 'what is not seen is not suggested');
      for (let i = 0; i < 4; i++) assert.deepEqual([(await read(importer.client, names[i])).about.object, (await read(importer.client, names[i])).about.id], ['ticketlet', own.id], keys[i]);
      assert.deepEqual((await read(importer.client, names[4])).about.id, region.id);
    },
  },
];
