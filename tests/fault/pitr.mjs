// SPDX-License-Identifier: Apache-2.0
// Point in time on PostgreSQL, as docs/admin/backup.md says it: base backup, archive of the log, return to a moment.
// What was made before the moment is there, what came after is not, and doctor finds nothing.
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, sleep } from '../lib/server.mjs';

const program = process.env.GUANXI_PROGRAM ?? join(import.meta.dirname, '../../build/guanxi');
const bin = '/usr/lib/postgresql/15/bin';
const folder = mkdtempSync(join(tmpdir(), 'guanxi-pitr-'));
const [data, wal, base, home] = ['data', 'wal', 'base', 'home'].map((name) => join(folder, name));
const isRoot = process.getuid() === 0;
const port = await freePort();
const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
const faults = [];
let passed = 0;
const check = (ok, what) => { if (ok) passed++; else faults.push(what); };
const asOwner = (name, ...args) => execFileSync(isRoot ? 'runuser' : join(bin, name), isRoot ? ['-u', 'postgres', '--', join(bin, name), ...args] : args, { cwd: '/', encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const guanxi = (verb, ...args) => execFileSync(program, [verb, '--data', home, '--database', url, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const start = () => asOwner('pg_ctl', '-D', data, '-l', join(folder, 'log'), '-w', '-t', '60', 'start');
const stop = () => asOwner('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop');

function bringIn(name) {
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, `name\n${name}\n`);
  guanxi('import', 'accounts', file);
}

function names() {
  const file = join(folder, 'out.jsonl');
  guanxi('export', 'accounts', file);
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line).name);
}

try {
  chmodSync(folder, 0o777);
  mkdirSync(wal);
  chmodSync(wal, 0o777);
  asOwner('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8');
  appendFileSync(join(data, 'postgresql.conf'), `port = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '${folder}'\nwal_level = replica\n`
    + `archive_mode = on\narchive_command = 'test ! -f ${wal}/%f && cp %p ${wal}/%f'\nfsync = off\n`);
  start();
  guanxi('init');
  bringIn('before the base backup');
  asOwner('pg_basebackup', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-D', base, '-c', 'fast');
  bringIn('before the moment');
  await sleep(1100);
  const moment = new Date().toISOString().replace('T', ' ').replace('Z', '+00');
  await sleep(1100);
  bringIn('after the moment');
  execFileSync('psql', [url, '-qAtc', 'select pg_switch_wal()']);
  stop();
  renameSync(data, join(folder, 'lost'));
  renameSync(base, data);
  appendFileSync(join(data, 'postgresql.conf'), `restore_command = 'cp ${wal}/%f %p'\nrecovery_target_time = '${moment}'\nrecovery_target_action = 'promote'\n`);
  writeFileSync(join(data, 'recovery.signal'), '');
  if (isRoot) execFileSync('chown', ['postgres', join(data, 'recovery.signal')]);
  start();
  for (let i = 0; i < 200 && execFileSync('psql', [url, '-qAtc', 'select pg_is_in_recovery()'], { encoding: 'utf8' }).trim() !== 'f'; i++) await sleep(100);
  const there = names();
  for (const name of ['before the base backup', 'before the moment']) check(there.includes(name), `lost: ${name}`);
  check(!there.includes('after the moment'), 'what came after the moment is there');
  check(/, 0 left/.test(guanxi('doctor')), 'doctor finds problems');
  stop();
} finally {
  try { stop(); } catch { /* it has ended */ }
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.log(`FAIL ${fault}`);
console.log(`${passed} passed, ${faults.length} failed`);
process.exit(faults.length ? 1 : 0);
