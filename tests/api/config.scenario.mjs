// SPDX-License-Identifier: Apache-2.0
// Configuration as files: what is exported, applied to an empty organisation and exported again is the same.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const word = (s) => unique(s).replace('-', '_');
const label = (zh, en) => ({ 'zh-CN': zh, en });
const files = async (admin) => expect(await admin.get('/meta/export'), 200).files;
const apply = (admin, some, more) => admin.post('/meta/apply', { files: some, ...more });

function readAll(dir) {
  const all = {};
  for (const folder of readdirSync(dir)) {
    for (const name of readdirSync(join(dir, folder))) all[`${folder}/${name}`] = readFileSync(join(dir, folder, name), 'utf8');
  }
  return all;
}

export const tests = [
  {
    name: 'files say what the catalogue is; a dry run says what they would change; applying does it in one change',
    async run(server) {
      const admin = by(server);
      const all = await files(admin);
      assert.ok(all['objects/account.object.json'].fields.every((f) => f.key));
      assert.deepEqual(expect(await apply(admin, all, { dry_run: true }), 200).diff, []);
      const name = word('nick');
      const object = word('gift');
      const account = structuredClone(all['objects/account.object.json']);
      account.fields.push({ name, type: 'text', max: 40, label: label('昵称', 'Nickname') });
      const some = {
        'objects/account.object.json': account,
        [`objects/${object}.object.json`]: { object, plural: `${object}s`, label: label('礼品', 'Gift'), fields: [{ name: 'name', type: 'text' }, { name: 'account', type: 'link', to: 'account' }] },
        [`layouts/${object}.layouts.json`]: { object, views: [{ view: 'fresh', label: label('新', 'Fresh'), kind: 'table', columns: [{ field: 'name' }] }] },
        'access/seller.access.json': { role: 'seller', objects: { ...all['access/seller.access.json'].objects, [object]: { read: 'all', create: true } } },
      };
      const dry = expect(await apply(admin, some, { dry_run: true }), 200);
      assert.equal(dry.applied, false);
      assert.deepEqual(dry.diff.map((d) => d.path[0]).sort(), Object.keys(some).sort());
      expectProblem(await admin.get(`/${object}s`), 404, 'not_found');
      const version = expect(await admin.get('/meta'), 200).version;
      assert.deepEqual(expect(await apply(admin, some), 200).diff, dry.diff);
      assert.equal(expect(await admin.get('/meta'), 200).version, version + 1);
      await create(admin, `${object}s`, { name: 'g' });
      const seller = await makeUser(server, ['seller']);
      assert.equal(expect(await seller.client.get(`/${object}s`), 200).items.length, 1);
      assert.deepEqual(expect(await apply(admin, some), 200).diff, []);
      expectProblem(await seller.client.get('/meta/export'), 403, 'forbidden');
    },
  },
  {
    name: 'was renames; what a file leaves out stays unless dropping is allowed',
    async run(server) {
      const admin = by(server);
      const object = word('crate');
      const path = `objects/${object}.object.json`;
      expect(await admin.post('/meta/objects', { object, plural: `${object}s`, fields: [{ name: 'name', type: 'text' }, { name: 'size', type: 'integer' }, { name: 'extra', type: 'text' }] }), 201);
      const row = await create(admin, `${object}s`, { name: 'n', size: 7, extra: 'x' });
      const file = (await files(admin))[path];
      const renamed = { ...file, fields: [file.fields[0], { name: 'volume', was: 'size', type: 'integer' }] };
      expect(await apply(admin, { [path]: renamed }), 200);
      const now = expect(await admin.get(`/${object}s/${row.id}`), 200);
      assert.deepEqual([now.volume, now.extra, now.size], [7, 'x', undefined]);
      const dropped = (await files(admin))[path];
      dropped.fields = dropped.fields.filter((f) => f.name !== 'extra');
      assert.deepEqual(expect(await apply(admin, { [path]: dropped }), 200).diff, []);
      expect(await apply(admin, { [path]: dropped }, { allow_drop: true }), 200);
      assert.ok(!('extra' in expect(await admin.get(`/${object}s/${row.id}`), 200)));
      expect(await admin.post(`/meta/objects/${object}/fields/extra/restore`), 200);
      assert.equal(expect(await admin.get(`/${object}s/${row.id}`), 200).extra, 'x');
    },
  },
  {
    name: 'what is wrong in a file is told, and nothing is applied',
    async run(server) {
      const admin = by(server);
      const before = await files(admin);
      const account = before['objects/account.object.json'];
      const cases = [
        { 'objects/contact.object.json': account },
        { 'elsewhere/account.json': {} },
        { 'objects/account.object.json': { ...account, plural: 'others' } },
        { 'objects/account.object.json': { ...account, fields: account.fields.map((f) => (f.key === 'phone' ? { ...f, type: 'integer' } : f)) } },
        { 'objects/account.object.json': { ...account, fields: [...account.fields, { name: 'bad name', type: 'text' }] } },
        { 'layouts/no_such.layouts.json': { object: 'no_such', layouts: [] } },
        { 'access/seller.access.json': { role: 'seller', objects: { no_such: { read: 'all' } } } },
        { 'lists/industry.list.json': { list: 'industry', entries: [{ value: 'a b' }] } },
      ];
      for (const some of cases) {
        const answer = await apply(admin, some);
        assert.ok([400, 422].includes(answer.status), `${Object.keys(some)}: ${answer.text}`);
        assert.ok(answer.body.errors.length, answer.text);
      }
      assert.deepEqual(await files(admin), before);
      for (const body of [{}, { files: [] }, { files: {}, other: 1 }]) assert.equal((await admin.post('/meta/apply', body)).status, 422);
    },
  },
  {
    name: 'the command line: export, an empty organisation, apply, export: the same files',
    async run(server) {
      const dirs = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'guanxi-config-')));
      const other = await Server.create();
      try {
        server.command('meta', 'export', dirs[0]);
        assert.match(other.command('meta', 'apply', dirs[0]), /\d+ differences applied/);
        other.command('meta', 'export', dirs[1]);
        assert.deepEqual(readAll(dirs[1]), readAll(dirs[0]));
        assert.match(other.command('meta', 'diff', dirs[0]), /^0 differences/m);
        writeFileSync(join(dirs[0], 'objects', 'account.object.json'), '{"object":');
        assert.throws(() => other.command('meta', 'diff', dirs[0]));
      } finally {
        await other.stop();
        await other.remove();
        dirs.forEach((dir) => rmSync(dir, { recursive: true }));
      }
    },
  },
  {
    name: 'doctor looks at everything and finds a server of its own whole',
    async run(server) {
      const report = JSON.parse(server.command('doctor', '--json'));
      assert.ok(report.checked > 10, JSON.stringify(report));
      assert.deepEqual(report.problems.filter((p) => p.check !== 'search'), []);
      const seller = await makeUser(server, ['seller']);
      expectProblem(await seller.client.post('/doctor', {}), 403, 'forbidden');
      expectProblem(await by(server).post('/doctor', { other: 1 }), 422, 'validation');
    },
  },
];
