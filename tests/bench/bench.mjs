// SPDX-License-Identifier: Apache-2.0
// The bench: CPU per request of the running server, beside the floor (the same statements by hand).
//
// CPU is user + system of the server's processes over REQUESTS keep-alive requests by a client in
// another process (load.c), median of RUNS; wall time on a shared machine says little. The floor is
// made in the same run: a second server is traced (sqltrace.c), floor.c replays its statements on a
// copy of the same file. Budgets are those of the design; a ratio may not pass 1.5 times the recorded.
// With --postgres the server runs on the PostgreSQL of GUANXI_TEST_POSTGRES, whose processes count as
// well, beside floor_pg.c; the budget there is 1.5 times the same SQL by hand.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join, resolve } from 'node:path';
import { Server, sleep } from '../lib/server.mjs';

const root = resolve(import.meta.dirname, '../..');
const home = join(root, 'build/bench');
const program = process.env.GUANXI_PROGRAM ?? join(root, 'build/guanxi');
const numbersFile = join(import.meta.dirname, 'numbers.json');
const ACCOUNTS = Number(process.env.BENCH_ACCOUNTS ?? 100000);
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 20000);
const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const TRACED = 2000;
const postgres = process.argv.includes('--postgres');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const line = (method, path, body) => `${method}\t${path}\t${body ? JSON.stringify(body) : ''}\n`;

// ---- data and servers

// Data are { dir, url }: the data directory, and the database where there is PostgreSQL.
const databaseUrl = (name) => {
  const url = new URL(process.env.GUANXI_TEST_POSTGRES);
  url.pathname = `/${name}`;
  return url.href;
};
const psql = (sql, url = process.env.GUANXI_TEST_POSTGRES) => execFileSync('psql', [url, '-qAtc', sql], { encoding: 'utf8', env: { ...process.env, PGOPTIONS: '-c search_path=guanxi,public' } }).trim();
const environment = (data) => ({ ...process.env, ...(data.url ? { GUANXI_DATABASE: data.url } : {}) });

function taskCpuUs(pid) {
  let ns = 0;
  try {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    }
  } catch { /* it ended */ }
  return ns / 1000;
}

class BenchServer extends Server {
  static async open(data, env = {}) {
    const server = new BenchServer();
    Object.assign(server, { program, dir: data.dir, env: environment(data), agent: new http.Agent({ keepAlive: true }) });
    server.key = readFileSync(join(data.dir, 'api-key'), 'utf8').trim();
    server.startMs = await server.start(env);
    return server;
  }

  cpuUs() {
    const backends = postgres ? psql("select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()").split('\n') : [];
    return [...this.pids(), ...backends].reduce((sum, pid) => sum + taskCpuUs(pid), 0);
  }

  memoryMb() {
    let kb = 0;
    for (const pid of this.pids()) {
      kb += Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
    }
    return kb / 1024;
  }

