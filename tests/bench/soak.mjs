// SPDX-License-Identifier: Apache-2.0
// A bounded run of mixed load on a copy of the bench's data: SOAK_REQUESTS (1000000) requests in rounds of reading (lists, details,
// search) and writing (create, update), while an import, a bulk change and a new generation of the search index go on in
// turn. Tells the p99 of writes and lists by what went on, the largest log, RssAnon at start, middle and end. Fails past
// the budgets of the design: writes 50 ms, lists 20 ms, log 256 MB, memory 64 MB; the end within 10 % of the middle.
// Usage: scripts/bench makes the data; then node tests/bench/soak.mjs [DATA]
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { upload } from '../api/lib.mjs';
import { Server, sleep } from '../lib/server.mjs';

const run = promisify(execFile);
const home = resolve(import.meta.dirname, '../../build/bench');
const TOTAL = Number(process.env.SOAK_REQUESTS ?? 1000000);
const WRITERS = 8, READERS = 8, ROUND = 4000; // requests of one round: half lists and details, half writes
const from = process.argv[2] ?? join(home, `data-${process.env.BENCH_ACCOUNTS ?? 100000}`);
const dir = join(home, 'soak');

rmSync(dir, { recursive: true, force: true });
cpSync(from, dir, { recursive: true, filter: (path) => !path.endsWith('.sock') });
const server = new Server();
Object.assign(server, { program: process.env.GUANXI_PROGRAM ?? resolve(home, '../guanxi'), dir, env: { ...process.env }, agent: new http.Agent({ keepAlive: true }) });
server.key = readFileSync(join(dir, 'api-key'), 'utf8').trim();
await server.start();

const memory = () => server.pids().reduce((kb, pid) => kb + Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]), 0) / 1024;
const logMb = () => { try { return statSync(join(dir, 'guanxi.db-wal')).size / 1048576; } catch { return 0; } };
const line = (method, path, body) => `${method}\t${path}\t${body ? JSON.stringify(body) : ''}\n`;
const get = async (path) => {
  const { status, body, text } = await server.request('GET', path);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return body;
};
const users = (await get('/api/v1/users?fields=name&limit=200')).items;
const accounts = (await get('/api/v1/accounts?fields=name&limit=200&count=none')).items;
const q = encodeURIComponent;
const files = {
  lists: users.map((u) => line('GET', `/api/v1/opportunities?count=none&limit=50&sort=-updated_at&fields=name,stage,amount,account,owner&filter=${q(`owner = "${u.id}"`)}`)),
  details: accounts.map((a) => line('GET', `/api/v1/accounts/${a.id}`)),
  searches: accounts.map((a) => line('GET', `/api/v1/search?limit=10&q=${q([...a.name].slice(0, 2).join(''))}`)),
};
for (const [name, lines] of Object.entries(files)) writeFileSync(join(home, `soak-${name}.txt`), lines.join(''));

async function load(name, connections, requests) {
  const { stdout } = await run(join(home, 'load'), [String(server.port), String(connections), String(requests), join(home, `soak-${name}.txt`),
    `Authorization: Bearer ${server.key}`, 'Accept: application/json']);
  return JSON.parse(stdout);
}

let turn = 0;
function writes(count) {
  const lines = Array.from({ length: count }, (_, i) => (i % 2
    ? line('POST', '/api/v1/accounts', { name: `耐久 ${turn}-${i} Soak`, phone: `021-${50000000 + ((turn * count + i) % 9999999)}` })
    : line('PATCH', `/api/v1/accounts/${accounts[(turn * 7 + i) % accounts.length].id}`, { employee_count: turn * count + i })));
  writeFileSync(join(home, 'soak-writes.txt'), lines.join(''));
}

// ---- what goes on beside the load: each starts one job and answers its path
const SIDES = {
  nothing: async () => null,
  import: async () => (await upload(server, server.key, '/contacts/import',
    ['name', ...Array.from({ length: 3000 }, (_, i) => `耐久联系人${turn}-${i}`)].join('\n'), 'soak.csv', { duplicates: 'create' })),
  bulk: async () => server.request('POST', '/api/v1/accounts/bulk', { filter: 'name starts "耐久"', set: { employee_count: turn } }),
  index: async () => {
    const field = { name: `soak_${turn}`, type: 'text', search: true };
    return server.request('POST', '/api/v1/meta/objects/account/fields', field); // a searched field more: a new generation
  },
};

const found = {}, memories = [memory()];
let largestLog = 0;
const note = (side, kind, p99) => { (found[`${kind} beside ${side}`] ??= []).push(p99); };
const watch = setInterval(() => { largestLog = Math.max(largestLog, logMb()); }, 200);
const names = Object.keys(SIDES);
const isBusy = async () => (await get('/api/v1/jobs?limit=50')).items
  .some((job) => ['import', 'bulk', 'search.build', 'rollups'].includes(job.kind) && ['queued', 'running'].includes(job.status));
let side = names.at(-1);
const began = Date.now();
for (let done = 0; done < TOTAL; done += ROUND, turn++) {
  if (side === 'nothing' || !await isBusy()) { // the next one
    side = names[(names.indexOf(side) + 1) % names.length];
    const answer = await SIDES[side]();
    if (answer && answer.status >= 400) throw new Error(`${side}: ${answer.status} ${answer.text}`);
  }
  writes(ROUND / 2);
  const [write, list] = await Promise.all([load('writes', WRITERS, ROUND / 2), load('lists', READERS, ROUND / 4)]);
  await Promise.all([load('details', READERS, ROUND / 8), load('searches', READERS, ROUND / 8)]);
  note(side, 'writes', write.p99_ms);
  note(side, 'lists', list.p99_ms);
  if (done >= TOTAL / 2 && memories.length === 1) memories.push(memory());
}
await sleep(1000);
memories.push(memory());
clearInterval(watch);
await server.stop();
rmSync(dir, { recursive: true, force: true });

// ---- report
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const failures = [];
console.log(`${turn * ROUND} requests in ${((Date.now() - began) / 1000).toFixed(0)} s`);
for (const [name, values] of Object.entries(found)) {
  const budget = name.startsWith('writes') ? 50 : 20;
  console.log(`${name.padEnd(24)} p99 ${median(values).toFixed(1)} ms, worst round ${Math.max(...values).toFixed(1)} (budget ${budget})`);
  if (median(values) > budget) failures.push(name);
}
const [start, middle, end] = memories;
console.log(`log at most ${largestLog.toFixed(0)} MB (budget 256); RssAnon ${start.toFixed(1)} MB at start, ${middle.toFixed(1)} in the middle, ${end.toFixed(1)} at the end (budget 64)`);
if (largestLog > 256) failures.push('log');
if (end > 64) failures.push('memory');
if (end > middle * 1.1 + 2) failures.push('memory grows');
failures.forEach((name) => console.log(`OVER ${name}`));
process.exit(failures.length ? 1 : 0);
