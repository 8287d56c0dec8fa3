// SPDX-License-Identifier: Apache-2.0
// Backups: made and brought back, files once, what is damaged is told, schedule, rights; restored into an empty
// place and read again; the organisation moved to the other engine while it is read.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, readSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, sleep } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, fieldError, makeUser, sqlOn, unique, uploadFile, waitForJob } from './lib.mjs';

const PATIENCE_MS = 240000;
const onPostgres = process.env.GUANXI_TEST_ENGINE === 'postgres';

// A server of its own with a key and a folder for backups.
async function withBackups(work) {
  const folder = mkdtempSync(join(tmpdir(), 'guanxi-backups-'));
  writeFileSync(join(folder, 'pass'), 'correct horse battery staple\n');
  const server = await Server.create({ env: { GUANXI_BACKUP_DIR: join(folder, 'all'), GUANXI_BACKUP_KEY_FILE: join(folder, 'pass') } });
  try {
    await work(server, folder);
  } finally {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

const finish = (client, answer) => waitForJob(client, answer, PATIENCE_MS);
const make = async (client) => finish(client, await client.post('/backups', {}));
const contents = (folder) => readdirSync(join(folder, 'all/files'), { recursive: true }).filter((name) => /[0-9a-f]{64}$/.test(name));

// guanxi VERB --data DIR …; gives { status, text }.
function command(server, verb, dir, ...args) {
  try {
    const text = execFileSync(server.program, [verb, '--data', dir, ...args], { env: server.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return { status: 0, text };
  } catch (error) {
    return { status: error.status, text: `${error.stdout}${error.stderr}` };
  }
}

function flip(path) {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, 5000);
  byte[0] ^= 1;
  writeSync(file, byte, 0, 1, 5000);
}

// The jobs that look at the clock find that the time of this one is past.
function makeDue(server, kind) {
  sqlOn(server, `UPDATE gx_setting SET value = '1' WHERE name = 'job.next.${kind}'`);
}

async function runScheduled(server, admin) {
  const before = expect(await admin.get('/jobs?all=true&limit=100'), 200).items.map((job) => job.id);
  await server.stop();
  makeDue(server, 'backup.scheduled');
  await server.start();
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) {
    const { items } = expect(await admin.get('/jobs?all=true&limit=100'), 200);
    const job = items.find((j) => j.kind === 'backup.scheduled' && !before.includes(j.id));
    if (['done', 'failed'].includes(job?.status)) return expect(await admin.get(`/jobs/${job.id}`), 200);
  }
  throw new Error('the scheduled job does not end');
}

export const tests = [
  {
    name: 'a backup comes back into an empty place, with its files, and tells nothing without the key',
    async run() {
      await withBackups(async (server, folder) => {
        const admin = by(server);
        const name = unique('备份客户');
        await create(admin, 'accounts', { name });
        await uploadFile(server, server.key, 'note.txt', 'text/plain', 'the bytes of a file');
        const job = await make(admin);
        assert.equal(job.status, 'done', JSON.stringify(job.error));
        const made = job.result;
        assert.deepEqual([made.verified.ok, made.verified.rows, made.verified.problems], [true, made.rows, 0]);
        assert.deepEqual([made.files, made.new_files, contents(folder).length], [1, 1, 1]);
        const sealed = readFileSync(join(folder, 'all', made.id, 'data'));
        assert.ok(!sealed.includes(name) && !sealed.includes('administrator'));

        const place = ['--schema', 'guanxi_back'];
        const back = join(folder, 'back');
        const from = ['--from', join(folder, 'all', made.id)];
        writeFileSync(join(folder, 'wrong'), 'another passphrase');
        const wrong = command(server, 'restore', join(folder, 'no'), ...place, ...from, '--backup-key-file', join(folder, 'wrong'));
        assert.equal(wrong.status, 1);
        assert.match(wrong.text, /another key/);
        const done = command(server, 'restore', back, ...place, ...from);
        assert.equal(done.status, 0, done.text);
        const twice = command(server, 'restore', back, ...place, ...from);
        assert.equal(twice.status, 1);
        assert.match(twice.text, /--replace/);
        assert.equal(readdirSync(join(back, 'files'), { recursive: true }).filter((n) => /[0-9a-f]{64}$/.test(n)).length, 1);
        const listed = command(server, 'export', back, ...place, 'accounts', join(folder, 'out.jsonl'));
        assert.equal(listed.status, 0, listed.text);
        assert.ok(readFileSync(join(folder, 'out.jsonl'), 'utf8').includes(name));
        const doctor = command(server, 'doctor', back, ...place);
        assert.equal(doctor.status, 0, doctor.text);
      });
    },
  },
  {
    name: 'files are copied once, and what was damaged since is told',
    async run() {
      if (onPostgres) return; // the same code; a second check of a schema takes long
      await withBackups(async (server, folder) => {
        const admin = by(server);
        await uploadFile(server, server.key, 'one.txt', 'text/plain', 'one');
        const first = (await make(admin)).result;
        await uploadFile(server, server.key, 'two.txt', 'text/plain', 'two');
        const second = (await make(admin)).result;
        assert.deepEqual([second.files, second.new_files], [2, 1]);
        flip(join(folder, 'all', first.id, 'data'));
        const job = await finish(admin, await admin.post(`/backups/${first.id}/check`, {}));
        assert.equal(job.status, 'failed');
        const { items } = expect(await admin.get('/backups'), 200);
        assert.deepEqual(items.map((b) => [b.id, b.verified.ok]), [[second.id, true], [first.id, false]]);
        assert.match(items[1].verified.why, /damaged|损坏/);
        rmSync(join(folder, 'all/files', contents(folder)[0]));
        const lost = await finish(admin, await admin.post(`/backups/${second.id}/check`, {}));
        assert.deepEqual([lost.status, lost.error.code], ['failed', 'validation'], JSON.stringify(lost.error));
        assert.match(lost.error.detail, /1 files are missing|缺少 1 个文件/);
      });
    },
  },
  {
    name: 'who may make backups, when they are made, and a key that is not set',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      for (const answer of [await seller.client.get('/backups'), await seller.client.post('/backups', {}),
        await seller.client.patch('/backups/plan', { on: true }), await seller.client.post('/move', {})]) expectProblem(answer, 403, 'forbidden');
      const before = expect(await admin.get('/backups'), 200);
      assert.deepEqual([before.ready, before.plan.on, before.items], [false, false, []]);
      expectProblem(await admin.post('/backups', {}), 422, 'validation');
      expectProblem(await admin.post('/move', {}), 422, 'validation'); // only a command on the machine says where to
      const wrong = expectProblem(await admin.patch('/backups/plan', { hour: 24, every: 'year' }), 422, 'validation');
      assert.ok(fieldError(wrong, 'hour') && fieldError(wrong, 'every'));
      expect(await admin.patch('/backups/plan', { on: true, every: 'week', weekday: 5, hour: 4, monthly: 24 }), 204);
      const { plan } = expect(await admin.get('/backups'), 200);
      assert.deepEqual(plan, { on: true, every: 'week', hour: 4, weekday: 5, daily: 7, weekly: 5, monthly: 24 });
    },
  },
  {
    name: 'a backup by the schedule that fails is told to administrators, once in its time',
    async run() {
      const server = await Server.create({}); // without a key
      try {
        const admin = by(server);
        const other = await makeUser(server, ['administrator']);
        const seller = await makeUser(server, ['seller']);
        const told = async (client) => expect(await client.get('/me/messages?kind=job'), 200).items.map((m) => m.job.id);
        expect(await admin.patch('/backups/plan', { on: true, every: 'day', hour: 0 }), 204);
        const failed = await runScheduled(server, admin);
        assert.equal(failed.status, 'failed', JSON.stringify(failed));
        assert.deepEqual([await told(admin), await told(other.client), await told(seller.client)], [[failed.id], [failed.id], []]);
        const again = await runScheduled(server, admin); // the day has had its attempt
        assert.deepEqual([again.status, again.result?.due], ['done', false], JSON.stringify(again));
        assert.deepEqual(await told(admin), [failed.id]);
      } finally {
        await server.remove();
      }
    },
  },
  {
    name: 'an organisation moves to SQLite, is only read meanwhile, and holds the same afterwards',
    async run() {
      if (!onPostgres) return; // needs both engines
      await withBackups(async (server, folder) => {
        const admin = by(server);
        const name = unique('搬家客户');
        const account = await create(admin, 'accounts', { name });
        const dry = command(server, 'migrate', server.dir, '--to', 'sqlite', '--dry-run');
        assert.equal(dry.status, 0, dry.text);
        expect(await admin.patch(`/accounts/${account.id}`, { phone: '021-55550000' }), 200);
        const moved = command(server, 'migrate', server.dir, '--to', 'sqlite');
        assert.equal(moved.status, 0, moved.text);
        assert.match(moved.text, /moved and compared/);
        const refused = expectProblem(await admin.patch(`/accounts/${account.id}`, { phone: '021-55550001' }), 503, 'busy');
        assert.match(refused.detail, /moved|迁移/);
        assert.equal(expect(await admin.get(`/accounts/${account.id}`), 200).name, name);
        await server.stop();
        const env = { ...server.env, GUANXI_DATABASE: '' };
        const there = { program: server.program, env };
        assert.equal(command(there, 'doctor', server.dir).status, 0);
        const file = join(folder, 'out.jsonl');
        assert.equal(command(there, 'export', server.dir, 'accounts', file).status, 0);
        assert.ok(readFileSync(file, 'utf8').includes('021-55550000'));
      });
    },
  },
];
