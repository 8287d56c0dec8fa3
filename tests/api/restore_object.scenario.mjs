// SPDX-License-Identifier: Apache-2.0
// Records of one object out of a backup: counted first, brought back with lines, files and encrypted values, changed ones
// set back when asked, taken back as one; what is lost is told; over a rotation of the key; rights and the command line.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, sleep } from '../lib/server.mjs';
import { assert, by, create, expect, expectProblem, fieldError, makeUser, rowsOn, unique, uploadFile, waitForJob } from './lib.mjs';

const PATIENCE_MS = 240000;

async function withBackups(work) {
  const folder = mkdtempSync(join(tmpdir(), 'guanxi-objects-'));
  writeFileSync(join(folder, 'pass'), 'correct horse battery staple\n');
  const server = await Server.create({ env: { GUANXI_BACKUP_DIR: join(folder, 'all'), GUANXI_BACKUP_KEY_FILE: join(folder, 'pass') } });
  try {
    await work({ server, folder, admin: by(server) });
  } finally {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function make(admin) {
  const job = await waitForJob(admin, await admin.post('/backups', {}), PATIENCE_MS);
  assert.equal(job.status, 'done', JSON.stringify(job.error));
  return job.result.id;
}

async function restore(admin, id, body) {
  const job = await waitForJob(admin, await admin.post(`/backups/${id}/restore`, body), PATIENCE_MS);
  assert.equal(job.status, 'done', JSON.stringify(job.error));
  return job;
}

const undo = async (admin, batch) => waitForJob(admin, await admin.post(`/batches/${batch}/undo`, {}), PATIENCE_MS);
const counts = ({ missing, changed, equal, newer, failed }) => [missing, changed, equal, newer, failed];
const lost = ({ lost_links: links, lost_files: files, lost_secrets: secrets }) => [links, files, secrets];

function command(server, ...args) {
  try {
    return { status: 0, text: server.command(...args) };
  } catch (error) {
    return { status: error.status, text: `${error.stdout}${error.stderr}` };
  }
}

async function noProblems(admin) {
  const { problems } = (await waitForJob(admin, await admin.post('/doctor', {}), PATIENCE_MS)).result;
  assert.deepEqual(problems, []);
}

export const tests = [
  {
    name: 'deleted records come back under their ids, changed ones when asked, and all of it is taken back',
    async run() {
      await withBackups(async ({ server, admin }) => {
        const accounts = [];
        for (const name of ['Gone', 'Changed', 'Same', 'Parent']) accounts.push(await create(admin, 'accounts', { name: unique(name), phone: '021-1000' }));
        const [a, b, c, parent] = accounts;
        expect(await admin.patch(`/accounts/${a.id}`, { parent: parent.id }), 200);
        const id = await make(admin);
        expect(await admin.delete(`/accounts/${a.id}`), 204);
        expect(await admin.delete(`/accounts/${parent.id}`), 204);
        expect(await admin.patch(`/accounts/${b.id}`, { phone: '021-2000' }), 200);
        const later = await create(admin, 'accounts', { name: unique('Later') });

        const trial = (await restore(admin, id, { object: 'account', dry_run: true })).result;
        assert.deepEqual([trial.dry_run, ...counts(trial)], [true, 2, 1, 1, 1, 0], JSON.stringify(trial));
        assert.deepEqual(trial.samples.map((s) => [s.id, s.missing]).sort(), [[a.id, true], [b.id, false], [parent.id, true]].sort());
        assert.deepEqual(trial.samples.find((s) => s.id === b.id).fields, ['phone']);
        assert.equal((await admin.get(`/accounts/${a.id}`)).status, 410, 'a trial writes nothing');

        const first = await restore(admin, id, { object: 'account' });
        assert.deepEqual(counts(first.result), [2, 1, 1, 1, 0]);
        const back = expect(await admin.get(`/accounts/${a.id}`), 200);
        assert.deepEqual([back.name, back.parent.id, back.phone], [a.name, parent.id, '021-1000'], 'with the link to what came back too');
        assert.equal(expect(await admin.get(`/accounts/${b.id}`), 200).phone, '021-2000', 'changed ones stay');
        const { items } = expect(await admin.get(`/accounts/${a.id}/history`), 200);
        assert.equal(items[0].cause, 'backup');
        assert.ok(items.length >= 3, 'its past goes on behind the delete');
        assert.deepEqual(expect(await admin.get(`/search?q=${encodeURIComponent(a.name)}`), 200).items?.map((x) => x.id) ?? [a.id], [a.id]);

        const second = await restore(admin, id, { object: 'account', set_back: true });
        assert.deepEqual(counts(second.result), [0, 1, 3, 1, 0]);
        assert.equal(expect(await admin.get(`/accounts/${b.id}`), 200).phone, '021-1000');
        assert.equal(expect(await admin.get(`/accounts/${c.id}`), 200).version, c.version, 'what is the same is not written');
        await noProblems(admin);

        await undo(admin, second.batch);
        assert.equal(expect(await admin.get(`/accounts/${b.id}`), 200).phone, '021-2000');
        await undo(admin, first.batch);
        for (const one of [a, parent]) assert.equal((await admin.get(`/accounts/${one.id}`)).status, 410);
        expect(await admin.get(`/accounts/${later.id}`), 200);
        await noProblems(admin);
        assert.ok(!readdirSync(server.dir).includes('object'), 'the place beside is gone');
      });
    },
  },
  {
    name: 'lines come with their record; links to what is gone, taken values and retyped fields are told; a renamed field comes along',
    async run() {
      await withBackups(async ({ server, admin }) => {
        expect(await admin.post('/meta/objects', { object: 'crate', plural: 'crates', title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'mark', type: 'text', unique: true }, { name: 'size', type: 'text' }, { name: 'owner_account', type: 'link', to: 'account', on_delete: 'clear' }, { name: 'paper', type: 'file' }] }), 201);
        const account = await create(admin, 'accounts', { name: unique('Owner') });
        const file = await uploadFile(server, server.key, 'paper.txt', 'text/plain', 'words of a paper');
        const one = await create(admin, 'crates', { name: 'one', mark: 'M1', size: 'big', owner_account: account.id, paper: file.id });
        const two = await create(admin, 'crates', { name: 'two', mark: 'M2', size: 'small' });
        const order = await create(admin, 'orders', { account: account.id, placed_on: '2026-03-01', order_lines: [{ name: 'nails', quantity: '2', price: '3' }] });
        const id = await make(admin);

        for (const path of [`/orders/${order.id}`, `/crates/${one.id}`, `/crates/${two.id}`]) expect(await admin.delete(path), 204);
        await create(admin, 'crates', { name: 'thief', mark: 'M2' });
        expect(await admin.patch('/meta/objects/crate/fields/size', { name: 'extent' }), 200);
        const ordered = await restore(admin, id, { object: 'order' });
        assert.deepEqual(ordered.result.objects.map((o) => [o.object, o.missing]), [['order', 1], ['order_line', 1]]);
        assert.deepEqual(expect(await admin.get(`/orders/${order.id}`), 200).total, order.total);
        const lines = expect(await admin.get(`/order_lines?filter=${encodeURIComponent(`order = "${order.id}"`)}`), 200).items;
        assert.deepEqual(lines.map((l) => [l.name, l.order.id]), [['nails', order.id]]);
        await undo(admin, ordered.batch);
        assert.equal((await admin.get(`/orders/${order.id}`)).status, 410);

        expect(await admin.delete(`/accounts/${account.id}`), 204);
        const trial = (await restore(admin, id, { object: 'crate', dry_run: true })).result;
        assert.deepEqual([...counts(trial), ...lost(trial)], [1, 0, 0, 1, 1, 1, 0, 0], JSON.stringify(trial));
        assert.deepEqual(trial.errors.map((e) => [e.id, e.field]), [[two.id, 'mark']]);
        const real = (await restore(admin, id, { object: 'crate' })).result;
        assert.deepEqual([...counts(real), ...lost(real)], [1, 0, 0, 1, 1, 1, 0, 0]);
        const crate = expect(await admin.get(`/crates/${one.id}`), 200);
        assert.deepEqual([crate.extent, crate.owner_account, crate.paper.id], ['big', null, file.id]);
        await noProblems(admin);
      });
    },
  },
  {
    name: 'encrypted values come back over a rotation while the former key file is kept, and are told without it',
    async run() {
      await withBackups(async ({ server, admin }) => {
        expect(await admin.post('/meta/objects', { object: 'safe', plural: 'safes', title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'token', type: 'secret' }] }), 201);
        const safe = await create(admin, 'safes', { name: 'one', token: 'open sesame' });
        const id = await make(admin);
        const before = expect(await admin.get('/backups'), 200);
        assert.equal(before.items[0].vault_key, before.vault_key);
        await server.stop();
        assert.equal(command(server, 'keys', 'rotate').status, 0);
        await server.start();
        const after = expect(await admin.get('/backups'), 200);
        assert.notEqual(after.items[0].vault_key, after.vault_key, 'the page can tell which backup needs the former key');
        const holding = async () => expect(await admin.get(`/safes?filter=${encodeURIComponent('token = "open sesame"')}`), 200).items.map((r) => r.id);
        expect(await admin.delete(`/safes/${safe.id}`), 204);
        const back = await restore(admin, id, { object: 'safe' });
        assert.deepEqual(lost(back.result), [0, 0, 0]);
        assert.deepEqual(await holding(), [safe.id], 'sealed with the key of now, and found');
        expect(await admin.delete(`/safes/${safe.id}`), 204);
        for (const end = Date.now() + PATIENCE_MS; rowsOn(server, 'SELECT number FROM gx_data_key').join() !== '2'; await sleep(100)) assert.ok(Date.now() < end, 'the former key goes');
        await server.stop();
        await server.start(); // which has never known the former key
        const kept = readdirSync(server.dir).find((name) => name.startsWith('key.before-'));
        renameSync(join(server.dir, kept), join(server.dir, 'elsewhere'));
        const closed = await restore(admin, id, { object: 'safe' });
        assert.deepEqual([closed.result.missing, ...lost(closed.result)], [1, 0, 0, 1]);
        assert.deepEqual(await holding(), []);
        await noProblems(admin);
      });
    },
  },
  {
    name: 'a whole restore of before a rotation says which key file it needs, and reads its values with it',
    async run() {
      await withBackups(async ({ server, folder, admin }) => {
        expect(await admin.post('/meta/objects', { object: 'safe', plural: 'safes', title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'token', type: 'secret' }] }), 201);
        await create(admin, 'safes', { name: 'one', token: 'open sesame' });
        const id = await make(admin);
        await server.stop();
        assert.equal(command(server, 'keys', 'rotate').status, 0);
        const kept = readdirSync(server.dir).find((name) => name.startsWith('key.before-'));
        const run = (verb, key, ...args) => {
          const done = execFileSync('sh', ['-c', '"$0" "$@" 2>&1 || echo "status $?"', server.program, verb, '--data', join(folder, 'back'), '--schema', 'guanxi_back', '--key-file', key, ...args], { env: server.env, encoding: 'utf8' });
          return done;
        };
        const told = run('restore', join(server.dir, 'key'), '--from', join(folder, 'all', id));
        assert.match(told, /every table was compared/);
        assert.match(told, /Put the former one in its place/);
        const closed = run('doctor', join(server.dir, 'key'));
        assert.match(closed, /token: 1 values sealed with a key that is not at hand/);
        assert.doesNotMatch(run('doctor', join(server.dir, kept)), /not at hand/);
        await server.start();
      });
    },
  },
  {
    name: 'only administrators, only checked backups, only objects that are there; the command line with the secret key',
    async run() {
      await withBackups(async ({ server, folder, admin }) => {
        const account = await create(admin, 'accounts', { name: unique('By command') });
        const id = await make(admin);
        const seller = await makeUser(server, ['seller']);
        expectProblem(await seller.client.post(`/backups/${id}/restore`, { object: 'account' }), 403, 'forbidden');
        expectProblem(await admin.post('/backups/20200101-000000-0000x/restore', { object: 'account' }), 404, 'not_found');
        assert.ok(fieldError(expectProblem(await admin.post(`/backups/${id}/restore`, { object: 'nothing' }), 422, 'validation'), 'object'));
        const missing = await waitForJob(admin, await admin.post('/backups/20200101-000000-0000/restore', { object: 'account' }), PATIENCE_MS);
        assert.equal(missing.status, 'failed');
        const people = await waitForJob(admin, await admin.post(`/backups/${id}/restore`, { object: 'user' }), PATIENCE_MS);
        assert.equal(people.status, 'failed', 'people are never deleted');
        const manifest = join(folder, 'all', id, 'manifest.json'), told = readFileSync(manifest, 'utf8');
        writeFileSync(manifest, told.replace('"ok":true', '"ok":false'));
        const unchecked = await waitForJob(admin, await admin.post(`/backups/${id}/restore`, { object: 'account' }), PATIENCE_MS);
        assert.match(unchecked.error?.detail ?? '', /check it first|请先检查/);
        writeFileSync(manifest, told);
        expect(await admin.delete(`/accounts/${account.id}`), 204);

        const from = ['restore', '--from', join(folder, 'all', id), '--object', 'account'];
        writeFileSync(join(folder, 'wrong'), 'another passphrase of mine');
        const wrong = command(server, ...from, '--backup-key-file', join(folder, 'wrong'));
        assert.equal(wrong.status, 1);
        assert.match(wrong.text, /another key|另一个密钥|其他密钥/);
        const trial = command(server, ...from, '--dry-run', '--backup-key-file', join(folder, 'pass'));
        assert.equal(trial.status, 0, trial.text);
        assert.match(trial.text, new RegExp(`Would bring back: 1 missing[^]*missing ${account.id} By command`));
        const done = command(server, ...from, '--backup-key-file', join(folder, 'pass'));
        assert.match(done.text, /Brought back: 1 missing, 0 changed/);
        expect(await admin.get(`/accounts/${account.id}`), 200);
        assert.ok(!readdirSync(server.dir).includes('restore-key'), 'the key that was handed over is gone');
      });
    },
  },
];
