// SPDX-License-Identifier: Apache-2.0
// Keys by which duplicates are found equal freshly computed ones (the doctor compares them) after changes, the bin,
// merging and its undo, and in a backup that was brought back into an empty place.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from '../lib/server.mjs';
import { assert, by, create, expect, sqlOn, unique, waitForJob } from './lib.mjs';

const PATIENCE_MS = 240000;
const ended = async (admin, answer) => {
  const job = await waitForJob(admin, answer, PATIENCE_MS);
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job;
};
const wrongKeys = (problems) => problems.filter((p) => p.check === 'match');
const doctor = async (admin) => wrongKeys((await ended(admin, await admin.post('/doctor', {}))).result.problems);
const alike = async (admin, phone) => expect(await admin.post('/accounts/duplicates', { record: { phone } }), 200).items.map((i) => i.id).sort();

// The doctor's word on a backup that came back into an empty place.
async function doctorOfCopy(server, folder, admin, name) {
  const made = (await ended(admin, await admin.post('/backups', {}))).result;
  const place = ['--data', join(folder, name), '--schema', `guanxi_${name}`];
  const run = (...args) => {
    try {
      return execFileSync(server.program, args, { env: server.env, encoding: 'utf8' });
    } catch (error) {
      return error.stdout;
    }
  };
  run('restore', ...place, '--from', join(folder, 'all', made.id));
  return wrongKeys(JSON.parse(run('doctor', ...place, '--json')).problems);
}

export const tests = [
  {
    name: 'keys are as freshly computed after changes, the bin, merging, its undo and a backup; a key that is lost is told, and fails a backup',
    async run() {
      const folder = mkdtempSync(join(tmpdir(), 'guanxi-keys-'));
      writeFileSync(join(folder, 'pass'), 'correct horse battery staple\n');
      const server = await Server.create({ env: { GUANXI_BACKUP_DIR: join(folder, 'all'), GUANXI_BACKUP_KEY_FILE: join(folder, 'pass') } });
      try {
        const admin = by(server), phone = '057188182345', other = '057188189876';
        const [a, b, c, d] = await Promise.all([1, 2, 3, 4].map(() => create(admin, 'accounts', { name: unique('岚霁'), phone })));
        await ended(admin, await admin.post('/accounts/duplicates/search', { whole: true })); // from now on the doctor looks at them
        assert.deepEqual(await doctor(admin), []);
        expect(await admin.patch(`/accounts/${a.id}`, { phone: other, name: unique('澜鹤') }), 200);
        expect(await admin.delete(`/accounts/${d.id}`), 204);
        assert.deepEqual([await alike(admin, phone), await alike(admin, other)], [[b.id, c.id].sort(), [a.id]]);
        assert.deepEqual(await doctor(admin), []);
        expect(await admin.post(`/accounts/${d.id}/restore`), 200);
        const merged = await ended(admin, await admin.post('/accounts/merge', { keep: a.id, merge: [b.id], choose: { phone: b.id } }));
        assert.deepEqual([await alike(admin, phone), await alike(admin, other)], [[a.id, c.id, d.id].sort(), []]);
        assert.deepEqual(await doctor(admin), []);
        await ended(admin, await admin.post(`/batches/${merged.batch}/undo`));
        assert.deepEqual([await alike(admin, phone), await alike(admin, other)], [[b.id, c.id, d.id].sort(), [a.id]]);
        await ended(admin, await admin.post('/accounts/bulk', { ids: [c.id, d.id], delete: true }));
        assert.deepEqual(await doctor(admin), []);
        await ended(admin, await admin.post('/accounts/bulk', { ids: [c.id, d.id], restore: true }));
        assert.deepEqual(await alike(admin, phone), [b.id, c.id, d.id].sort());
        assert.deepEqual(await doctor(admin), []);
        assert.deepEqual(await doctorOfCopy(server, folder, admin, 'sound'), []);
        // a key that is lost is told, and a backup that carries that is not called sound
        await server.stop();
        sqlOn(server, `DELETE FROM gx_match WHERE record = ${a.id}`);
        await server.start();
        assert.deepEqual((await doctor(admin)).map((p) => p.what.match(/\d+/g).join()), ['1,0,0']);
        assert.equal((await waitForJob(admin, await admin.post('/backups', {}), PATIENCE_MS)).status, 'failed'); // its copy is looked at by the doctor
      } finally {
        await server.remove();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
];
