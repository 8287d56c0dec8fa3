// SPDX-License-Identifier: Apache-2.0
// Everything as one archive: counts and hashes of its manifest hold, unzip and Python find nothing wrong, rights hold.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, by, create, expect, expectProblem, makeUser, unique, uploadFile, waitForJob, walk } from './lib.mjs';

// The archive unpacked by Python, which checks each CRC.
async function archive(server, client, key, body, use) {
  const job = await waitForJob(client, await client.post('/export', body));
  assert.equal(job.status, 'done', JSON.stringify(job));
  const answer = await fetch(`http://127.0.0.1:${server.port}${job.result.file.url}`, { headers: { Authorization: `Bearer ${key}` } });
  const dir = mkdtempSync(join(tmpdir(), 'guanxi-archive-'));
  try {
    writeFileSync(join(dir, 'all.zip'), Buffer.from(await answer.arrayBuffer()));
    const run = spawnSync('python3', ['-c', 'import zipfile,sys; z=zipfile.ZipFile("all.zip"); assert z.testzip() is None; z.extractall("out")'], { cwd: dir, encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    const read = (name) => readFileSync(join(dir, 'out', name));
    const manifest = JSON.parse(read('manifest.json'));
    return await use({ job, manifest, read, list: (name) => readdirSync(join(dir, 'out', name)) });
  } finally {
    rmSync(dir, { recursive: true });
  }
}
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

export const tests = [
  {
    name: 'every object, file and piece of configuration is there, as the manifest says',
    async run(server) {
      const admin = by(server);
      const word = unique('archived');
      const paper = await uploadFile(server, server.key, 'vertrag.txt', 'text/plain', word);
      const account = await create(admin, 'accounts', { name: word, phone: '+8657188886666' });
      await create(admin, 'contacts', { name: `${word} person`, account: account.id });
      await archive(server, admin, server.key, {}, async ({ job, manifest, read, list }) => {
        assert.deepEqual([manifest.format, manifest.version, manifest.all_rights, manifest.lost_files], ['guanxi-archive', 1, true, 0]);
        const records = manifest.entries.filter((e) => e.kind === 'records');
        for (const entry of manifest.entries) {
          const bytes = read(entry.name);
          assert.deepEqual([bytes.length, sha256(bytes)], [entry.bytes, entry.sha256], entry.name);
          if (entry.kind === 'records') assert.equal(bytes.toString().split('\n').length - 1, entry.rows, entry.name);
        }
        const meta = expect(await admin.get('/meta'), 200).objects.map((o) => o.object).sort();
        assert.deepEqual(records.map((e) => e.object).sort(), meta);
        for (const plural of ['accounts', 'users', 'regions']) {
          const there = expect(await admin.get(`/${plural}?count=exact&limit=1`), 200).count;
          assert.equal(records.find((e) => e.name === `data/${plural}.jsonl`).rows, there.value ?? there, plural);
        }
        assert.equal(records.reduce((sum, e) => sum + e.rows, 0), manifest.rows);
        assert.deepEqual([job.result.rows, job.result.objects], [manifest.rows, records.length]);
        const lines = read('data/accounts.jsonl').toString().trim().split('\n').map((l) => JSON.parse(l));
        assert.equal(lines.find((l) => l.id === account.id).phone, '+8657188886666');
        assert.equal(list('files').length, manifest.files);
        const file = read('data/files.jsonl').toString().trim().split('\n').map((l) => JSON.parse(l)).find((l) => l.id === paper.id);
        assert.equal(read(`files/${file.hash}`).toString(), word);
        assert.ok(JSON.parse(read('configuration/objects/account.object.json')).fields.length > 10);
        assert.ok(list('.').includes('README.txt'));
      });
      const log = expect(await admin.get('/access-log'), 200).items.find((e) => e.kind === 'export');
      assert.equal(log.detail, 'zip, jsonl');
      assert.ok(log.rows > 100);
      assert.deepEqual(readdirSync(join(server.dir, 'exports')), []);
    },
  },
  {
    name: 'as CSV, without files; of one person only what he may export',
    async run(server) {
      const admin = by(server);
      const code = unique('taker');
      expect(await admin.post('/roles', { code, name: code }), 201);
      const rights = (scope) => admin.put(`/meta/access/${code}`, { objects: { account: { read: 'all', create: true, export: scope, fields: { phone: 'hidden' } } }, system: [] });
      expect(await rights('own'), 200);
      const user = await makeUser(server, [code]);
      const own = await create(user.client, 'accounts', { name: unique('=own') });
      await create(admin, 'accounts', { name: unique('foreign') });
      await archive(server, user.client, user.key, { format: 'csv', files: false }, async ({ manifest, read, list }) => {
        assert.deepEqual(manifest.entries.map((e) => [e.kind, e.name, e.rows]), [['records', 'data/accounts.csv', 1]]);
        const text = read('data/accounts.csv').toString();
        assert.ok(text.includes(`'${own.name}`) && !text.includes('foreign') && !/[,^]phone[,\r]/.test(text), text);
        assert.ok(!list('.').includes('configuration') && !list('.').includes('files'));
        assert.equal(manifest.all_rights, false);
      });
      expect(await rights('none'), 200);
      expectProblem(await user.client.post('/export', {}), 403, 'forbidden');
      for (const body of [{ format: 'xlsx' }, { files: 1 }, { colour: 'red' }]) expectProblem(await admin.post('/export', body), 400, 'bad_parameter');
      assert.ok((await walk(admin, '/accounts?fields=name', 200)).length > 1);
    },
  },
];