  load(connections, requests, file) {
    const before = this.cpuUs();
    const out = execFileSync(join(home, 'load'), [String(this.port), String(connections), String(requests), file,
      `Authorization: Bearer ${this.key}`, 'Accept: application/json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    return { ...JSON.parse(out), cpu_us: (this.cpuUs() - before) / requests };
  }
}

const UNFILLED = 'SELECT count(*) = 0 OR min(filled) < 9223372036854775807 FROM gx_match_state;';
function keysMade(data) {
  return /^(0|f)$/.test(postgres ? psql(UNFILLED, data.url) : execFileSync('sqlite3', [join(data.dir, 'guanxi.db'), UNFILLED], { encoding: 'utf8' }).trim());
}

// The demo company asks for its search index and its rollups, which the first server makes; beside them it makes the keys of
// duplicates, which is no job. What is not done when it stops would go on in every server that is measured.
async function finishJobs(data) {
  const server = await BenchServer.open(data);
  const began = performance.now();
  for (;;) {
    const { body, text } = await server.request('GET', '/api/v1/jobs?limit=50');
    if (!Array.isArray(body?.items)) throw new Error(`jobs: ${text}`);
    if (body.items.every((job) => !['rollups', 'search.build'].includes(job.kind) || !['queued', 'running'].includes(job.status)) && keysMade(data)) break;
    await sleep(500);
  }
  await server.stop();
  return performance.now() - began;
}

async function makeData() {
  const data = { dir: join(home, `${postgres ? 'pg' : 'data'}-${ACCOUNTS}`), url: postgres ? databaseUrl('bench') : undefined };
  if (!postgres && existsSync(join(data.dir, 'ready'))) {
    await finishJobs(data); // made by a program before this one, they get its tables
    return data;
  }
  rmSync(data.dir, { recursive: true, force: true });
  mkdirSync(data.dir, { recursive: true });
  if (postgres) psql('create database bench');
  const guanxi = (...args) => execFileSync(program, args, { encoding: 'utf8', env: environment(data), stdio: ['ignore', 'pipe', 'inherit'] });
  const began = performance.now();
  writeFileSync(join(data.dir, 'password'), 'guanxi-bench-Passw0rd', { mode: 0o600 });
  guanxi('init', '--data', data.dir, '--admin-password-file', join(data.dir, 'password'));
  const created = performance.now() - began;
  guanxi('demo', '--data', data.dir, '--accounts', String(ACCOUNTS), '--seed', '1');
  const key = guanxi('user', 'api-key', '--data', data.dir, 'admin').trim().split(/\s+/).pop();
  writeFileSync(join(data.dir, 'api-key'), key);
  const demo = performance.now() - began - created;
  const jobs = await finishJobs(data);
  writeFileSync(join(data.dir, 'ready'), JSON.stringify({ init_ms: Math.round(created), demo_ms: Math.round(demo), search_and_rollups_ms: Math.round(jobs) }));
  return data;
}

// A copy of the data that may be written.
function copyOf(data) {
  if (postgres) {
    psql('drop database if exists bench_copy with (force)');
    psql('create database bench_copy template bench');
    psql('checkpoint');
    return { dir: data.dir, url: databaseUrl('bench_copy') };
  }
  const dir = join(home, 'copy');
  rmSync(dir, { recursive: true, force: true });
  cpSync(data.dir, dir, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  return { dir };
}

async function sample(server, plural, query, count) {
  const items = [];
  for (let after = null; items.length < count;) {
    const next = after ? `&after=${encodeURIComponent(after)}` : '';
    const { status, body, text } = await server.request('GET', `/api/v1/${plural}?limit=200&count=none${query}${next}`);
    if (status !== 200) throw new Error(`${plural}: ${status} ${text}`);
    items.push(...body.items);
    if (!body.next) break;
    after = body.next;
  }
  return items;
}

// ---- the rows

const rows = {
  list: { what: 'list of 50: filter, sort, relation titles', budget: 0.25, floor: 0.065, connections: 8,
    async requests(server) {
      const users = await sample(server, 'users', '&fields=name', 1000);
      return users.map((user) => line('GET', '/api/v1/opportunities?count=none&limit=50&sort=-updated_at'
        + '&fields=name,stage,amount,expected_close_on,account,owner'
        + `&filter=${encodeURIComponent(`owner = "${user.id}" and amount >= 1000`)}`));
    } },
  newest: { what: 'list of 50 of one owner, default order', budget: 0.25, connections: 8, repeat: 500,
    async requests(server) {
      const users = await sample(server, 'users', '&fields=name', 1000);
      return users.map((user) => line('GET', `/api/v1/opportunities?count=none&fields=name&filter=${encodeURIComponent(`owner = "${user.id}"`)}`));
    } },
  detail: { what: 'record detail', budget: 0.05, floor: 0.004, connections: 8,
    async requests(server) {
      return (await sample(server, 'accounts', '&fields=name', 10000)).map((a) => line('GET', `/api/v1/accounts/${a.id}`));
    } },
  count: { what: 'capped count with rights', budget: 10, connections: 8, repeat: 2000,
    async requests(server) {
      const users = await sample(server, 'users', '&fields=name', 1000);
      return users.map((user) => line('GET', '/api/v1/opportunities?limit=1&fields=name&count=capped&sort=-updated_at'
        + `&filter=${encodeURIComponent(`owner = "${user.id}"`)}`));
    } },
  search: { what: 'search everything: two Han characters, two words', budget: 0.15, floor: 0.027, connections: 8,
    async requests(server) {
      const names = (await sample(server, 'accounts', '&fields=name', 5000)).map((a) => [...a.name]);
      return names.filter((name) => name.length > 5).map((name, i) => {
        const at = 2 + (i % (name.length - 5));
        const q = i % 2 ? name.slice(at, at + 2).join('') : `${name.slice(0, 2).join('')} ${name.slice(at, at + 2).join('')}`;
        return line('GET', `/api/v1/search?limit=10&q=${encodeURIComponent(q)}`);
      });
    } },
  pipeline: { what: 'pipeline by stage: count and sum', budget: 1.0, connections: 8, repeat: 2000, columns: 'opportunities',
    requests: () => [line('POST', '/api/v1/opportunities/aggregate', { group: ['stage'], measures: ['count', { sum: 'amount' }] })] },
  create: { what: 'create, durable', budget: 0.16, floor: 0.07, connections: 32, write: 32,
    requests: () => Array.from({ length: REQUESTS }, (_, i) => line('POST', '/api/v1/accounts',
      { name: `测试客户 ${i} Bench`, phone: `021-${50000000 + i}`, employee_count: i % 5000 })) },
  update: { what: 'update of one field', budget: 0.10, floor: 0.018, connections: 32, write: 32,
    async requests(server) {
      return (await sample(server, 'accounts', '&fields=name', REQUESTS)).map((a, i) => line('PATCH', `/api/v1/accounts/${a.id}`,
        { employee_count: 100000 + i }));
    } },
  rename: { what: 'update with new search tokens', budget: 0.18, connections: 32, write: 32,
    async requests(server) {
      return (await sample(server, 'accounts', '&fields=name', REQUESTS)).map((a, i) => line('PATCH', `/api/v1/accounts/${a.id}`,
        { name: `更名 ${i} Renamed` }));
    } },
};

function floorOf(data, trace, requests, rounds, write) {
  const [tool, ...args] = postgres ? ['floor_pg', data.url, trace, requests, rounds]
    : ['floor', join(data.dir, 'guanxi.db'), trace, requests, rounds, ...(write ? ['--write', write] : [])];
  return JSON.parse(execFileSync(join(home, tool), args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
}

// Statements of `count` requests. On PostgreSQL one connection drives the server, so that the
// transactions of the recording do not interleave.
async function traceOf(data, file, row, count) {
  const trace = join(home, 'trace.bin');
  const connections = postgres || !row.write ? 1 : row.connections;
  rmSync(trace, { force: true });
  const server = await BenchServer.open(data, { LD_PRELOAD: join(home, postgres ? 'pgtrace.so' : 'sqltrace.so'), SQLTRACE: trace });
  server.load(connections, row.write ? 200 : count, row.write ? join(home, 'warm.txt') : file);
  writeFileSync(`${trace}.on`, '');
  server.load(connections, count, file);
  await sleep(300); // what the server still does for these writes (numbering of events)
  unlinkSync(`${trace}.on`);
  await server.stop();
  return trace;
}

async function measure(name, row, data) {
  const file = join(home, `${name}.txt`);
  const found = [];
  const fresh = () => (row.write ? copyOf(data) : data);
  let server = await BenchServer.open(fresh());
  writeFileSync(file, (await row.requests(server)).join(''));
  writeFileSync(join(home, 'warm.txt'), line('GET', '/api/v1/accounts?limit=1'));
  for (let run = 0; run < RUNS; run++) {
    if (row.write && run > 0) {
      await server.stop();
      server = await BenchServer.open(fresh());
    }
    server.load(row.connections, row.repeat ? 50 : 500, row.write ? join(home, 'warm.txt') : file);
    found.push(server.load(row.connections, row.repeat ?? REQUESTS, file));
  }
  const memory = server.memoryMb();
  if (row.columns) return columnsOf(server, row, found, memory);
  await server.stop();
  const count = row.write ? REQUESTS : Math.min(TRACED, row.repeat / 10 || TRACED);
  const trace = await traceOf(fresh(), file, row, count);
  const floors = [];
  for (let run = 0; run < (row.write ? Math.min(RUNS, 3) : RUNS); run++) {
    floors.push(floorOf(fresh(), trace, count, row.write ? 1 : (row.repeat ?? REQUESTS) / count, row.write));
  }
  const cpu = median(found.map((f) => f.cpu_us)) / 1000;
  const floor = median(floors.map((f) => f.cpu_us)) / 1000;
  return { cpu_ms: cpu, floor_ms: floor, ratio: cpu / floor, statements: floors[0].statements, memory_mb: memory,
    per_second: median(found.map((f) => f.per_second)), p99_ms: median(found.map((f) => f.p99_ms)) };
}

// What is counted in memory: beside one pass in C over as many rows; the first answer, which loads the columns, apart.
async function columnsOf(server, row, found, memory) {
  const many = (await server.request('GET', `/api/v1/${row.columns}?limit=1&count=exact`)).body.count.value;
  await server.stop();
  const floors = Array.from({ length: RUNS }, () => JSON.parse(execFileSync(join(home, 'floor_columns'), [String(many), '500'], { encoding: 'utf8' })).cpu_us);
  const firsts = [];
  for (let run = 0; run < RUNS; run++) {
    const fresh = await BenchServer.open({ dir: server.dir, url: server.env.GUANXI_DATABASE });
    fresh.load(1, 1, join(home, 'warm.txt'));
    firsts.push(fresh.load(1, 1, join(home, 'pipeline.txt')).cpu_us / 1000);
    await fresh.stop();
  }
  const cpu = median(found.map((f) => f.cpu_us)) / 1000;
  const floor = median(floors) / 1000;
  console.log(`  ${many} records; the first answer, which reads them: ${median(firsts).toFixed(1)} ms (budget 60)`);
  return { cpu_ms: cpu, floor_ms: floor, ratio: cpu / floor, statements: 0, first_ms: median(firsts), memory_mb: memory,
    per_second: median(found.map((f) => f.per_second)), p99_ms: median(found.map((f) => f.p99_ms)) };
}

async function durable(data) {
  const file = join(home, 'create.txt');
  writeFileSync(file, rows.create.requests().join(''));
  writeFileSync(join(home, 'warm.txt'), line('GET', '/api/v1/accounts?limit=1'));
  const trace = await traceOf(copyOf(data), file, { ...rows.create, connections: 64 }, REQUESTS);
  const rates = [];
  for (let run = 0; run < Math.min(RUNS, 3); run++) {
    const server = await BenchServer.open(copyOf(data));
    const found = server.load(64, REQUESTS, file);
    await server.stop();
    const raw = JSON.parse(execFileSync(join(home, 'raw_commit'), [join(copyOf(data).dir, 'guanxi.db'), trace, String(REQUESTS), '64'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })).per_second;
    rates.push({ per_second: found.per_second, p99_ms: found.p99_ms, raw, ratio: found.per_second / raw });
  }
  return rates.sort((a, b) => a.ratio - b.ratio)[rates.length >> 1];
}

async function startAndMemory(data) {
  const starts = [];
  let idle = 0;
  for (let run = 0; run < RUNS; run++) {
    const server = await BenchServer.open(data);
    starts.push(server.startMs);
    await sleep(500);
    idle = server.memoryMb();
    await server.stop();
  }
  return { start_ms: median(starts), idle_mb: idle };
}

// ---- report

const engine = postgres ? 'postgres' : 'sqlite';
const allRecorded = existsSync(numbersFile) ? JSON.parse(readFileSync(numbersFile, 'utf8')) : {};
const recorded = allRecorded[engine] ?? {};
const result = {};
const worse = [];
const show = (cells) => console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(46) : String(cell).padStart(11))).join(''));
const wants = (name) => wanted.length === 0 || wanted.includes(name);

function compare(name, found) {
  const old = recorded[name];
  if (!old) return;
  if (found.statements > old.statements * 1.05) worse.push(`${name}: ${found.statements} statements, recorded ${old.statements}`);
  if (found.ratio > old.ratio * 1.5) worse.push(`${name}: ratio ${found.ratio.toFixed(2)}, recorded ${old.ratio.toFixed(2)}`);
}

const data = await makeData();
console.log(`${ACCOUNTS} accounts, ${REQUESTS} requests, median of ${RUNS}; CPU ms per request; ${JSON.stringify(JSON.parse(readFileSync(join(data.dir, 'ready'))))}`);
show(['', 'CPU ms', 'budget', 'floor', 'ratio', 'statements', 'req/s', 'p99 ms']);
for (const [name, row] of Object.entries(rows)) {
  if (!wants(name)) continue;
  const found = await measure(name, row, data);
  result[name] = { ratio: found.ratio, statements: found.statements, cpu_ms: found.cpu_ms, floor_ms: found.floor_ms };
  compare(name, found);
  const met = postgres ? found.ratio <= 1.5 : found.cpu_ms <= row.budget;
  show([row.what, found.cpu_ms.toFixed(3) + (met ? '' : ' !'), postgres ? '1.5 x' : row.budget, found.floor_ms.toFixed(3), found.ratio.toFixed(2),
    found.statements.toFixed(2), found.per_second.toFixed(0), found.p99_ms.toFixed(1)]);
  if (!postgres && row.floor && found.floor_ms > 2 * row.floor) console.log(`  the floor itself is more than twice its figure of ${row.floor} ms`);
  result.memory_under_load_mb = Math.max(result.memory_under_load_mb ?? 0, found.memory_mb);
}
if (!postgres && wants('durable')) {
  result.durable = await durable(data);
  const { per_second: rate, raw, ratio, p99_ms: p99 } = result.durable;
  console.log(`durable writes, 64 clients: ${rate.toFixed(0)}/s, raw group commit ${raw.toFixed(0)}/s, ratio ${ratio.toFixed(2)} (budget 0.7), p99 ${p99} ms (budget 50)`);
}
if (wants('start')) {
  Object.assign(result, await startAndMemory(data));
  console.log(`start to first answer: ${result.start_ms.toFixed(0)} ms (budget 50); memory idle ${result.idle_mb.toFixed(1)} MB (budget 12), under load ${(result.memory_under_load_mb ?? 0).toFixed(1)} MB (budget 64)`);
}
writeFileSync(join(home, `result-${engine}.json`), `${JSON.stringify(result, null, 2)}\n`);
if (process.argv.includes('--record')) {
  writeFileSync(numbersFile, `${JSON.stringify({ ...allRecorded, [engine]: { ...recorded, ...result } }, null, 2)}\n`);
}
worse.forEach((text) => console.log(`WORSE ${text}`));
process.exit(worse.length ? 1 : 0);
