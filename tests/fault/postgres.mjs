// SPDX-License-Identifier: Apache-2.0
// PostgreSQL goes away under load and comes back: stopped at once, and killed by -9 with all its processes. The
// server stays; what is asked meanwhile waits (≤ 30 s, so that a failover is not seen) or is told 503; it goes on by
// itself, and nothing acknowledged is lost or there twice.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Server, sleep } from '../lib/server.mjs';

const root = resolve(import.meta.dirname, '../..');
const ROUNDS = Number(process.env.POSTGRES_ROUNDS ?? 4);
const WRITERS = 12;
const cluster = Object.fromEntries(execFileSync(join(root, 'scripts/pg-private'), ['start'],
  { encoding: 'utf8', env: { ...process.env, PG_FSYNC: 'on' } })
  .trim().split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
const dir = cluster.PG_PRIVATE_DIR;
process.env.GUANXI_TEST_POSTGRES = cluster.GUANXI_TEST_POSTGRES;
process.env.GUANXI_TEST_ENGINE = 'postgres';
const bin = execFileSync('sh', ['-c', 'ls -d /usr/lib/postgresql/15/bin'], { encoding: 'utf8' }).trim();
const owner = (...words) => (process.getuid() === 0 ? execFileSync('runuser', ['-u', 'postgres', '--', ...words], { cwd: '/', stdio: 'ignore' })
  : execFileSync(words[0], words.slice(1), { stdio: 'ignore' }));
const options = readFileSync(join(dir, 'data/postmaster.opts'), 'utf8').trim().split(' "').slice(1).map((word) => word.replace(/"$/, ''));

// After kill -9 the shared memory is in use until the last process is gone: a start may come too early.
async function start(tries = 20) {
  const flags = options.filter((word) => word !== '-D' && word !== join(dir, 'data'));
  try {
    owner(join(bin, 'pg_ctl'), '-D', join(dir, 'data'), '-l', join(dir, 'log'), '-w', '-t', '30', '-o', flags.map((word) => `'${word}'`).join(' '), 'start');
  } catch (error) {
    if (tries === 0) throw new Error(`PostgreSQL does not start: ${readFileSync(join(dir, 'log'), 'utf8').slice(-2000)}`, { cause: error });
    await sleep(200);
    await start(tries - 1);
  }
}

function end(hard) {
  if (!hard) return owner(join(bin, 'pg_ctl'), '-D', join(dir, 'data'), '-m', 'immediate', '-w', 'stop');
  const master = Number(readFileSync(join(dir, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
  const children = execFileSync('pgrep', ['-P', String(master)], { encoding: 'utf8' }).trim().split('\n').map(Number);
  for (const pid of [master, ...children]) {
    try { process.kill(pid, 'SIGKILL'); } catch { /* it ended with its master */ }
  }
  return null;
}

const faults = [];
let passed = 0, acknowledged = 0, refused = 0;
const server = await Server.create();
const stories = [];

async function writer(state) {
  while (!state.over) {
    const story = { name: `pg ${randomUUID()}`, key: randomUUID(), id: null };
    stories.push(story);
    while (!story.id) {
      const answer = await server.request('POST', '/api/v1/accounts', { name: story.name }, { 'Idempotency-Key': story.key }).catch((error) => ({ status: 0, text: error.message }));
      if (answer.status === 201) {
        story.id = answer.body.id;
        acknowledged++;
      } else if ([503, 409, 0].includes(answer.status)) {
        refused++;
        await sleep(50);
      } else {
        faults.push(`a write answers ${answer.status} ${answer.text}`);
        return;
      }
    }
  }
}

async function round(number) {
  const state = { over: false };
  const writers = Array.from({ length: WRITERS }, () => writer(state));
  await sleep(400);
  end(number % 2 === 1);
  await sleep(700);
  const meanwhile = server.request('GET', '/api/v1/accounts?limit=1');
  await sleep(300);
  await start();
  const { status, text } = await meanwhile; // it has waited for PostgreSQL, or says that it is busy
  if (![200, 503].includes(status)) faults.push(`a list asked for without PostgreSQL answers ${status} ${text}`);
  const before = acknowledged;
  for (let i = 0; i < 200 && acknowledged < before + 20; i++) await sleep(100);
  if (acknowledged < before + 20) faults.push('writes do not go on after PostgreSQL came back');
  state.over = true;
  await Promise.all(writers);
}

try {
  for (let i = 0; i < ROUNDS && faults.length === 0; i++) {
    await round(i);
    if (faults.length === 0) passed++;
  }
  const found = new Map();
  for (let after = ''; after !== null;) {
    const answer = await server.request('GET', `/api/v1/accounts?filter=${encodeURIComponent('name starts "pg "')}&fields=name&limit=200&count=none${after && `&after=${encodeURIComponent(after)}`}`);
    if (answer.status !== 200) throw new Error(`list: ${answer.status} ${answer.text}`);
    for (const item of answer.body.items) found.set(item.name, [...(found.get(item.name) ?? []), item.id]);
    after = answer.body.next ?? null;
  }
  for (const story of stories.filter((one) => one.id)) {
    const ids = found.get(story.name) ?? [];
    if (ids.length !== 1 || ids[0] !== story.id) faults.push(`${story.name}: acknowledged as ${story.id}, found ${ids.join(' ') || 'nowhere'}`);
  }
  passed += faults.length === 0;
  console.log(`${acknowledged} writes acknowledged, ${refused} refused and sent again`);
} catch (error) {
  faults.push(`${error.message}\n${server.log.split('\n').slice(-8).join('\n')}`);
}
await server.stop().catch(() => null);
await server.remove();
execFileSync(join(root, 'scripts/pg-private'), ['stop', dir]);
for (const fault of faults.slice(0, 20)) console.log(`FAIL ${fault}`);
console.log(`${passed} passed, ${faults.length} failed`);
process.exit(faults.length ? 1 : 0);
