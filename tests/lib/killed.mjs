// SPDX-License-Identifier: Apache-2.0
// What programs have in common that kill a server, or a command, in the middle and look what is left.
import { spawn } from 'node:child_process';
import { sleep } from './server.mjs';

export const PATIENCE_MS = 90000; // more than the longest pause of the parent (30 s)
const ENDED = ['done', 'failed', 'cancelled'];

// Asks until the server is up again.
export async function patiently(act, what) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    try {
      const answer = await act();
      if (answer.status < 500) return answer;
    } catch { /* it is down */ }
    await sleep(50);
  }
  throw new Error(`${what}: no answer`);
}

// The process that serves; the parent is never killed, or nobody would start it again.
export async function worker(server) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(20)) {
    const child = server.pids().find((pid) => pid !== server.process.pid);
    if (child) return child;
  }
  throw new Error('no worker process');
}

export const jobState = async (server, location) => (await patiently(() => server.request('GET', location), 'job')).body;

export async function jobEnd(server, location) {
  for (let i = 0; i < 2400; i++, await sleep(50)) { // a lease of 60 s may have to run out
    const job = await jobState(server, location);
    if (ENDED.includes(job.status)) return job;
  }
  throw new Error('the job does not end');
}

export async function countAccounts(server, filter) {
  const answer = await patiently(() => server.request('GET', `/api/v1/accounts?limit=1&count=exact&filter=${encodeURIComponent(filter)}`), 'count');
  return answer.body.count.value;
}

const started = [];

// A command of its own process group: { pid, ended, kill }; `ended` gives { code, signal, text }.
export function begin(program, args, env) {
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => { text += part; });
  started.push(child);
  const ended = new Promise((done) => child.once('close', (code, signal) => done({ code, signal, text })));
  return { pid: child.pid, ended, kill: () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it ended */ } } };
}

export function killLeft() {
  for (const child of started) {
    if (child.exitCode === null && child.signalCode === null) try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it ended */ }
  }
}

// Counts what holds; `end` prints and leaves with the right status.
export function checks() {
  const faults = [];
  let passed = 0;
  return {
    check(ok, what) { if (ok) passed++; else faults.push(what); },
    end(more = '') {
      for (const fault of faults) console.log(`FAIL ${fault}`);
      console.log(`${passed} passed, ${faults.length} failed${more && `; ${more}`}`);
      process.exit(faults.length ? 1 : 0);
    },
  };
}
