// SPDX-License-Identifier: Apache-2.0
// kill -9 in the middle of backup and restore, a full disk under a backup: what is listed is whole, a place is
// empty or whole, and the next attempt succeeds. KILLS (4) of each, at random moments.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { begin, checks, jobEnd, killLeft } from '../lib/killed.mjs';
import { Server, sleep } from '../lib/server.mjs';

const KILLS = Number(process.env.KILLS ?? 4);
const folder = mkdtempSync(join(tmpdir(), 'guanxi-backup9-'));
writeFileSync(join(folder, 'pass'), 'correct horse battery staple\n');
const { check, end } = checks();
const env = { GUANXI_BACKUP_DIR: join(folder, 'all'), GUANXI_BACKUP_KEY_FILE: join(folder, 'pass') };
const server = await Server.create({ env });
const post = (path, body) => server.request('POST', `/api/v1${path}`, body);

const finish = (answer) => jobEnd(server, answer.headers.location);
const run = (...args) => begin(server.program, args, server.env);

try {
  await finish(await post('/demo', { accounts: 150, seed: 1 }));
  const began = Date.now();
  const first = await finish(await post('/backups', {}));
  const took = Date.now() - began;
  check(first.status === 'done' && first.result.verified.ok, `the first backup: ${JSON.stringify(first.error)}`);

  for (let i = 0; i < KILLS; i++) { // the server is killed while it makes one
    await post('/backups', {});
    await sleep(Math.random() * took);
    server.kill();
    await server.start();
    const { items } = (await server.request('GET', '/api/v1/backups')).body;
    for (const b of items) check(existsSync(join(folder, 'all', b.id, 'data')), `${b.id} is listed without its data`);
  }
  const again = await finish(await post('/backups', {}));
  check(again.status === 'done' && again.result.verified.ok, `after the kills: ${JSON.stringify(again.error)}`);
  check(!readdirSync(join(folder, 'all')).some((name) => name.endsWith('.partial')), 'a cut-off backup was left');
  check(!existsSync(join(server.dir, 'backup-copy/guanxi.db')), 'a copy of the database was left');

  const from = join(folder, 'all', first.result.id);
  for (let i = 0; i < KILLS; i++) { // a restore is killed
    const back = join(folder, `back${i}`);
    const place = ['--data', back, '--schema', `guanxi_back${i}`];
    const { kill, ended } = run('restore', ...place, '--from', from);
    await sleep(Math.random() * took);
    kill();
    const how = await ended;
    if (how.signal === 'SIGKILL' && !process.env.GUANXI_TEST_POSTGRES) {
      check(!existsSync(join(back, 'guanxi.db')), 'a place is half filled');
    }
    const code = how.code === 0 ? 0 : (await run('restore', ...place, '--from', from).ended).code;
    check(code === 0, `the restore after one that was killed ends with ${code}`);
    check((await run('doctor', ...place).ended).code === 0, 'doctor finds problems in what came back');
  }

  const small = join(folder, 'small'); // the disk of the backups is full
  mkdirSync(small);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]);
  try {
    await server.stop();
    await server.start({ GUANXI_BACKUP_DIR: join(small, 'all') });
    const full = await finish(await post('/backups', {}));
    check(full.status === 'failed' && full.error.code === 'storage_full', `on a full disk: ${JSON.stringify(full)}`);
    check((await server.request('GET', '/api/v1/backups')).body.items.length === 0, 'half a backup is listed');
    check((await post('/accounts', { name: 'goes on' })).status === 201, 'the server goes on');
  } finally {
    await server.stop();
    execFileSync('umount', [small]);
  }
} finally {
  killLeft();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
end();
