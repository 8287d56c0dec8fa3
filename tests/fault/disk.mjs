// SPDX-License-Identifier: Apache-2.0
// The disk is full: writes are refused with 507, reads go on, nothing acknowledged is lost; when there is room
// again writes go on. The data directory lies on a small tmpfs of its own, so it needs root. SQLite only.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, PASSWORD, sleep } from '../lib/server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'guanxi-disk-'));
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder]);
const faults = [];
let passed = 0;
const check = (ok, what) => { if (ok) passed++; else faults.push(what); };
const server = await Server.create({ init: false, env: { GUANXI_DATABASE: '' }, prepare: (s) => {
  rmSync(s.dir, { recursive: true });
  s.dir = folder;
  writeFileSync(join(folder, 'password'), PASSWORD, { mode: 0o600 });
  s.command('init', '--admin-password-file', join(folder, 'password'));
  s.key = s.command('user', 'api-key', 'admin').trim().split(/\s+/).pop();
} });

const kept = [];
const create = async (size) => {
  const name = `disk ${kept.length} ${Math.random()}`;
  const answer = await server.request('POST', '/api/v1/accounts', { name, description: 'x'.repeat(size) });
  if (answer.status === 201) kept.push([answer.body.id, name]);
  return answer;
};

async function allKept() {
  for (const [id, name] of kept) {
    const answer = await server.request('GET', `/api/v1/accounts/${id}`);
    if (answer.status !== 200 || answer.body.name !== name) return `${name}: ${answer.status}`;
  }
  return null;
}

const ballast = join(folder, 'ballast');
try {
  for (let i = 0; i < 10; i++) check((await create(1000)).status === 201, 'a write while there is room');
  try { execFileSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k'], { stdio: 'ignore' }); } catch { /* full, as asked for */ }
  let refused = 0, wrong = '';
  for (let i = 0; i < 60; i++) {
    const answer = await create(20000);
    if (answer.status === 507) {
      refused++;
      if (answer.body.code !== 'storage_full') wrong = answer.text;
    } else if (![201, 503].includes(answer.status)) wrong = `${answer.status} ${answer.text}`;
  }
  check(refused > 0, 'no write was refused though the disk is full');
  check(wrong === '', `a refusal reads ${wrong}`);
  check(await allKept() === null, `lost while full: ${await allKept()}`);
  check((await server.request('GET', '/api/v1/accounts?limit=5')).status === 200, 'lists go on while the disk is full');
  rmSync(ballast);
  let again = 0;
  for (let i = 0; i < 100 && again !== 201; i++) {
    again = (await create(1000)).status;
    if (again !== 201) await sleep(100);
  }
  check(again === 201, `with room again a write answers ${again}`);
  server.kill();
  await server.ended;
  await server.start();
  check(await allKept() === null, `lost after kill -9: ${await allKept()}`);
} catch (error) {
  faults.push(`${error.message}\n${server.log.split('\n').slice(-8).join('\n')}`);
}
await server.stop().catch(() => null);
execFileSync('umount', [folder]);
rmSync(folder, { recursive: true, force: true });
rmSync(`${server.dir}.log`, { force: true });
for (const fault of faults) console.log(`FAIL ${fault}`);
console.log(`${passed} passed, ${faults.length} failed`);
process.exit(faults.length ? 1 : 0);
