// SPDX-License-Identifier: Apache-2.0
// The clock steps back and forward under a running server (libfaketime): ids never repeat and never go
// back, versions of a record never overlap, history stays in order, and the server goes on answering.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from '../lib/server.mjs';

const LIBRARY = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1'].find(existsSync);
const STEPS = [0, -3600, 0, 86400, -86400, 3 * 86400, 0]; // seconds off the real clock

if (!LIBRARY) {
  console.log('FAIL libfaketime is missing (package faketime)\n0 passed, 1 failed');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'guanxi-clock-'));
const dial = join(folder, 'offset');
const turn = (seconds) => writeFileSync(dial, `${seconds >= 0 ? '+' : ''}${seconds}\n`);
turn(0);
const server = await Server.create({
  env: { LD_PRELOAD: LIBRARY, FAKETIME_TIMESTAMP_FILE: dial, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' },
});
const faults = [];
let passed = 0;
const check = (ok, what) => { if (ok) passed++; else faults.push(what); };

async function ask(method, path, body, wanted) {
  const answer = await server.request(method, `/api/v1${path}`, body);
  if (answer.status !== wanted) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
}

try {
  const ids = [];
  const kept = await ask('POST', '/accounts', { name: 'clock' }, 201);
  let version = kept.version;
  for (const seconds of STEPS) {
    turn(seconds);
    for (let i = 0; i < 20; i++) {
      const began = performance.now();
      ids.push(BigInt((await ask('POST', '/accounts', { name: `clock ${seconds} ${i}` }, 201)).id));
      check(performance.now() - began < 10000, `a create took ${performance.now() - began} ms at ${seconds} s`);
    }
    const changed = await ask('PATCH', `/accounts/${kept.id}`, { short_name: `at ${seconds}` }, 200);
    check(changed.version === version + 1, `version ${changed.version} after ${version} at ${seconds} s`);
    version = changed.version;
  }
  check(new Set(ids).size === ids.length, 'an id was given twice');
  check(ids.every((id, i) => i === 0 || id > ids[i - 1]), 'an id is below one that was given before');
  const history = await ask('GET', `/accounts/${kept.id}/history?limit=50`, undefined, 200);
  const versions = history.items.map((item) => item.version);
  check(JSON.stringify(versions) === JSON.stringify(versions.toSorted((a, b) => b - a)) && versions.length === STEPS.length + 1,
    `history out of order: ${versions}`);
  const last = history.items[0].changes.find((change) => change.field === 'short_name');
  check(last?.new === `at ${STEPS.at(-1)}` && last?.old === `at ${STEPS.at(-2)}`, `the last change reads ${JSON.stringify(last)}`);
  turn(-7200);
  check(await server.stop() === 0, 'the server did not end well');
  await server.start(); // begins with a clock behind what it stored
  ids.push(BigInt((await ask('POST', '/accounts', { name: 'clock, again' }, 201)).id));
  check(ids.at(-1) > ids.at(-2), 'after the restart an id is below those given before');
} catch (error) {
  faults.push(`${error.message}\n${server.log.split('\n').slice(-8).join('\n')}`);
}
await server.stop().catch(() => null);
await server.remove();
rmSync(folder, { recursive: true });
for (const fault of faults) console.log(`FAIL ${fault}`);
console.log(`${passed} passed, ${faults.length} failed`);
process.exit(faults.length ? 1 : 0);
