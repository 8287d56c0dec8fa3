// SPDX-License-Identifier: Apache-2.0
// An archive of everything into an empty organisation: what is exported there again is the same, record by record;
// what is damaged, lies or does not fit is refused before anything is written.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, sleep } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, unique, upload, uploadFile, waitForJob, withRights } from './lib.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const parse = (text) => text.split('\n').filter(Boolean).map((line) => JSON.parse(line));

// Archives are taken apart and put together by Python.
function python(code, ...args) {
  const run = spawnSync('python3', ['-c', code, ...args], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
}

async function archive(server, dir) {
  const admin = by(server);
  const job = await waitForJob(admin, await admin.post('/export', {}));
  assert.equal(job.status, 'done', JSON.stringify(job));
  const answer = await fetch(`http://127.0.0.1:${server.port}${job.result.file.url}`, { headers: { Authorization: `Bearer ${server.key}` } });
  const zip = Buffer.from(await answer.arrayBuffer());
  const path = join(dir, `${unique('archive')}`);
  writeFileSync(`${path}.zip`, zip);
  python('import zipfile,sys; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', `${path}.zip`, path);
  const read = (name) => readFileSync(join(path, name));
  const manifest = JSON.parse(read('manifest.json'));
  const records = Object.fromEntries(manifest.entries.filter((e) => e.kind === 'records')
    .map((e) => [e.object, parse(read(e.name).toString())]));
  return { zip, path, manifest, records, read };
}

async function bring(server, zip, options = {}) {
  const answer = await upload(server, server.key, '/import', zip, 'all.zip', options);
  return waitForJob(by(server), { ...answer, headers: answer.headers ?? {} });
}

async function quiet(admin) {
  for (;;) {
    const { items } = expect(await admin.get('/jobs?limit=50'), 200);
    if (!items.some((job) => ['queued', 'running'].includes(job.status))) return;
    await sleep(50);
  }
}

// A company with an object of its own that has a link, links, any_link, a file, choices and a number.
async function company(server) {
  const admin = by(server);
  await waitForJob(admin, await admin.post('/demo', { accounts: 50, seed: 7 }));
  expect(await admin.post('/meta/objects', { object: 'machine', plural: 'machines', label: { 'zh-CN': '机器', en: 'Machine' } }), 201);
  for (const field of [
    { name: 'serial', type: 'text', unique: true }, { name: 'account', type: 'link', to: 'account' },
    { name: 'helpers', type: 'links', to: 'contact' }, { name: 'about', type: 'any_link', to: ['account', 'opportunity'] },
    { name: 'manual', type: 'file' }, { name: 'price', type: 'money' }, { name: 'number', type: 'auto_number', number: 'M{000}' },
    { name: 'story', type: 'rich_text' }, { name: 'made', type: 'date' },
  ]) expect(await admin.post('/meta/objects/machine/fields', { ...field, label: { 'zh-CN': field.name, en: field.name } }), 201);
  expect(await admin.post('/meta/objects/account/fields', { name: 'nickname', type: 'text', label: { 'zh-CN': '昵称', en: 'Nickname' } }), 201);
  const { items: accounts } = expect(await admin.get('/accounts?limit=3'), 200);
  const { items: contacts } = expect(await admin.get('/contacts?limit=4'), 200);
  const { items: deals } = expect(await admin.get('/opportunities?limit=1'), 200);
  const manual = await uploadFile(server, server.key, 'manual.txt', 'text/plain', 'Turn it on.');
  await create(admin, 'machines', {
    serial: 'SN-1', account: accounts[0].id, helpers: contacts.map((c) => c.id), about: { object: 'opportunity', id: deals[0].id },
    manual: manual.id, price: { value: '12.50', currency: 'CNY' }, story: '<p>It <strong>runs</strong></p>', made: '2025-02-28',
  });
  await create(admin, 'machines', { serial: 'SN-2', about: { object: 'account', id: accounts[1].id } });
  expect(await admin.patch(`/accounts/${accounts[2].id}`, { nickname: 'Nick' }), 200);
  expect(await admin.patch(`/accounts/${accounts[2].id}`, { name: 'Renamed' }), 200);
  const { items: regions } = expect(await admin.get('/regions?limit=1&sort=code'), 200);
  expect(await admin.patch(`/regions/${regions[0].id}`, { name: 'Renamed region' }), 200);
  return { seeded: regions[0].name };
}

// The content of each object as one hash, whatever the order of its lines.
const hashes = (records) => Object.fromEntries(Object.entries(records).map(([name, rows]) => [name, sha256(rows.map((r) => JSON.stringify(r)).sort().join('\n'))]));

// What every organisation has of its own before anything comes: its ids there and here, by code, login, or code within what it belongs to.
function own(one, two) {
  const ids = new Map();
  for (const pass of [1, 2]) {
    for (const [name, rows] of Object.entries(one)) {
      const key = (r, known) => r.login ?? (r.code && JSON.stringify([r.code, known(r.pipeline?.id)]));
      const there = new Set(two[name].map((r) => r.id));
      const here = new Map(two[name].map((r) => [key(r, (id) => id), r.id]));
      for (const r of rows) {
        const to = there.has(r.id) ? undefined : here.get(key(r, (id) => ids.get(id) ?? id));
        if (to && pass) ids.set(r.id, to);
      }
    }
  }
  return ids;
}

// Their ids become those of here; of themselves, version, authors and dates are their own.
function translated(records, ids, mine) {
  const text = JSON.stringify(records).replace(/"(\d{15,20})"/g, (all, id) => (ids.has(id) ? `"${ids.get(id)}"` : all));
  const all = JSON.parse(text);
  for (const rows of Object.values(all)) {
    for (const row of rows.filter((r) => mine.has(r.id))) for (const key of ['version', 'created_at', 'created_by', 'updated_at', 'updated_by']) delete row[key];
  }
  return all;
}

const undone = async (admin, batch) => (await waitForJob(admin, await admin.post(`/batches/${batch}/undo`, {}))).result;
const total = async (admin, plural) => { const { count } = expect(await admin.get(`/${plural}?count=exact&limit=1`), 200); return count.value ?? count; };

async function beside(work) {
  const dir = mkdtempSync(join(tmpdir(), 'guanxi-all-'));
  const other = await Server.create();
  try {
    await work(other, dir);
  } finally {
    await other.stop();
    await other.remove();
    rmSync(dir, { recursive: true });
  }
}

// The archive with something else in it: edits run with z (name → bytes) and m (the manifest).
function changed(one, edit, name = 'changed') {
  const to = `${one.path}-${name}.zip`;
  python(`import zipfile, sys, json, hashlib
a = zipfile.ZipFile(sys.argv[1]); z = {n: a.read(n) for n in a.namelist()}; m = json.loads(z['manifest.json'])
def put(name, data):
    z[name] = data
    e = [e for e in m['entries'] if e['name'] == name][0]; e['bytes'] = len(data); e['sha256'] = hashlib.sha256(data).hexdigest()
${edit}
if 'manifest.json' in z: z['manifest.json'] = json.dumps(m).encode()
o = zipfile.ZipFile(sys.argv[2], 'w', zipfile.ZIP_DEFLATED)
for n, d in z.items(): o.writestr(n, d)
o.close()`, `${one.path}.zip`, to);
  return readFileSync(to);
}

// Made once; each test brings it into a server of its own.
let made;
async function first(server) {
  const dir = mkdtempSync(join(tmpdir(), 'guanxi-all-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  made ??= await company(server).then(async (c) => { await quiet(by(server)); return { ...c, ...await archive(server, dir) }; });
  return made;
}

export const tests = [
  {
    name: 'what came in is exported again as it was, object by object, and can be taken back',
    async run(server) {
      const one = await first(server);
      await beside(async (other, dir) => {
        const admin = by(other);
        const job = await bring(other, one.zip);
        assert.equal(job.status, 'done', JSON.stringify(job));
        const { result } = job;
        assert.deepEqual([result.failed, result.kept, result.lost_links, result.files, result.rows], [0, 0, 0, one.manifest.files, one.manifest.rows]);
        assert.equal(result.created + result.equal + result.updated, result.rows);
        assert.ok(result.updated >= 1, 'the renamed region');
        await quiet(admin);
        const two = await archive(other, dir);
        const ids = own(one.records, two.records);
        const mine = new Set(ids.values());
        assert.equal(result.objects.reduce((sum, o) => sum + o.moved, 0), ids.size);
        assert.deepEqual(hashes(translated(one.records, ids, mine)), hashes(translated(two.records, new Map(), mine)));
        for (const name of ['machine', 'account', 'contact', 'order', 'order_line', 'followup', 'file']) assert.ok(two.records[name].length > 0, name);
        const { hash } = two.records.file[0];
        assert.equal(two.read(`files/${hash}`).toString(), 'Turn it on.');
        assert.equal(two.records.machine[0].helpers.length, 4);
        // it lives: numbers go on, words are found, nobody was told, a link's target opens
        assert.match((await create(admin, 'machines', { serial: 'SN-3' })).number, /^M00[3-9]$/); // a write prepared twice leaves a gap
        assert.equal(expect(await admin.get('/accounts?q=Renamed'), 200).items.length, 1);
        const { login } = two.records.user.find((u) => two.records.account.some((r) => r.owner?.id === u.id) && u.login !== 'admin');
        const seller = by(other, other.command('user', 'api-key', login).trim().split(/\s+/).pop());
        assert.ok(await total(seller, 'accounts') > 0);
        assert.deepEqual(expect(await seller.get('/me/messages'), 200).items, []);
        assert.deepEqual(JSON.parse(other.command('doctor', '--json')).problems, []);
        // once more: nothing to do; a changed record stays as it is
        const goods = one.records.product[0].id;
        expect(await admin.patch(`/products/${goods}`, { name: 'Ours now' }), 200);
        const again = await bring(other, one.zip);
        assert.deepEqual([again.result.created, again.result.updated, again.result.kept, again.result.failed], [0, 0, 1, 0]);
        assert.equal(expect(await admin.get(`/products/${goods}`), 200).name, 'Ours now');
        // taken back: what was changed since stays, with what it needs
        const back = await undone(admin, job.batch);
        assert.deepEqual(back.skipped.map((s) => [s.object, s.reason]).filter(([, reason]) => reason !== 'has_children'), [['product', 'changed_since']], JSON.stringify(back));
        assert.deepEqual([await total(admin, 'products'), await total(admin, 'accounts'), await total(admin, 'orders'), await total(admin, 'machines')], [1, 0, 0, 1]);
        assert.equal(expect(await admin.get('/regions?limit=1&sort=code'), 200).items[0].name, one.seeded);
      });
    },
  },
  {
    name: 'a dry run counts and writes nothing; the command line brings the same in',
    async run(server) {
      const one = await first(server);
      await beside(async (other) => {
        const admin = by(other);
        const dry = await bring(other, one.zip, { dry_run: true });
        assert.equal(dry.status, 'done', JSON.stringify(dry));
        assert.equal(dry.result.lost_files, 0);
        const bare = changed(one, "for n in [n for n in z if n.startswith('files/')]: del z[n]\nm['files'] = 0", 'bare');
        assert.equal((await bring(other, bare, { dry_run: true })).result.lost_files, one.records.file.length);
        assert.ok(dry.result.dry_run && dry.result.created > 900 && dry.result.configuration > 0 && !dry.batch, JSON.stringify(dry.result).slice(0, 300));
        assert.equal(await total(admin, 'accounts'), 0);
        assert.ok(!expect(await admin.get('/meta'), 200).objects.some((o) => o.object === 'machine'));
        const taken = expect(await admin.post('/users', { name: 'Other', login: 'somebody', employee_number: 'E-1' }), 201);
        const clash = changed(one, `p = 'data/users.jsonl'; lines = [json.loads(l) for l in z[p].decode().splitlines()]; u = [u for u in lines if u['login'] != 'admin']
u[0]['employee_number'] = 'E-1'; put(p, ''.join(json.dumps(l, ensure_ascii=False) + '\\n' for l in lines).encode())`);
        writeFileSync(`${one.path}-cli.zip`, clash);
        const said = JSON.parse(other.command('import', 'all', `${one.path}-cli.zip`));
        const users = said.objects.find((o) => o.object === 'user');
        assert.deepEqual([said.failed, users.kept, users.moved], [0, 1, 2], 'one person of another login has that number: the same, and different');
        assert.equal(expect(await admin.get(`/users/${taken.id}`), 200).login, 'somebody');
        assert.equal(await total(admin, 'accounts'), 50);
      });
    },
  },
  {
    name: 'what is damaged, lies, swells or does not fit is refused before anything is written',
    async run(server) {
      const one = await first(server);
      await beside(async (other) => {
        const admin = by(other);
        const before = expect(await admin.get('/meta/changes'), 200).items.length;
        const wrong = [
          [Buffer.from('PK\x03\x04 no archive'), /归档已损坏/],
          [one.zip.subarray(0, one.zip.length - 400), /归档已损坏/],
          [changed(one, "del z['manifest.json']"), /不是可以读取的关系归档/],
          [changed(one, "m['version'] = 2"), /不是可以读取的关系归档/],
          [changed(one, "z['data/accounts.jsonl'] = z['data/accounts.jsonl'].replace(b'Renamed', b'Forged!')"), /data\/accounts\.jsonl.*SHA-256/],
          [changed(one, "n = [n for n in z if n.startswith('files/')][0]; z[n] = b'something else'"), /files\/.*SHA-256/],
          [changed(one, "del z['data/contacts.jsonl']"), /缺少“data\/contacts\.jsonl”/],
          [changed(one, "put('data/accounts.jsonl', b' ' * (80 << 20))"), /超出归档应有的大小/],
          [changed(one, "m['entries'] = [e for e in m['entries'] if e['name'] != 'configuration/objects/machine.object.json']"), /“machine”的记录/],
          [changed(one, "m['currency'] = 'USD'"), /USD/],
          [changed(one, "m['entries'][0]['name'] = 'data/accounts.csv'; z['data/accounts.csv'] = z['data/accounts.jsonl']"), /CSV/],
        ];
        for (const [zip, words] of wrong) {
          const job = await bring(other, zip);
          assert.equal(job.status, 'failed', String(words));
          assert.match(job.error.detail ?? job.error.title, words);
        }
        assert.deepEqual([await total(admin, 'accounts'), await total(admin, 'regions'), expect(await admin.get('/meta/changes'), 200).items.length],
          [0, one.records.region.length, before]);
        const own = await admin.patch('/me', { language: 'en' });
        if (own.status < 300) assert.match((await bring(other, wrong[4][0])).error.detail, /its SHA-256 differs/);
      });
    },
  },
  {
    name: 'only administrators bring it in; wrong options and no file are told',
    async run(server) {
      const keeper = await withRights(server, ['backup', 'customise']);
      expectProblem(await upload(server, keeper.key, '/import', Buffer.from('PK'), 'all.zip', {}), 403, 'forbidden');
      const nobody = await withRights(server, []);
      expectProblem(await upload(server, nobody.key, '/import', Buffer.from('PK'), 'all.zip', {}), 403, 'forbidden');
      expectProblem(await upload(server, server.key, '/import', Buffer.from('PK'), 'all.zip', { colour: 'red' }), 422, 'validation');
      expectProblem(await upload(server, server.key, '/import', Buffer.from('PK'), 'all.zip', { dry_run: 1 }), 422, 'validation');
    },
  },
];
