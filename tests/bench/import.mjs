// SPDX-License-Identifier: Apache-2.0
// Rate and memory of an import, as DESIGN 13 asks: validation, look for duplicates, search tokens, history.
//   IMPORT_ROWS=100000 node tests/bench/import.mjs            SQLite
//   PG_FSYNC=off scripts/pg-private run env GUANXI_TEST_ENGINE=postgres node tests/bench/import.mjs
// Writes accounts with eight columns as CSV (and as JSON lines with IMPORT_FORMAT=jsonl), imports them into an empty
// organisation and prints rows a second by wall clock and by CPU of the server, and its highest RssAnon. Then the list goes
// out again as CSV, with these columns and with all.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { Server, sleep } from '../lib/server.mjs';
import { upload } from '../api/lib.mjs';

const ROWS = Number(process.env.IMPORT_ROWS ?? 100000);
const FORMAT = process.env.IMPORT_FORMAT ?? 'csv';
const HEAD = ['external_id', 'name', 'phone', 'industry', 'employee_count', 'annual_revenue', 'created_at', 'description'];
const INDUSTRIES = ['it', 'finance', 'trade', 'manufacturing', 'education'];
const CITIES = ['杭州', '上海', '北京', '深圳', '成都', '武汉', '西安', '南京'];
const TRADES = ['科技', '贸易', '机械', '食品', '咨询', '物流', '电子'];

const row = (i) => [`B${i}`, `${CITIES[i % 8]}${TRADES[i % 7]}${i}有限公司`, `0571-${String(10000000 + i).slice(0, 8)}`, INDUSTRIES[i % 5], i % 5000, `${(i % 90000) + 1000}.50`, `20${10 + (i % 15)}-0${1 + (i % 9)}-1${i % 10}`, `第 ${i} 家，来自导入测速`];
const text = () => {
  const lines = FORMAT === 'jsonl' ? [] : [HEAD.join(',')];
  for (let i = 0; i < ROWS; i++) lines.push(FORMAT === 'jsonl' ? JSON.stringify(Object.fromEntries(row(i).map((v, k) => [HEAD[k], String(v)]))) : row(i).join(','));
  return lines.join('\n');
};

const stat = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');

function usage(pids) {
  let ticks = 0, anon = 0;
  for (const pid of pids) {
    try {
      const s = stat(pid);
      ticks += Number(s[11]) + Number(s[12]);
      anon = Math.max(anon, Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]));
    } catch { /* it has ended */ }
  }
  return { cpu: ticks / 100, anon: anon / 1024 };
}

// All of that PostgreSQL: backends, checkpointer, log writer, autovacuum; those that have ended by their parent.
function postgresCpu() {
  const url = process.env.GUANXI_TEST_ENGINE === 'postgres' && process.env.GUANXI_TEST_POSTGRES;
  if (!url) return 0;
  const dir = execFileSync('psql', [url, '-Atc', 'show data_directory'], { encoding: 'utf8' }).trim();
  const parent = readFileSync(`${dir}/postmaster.pid`, 'utf8').split('\n')[0];
  let ticks = Number(stat(parent)[13]) + Number(stat(parent)[14]);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const s = stat(pid);
      if (s[1] === parent) ticks += Number(s[11]) + Number(s[12]);
    } catch { /* it has ended */ }
  }
  return ticks / 100;
}

const server = await Server.create({});

/** Waits for the job; what it took, of the server and of PostgreSQL. */
async function measure(start) {
  await sleep(500); // what is still under way belongs to what came before
  const before = usage(server.pids()), postgresBefore = postgresCpu(), from = performance.now();
  const answer = await start();
  if (answer.status !== 202) throw new Error(answer.text ?? JSON.stringify(answer.body));
  let job, most = before.anon;
  do {
    await sleep(100);
    job = (await server.request('GET', answer.headers.location)).body;
    most = Math.max(most, usage(server.pids()).anon);
  } while (['queued', 'running'].includes(job.status));
  return { job, wall: (performance.now() - from) / 1000, cpu: usage(server.pids()).cpu - before.cpu, backends: postgresCpu() - postgresBefore, most };
}

function tell(what, { wall, cpu, backends, most }) {
  const rate = (s) => Math.round(ROWS / s);
  console.log(`${process.env.GUANXI_TEST_ENGINE ?? 'sqlite'} ${what}: ${ROWS} rows in ${wall.toFixed(1)} s, ${rate(wall)} rows/s; server CPU ${cpu.toFixed(2)} s, ${rate(cpu)} rows per CPU second;${backends ? ` PostgreSQL CPU ${backends.toFixed(2)} s, ${rate(backends)} rows per CPU second;` : ''} RssAnon at most ${most.toFixed(0)} MB; load ${loadavg()[0].toFixed(1)}`);
}

try {
  const file = text();
  const came = await measure(() => upload(server, server.key, '/accounts/import', file, `bench.${FORMAT}`, { mode: 'upsert', key: ['external_id'] }));
  if (came.job.result?.created !== ROWS) throw new Error(JSON.stringify({ ...came.job, result: { ...came.job.result, errors: came.job.result?.errors?.slice(0, 3) } }));
  tell(FORMAT, came);
  for (const columns of [HEAD, undefined]) {
    const went = await measure(() => server.request('POST', '/api/v1/accounts/export', { filter: 'external_id is not null', format: 'csv', ...(columns && { fields: columns.join(',') }) }));
    if (went.job.result?.rows !== ROWS) throw new Error(JSON.stringify(went.job));
    tell(`export of ${columns ? `${columns.length} columns` : 'all columns'}`, went);
  }
} finally {
  await server.stop();
}
