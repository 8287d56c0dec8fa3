// SPDX-License-Identifier: Apache-2.0
// What lists, counts and searches cost with rights on, and how long a re-organisation of 500 people takes: an administrator, a director with 125 people below, a manager of ten, a
// seller, and a seller whom nothing is shared with everybody to, over many accounts. CPU is user + system of the
// server's processes (and of PostgreSQL's backends) per request, median of RUNS; budgets are those of the issue of rights.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join, resolve } from 'node:path';
import { Server } from '../lib/server.mjs';

const home = join(resolve(import.meta.dirname, '../..'), 'build/bench');
const program = process.env.GUANXI_PROGRAM ?? join(home, '../guanxi');
const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 1000000);
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 2000);
const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const postgres = process.argv.includes('--postgres');
const ONLY = process.env.BENCH_ONLY ?? ''; // part of "kind what": other rows are not measured, nobody is moved
const USERS = 500;
const SAMPLE = 200; // records asked for before and after a re-organisation
const PLACES = ['上海', '北京', '广州', '成都', '南京', '杭州', '武汉', '西安', '青岛', '苏州', '厦门', '长沙', '宁波', '无锡', '合肥', '济南', '郑州', '昆明', '大连', '天津'];
const TRADES = ['机械', '电子', '医药', '物流', '食品', '纺织', '化工', '建材', '能源', '仪器', '软件', '印刷', '包装', '家具', '农业', '教育', '旅游', '环保', '汽车', '航空', '钢铁', '贸易', '咨询', '广告', '传媒', '医疗', '电气', '光学', '材料', '精工'];
const TEAMS = 60;
const FIRST = 2n ** 40n; // ids of what SQL makes: behind built-in rows, before the program's own

const dir = join(home, `rights-${postgres ? 'pg-' : ''}${CUSTOMERS}`);
const database = `bench_rights_${CUSTOMERS}`;
const psql = (sql, url = process.env.GUANXI_TEST_POSTGRES) => execFileSync('psql', [url, '-qAtc', sql], { encoding: 'utf8', env: { ...process.env, PGOPTIONS: '-c search_path=guanxi,public' } }).trim();
const url = postgres ? Object.assign(new URL(process.env.GUANXI_TEST_POSTGRES), { pathname: `/${database}` }).href : undefined;
const sql = (text) => (postgres ? psql(text, url) : execFileSync('sqlite3', [join(dir, 'guanxi.db')], { input: `PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;\n${text}`, encoding: 'utf8' }));

async function open() {
  const server = new Server();
  Object.assign(server, { program, dir, env: { ...process.env, ...(url ? { GUANXI_DATABASE: url } : {}) }, agent: new http.Agent() });
  server.key = readFileSync(join(dir, 'api-key'), 'utf8').trim();
  await server.start();
  return server;
}

async function call(server, method, path, body) {
  const answer = await server.request(method, `/api/v1${path}`, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
}

async function many(server, plural, bodies) {
  const made = [];
  for (let i = 0; i < bodies.length; i += 50) {
    const requests = bodies.slice(i, i + 50).map((body) => ({ method: 'POST', path: `/${plural}`, body }));
    const answers = await call(server, 'POST', '/batch', { requests });
    made.push(...(answers.responses ?? answers.items ?? answers).map((a) => a.body.id));
  }
  return made;
}

// A director's department with twelve below it, ten people each (and four beside the director), among fifty departments.
async function people(server) {
  const [top] = await many(server, 'departments', [{ name: 'Director' }]);
  const below = await many(server, 'departments', Array.from({ length: 12 }, (_, i) => ({ name: `Below ${i}`, parent: top })));
  const others = await many(server, 'departments', Array.from({ length: 37 }, (_, i) => ({ name: `Other ${i}` })));
  const place = (i) => (i < 120 ? below[Math.floor(i / 10)] : i < 125 ? top : others[i % 37]);
  const role = (i) => (i === 120 || i % 10 === 9 ? 'sales_manager' : i === 200 ? 'presales' : 'seller');
  const users = await many(server, 'users', Array.from({ length: USERS }, (_, i) => ({
    name: `User ${i}`, login: `u${i}`, status: 'active', department: place(i), roles: [{ match: { code: role(i) } }],
  })));
  const teams = await many(server, 'teams', Array.from({ length: TEAMS }, (_, i) => ({ name: `Team ${i}` })));
  await many(server, 'team_members', users.map((user, i) => ({ team: teams[i % TEAMS], user })));
  const form = await call(server, 'GET', '/meta/access/presales');
  await call(server, 'PUT', '/meta/access/presales', { objects: { ...form.objects, account: { ...form.objects.account, read: 'own' } } });
  const roles = (await call(server, 'GET', '/roles?fields=code&limit=200')).items;
  writeFileSync(join(dir, 'users'), JSON.stringify(users.map((id, i) => ({ id, department: place(i) }))));
  return { users, teams, seller: roles.find((r) => r.code === 'seller').id, department: place };
}

// n rows with a column i, in both dialects.
const series = (n) => (postgres ? `generate_series(CAST(1 AS bigint), ${n}) AS n(i)` : `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n}) SELECT i FROM n) AS n`);
const pick = (ids, by) => `(SELECT id FROM bench_pick WHERE kind = '${ids}' AND at = ${by})`;

function fill({ users, teams, seller, department }) {
  const object = JSON.parse(readFileSync(join(dir, 'number'), 'utf8'));
  const q = (name) => `"${name}"`;
  const rows = [...users.map((id, i) => `('user', ${i}, ${id}, ${department(i)})`), ...teams.map((id, i) => `('team', ${i}, ${id}, 0)`)];
  sql(`CREATE TABLE bench_pick (kind text, at bigint, id bigint, department bigint);
    CREATE INDEX bench_pick_at ON bench_pick (kind, at); INSERT INTO bench_pick VALUES ${rows.join(',')};`);
  const last = sql('SELECT max(id) FROM gx_change').trim().split('\n').pop();
  const scatter = `((n.i * 7919) % ${USERS})`;
  const word = (list, by) => `CASE ${by} ${list.map((w, i) => `WHEN ${i} THEN '${w}'`).join(' ')} END`;
  const mixed = '(n.i * CAST(2654435761 AS bigint) / 65536)';
  const name = `${word(PLACES, `${mixed} % ${PLACES.length}`)} || ${word(TRADES, `${mixed} / ${PLACES.length} % ${TRADES.length}`)} || ' ' || n.i`;
  sql(`INSERT INTO accounts (id, version, created_at, updated_at, owner, department, ${q(object.name)}, ${q(object.key)}, ${q(object.fold)}, changed)
    SELECT ${FIRST} + n.i, 1, 1700000000000 + n.i, 1700000000000 + (n.i * 7919) % 1000003, u.id, u.department, ${name},
      ${postgres ? `convert_to('k' || n.i, 'UTF8')` : `CAST('k' || n.i AS BLOB)`}, ${name}, ${last}
    FROM ${series(CUSTOMERS)} JOIN bench_pick u ON u.kind = 'user' AND u.at = ${scatter};`);
  const share = (offset, count, every, kind, principal) => sql(`INSERT INTO gx_share (id, object, record, kind, principal, level, source, rule, until, by_user, at, touched)
    SELECT ${FIRST + BigInt(offset)} + n.i, ${object.number}, ${FIRST} + 1 + (n.i * ${every}) % ${CUSTOMERS}, ${kind}, ${principal}, 1, 1, 0, 9223372036854775807, 1, 1, a.updated_at
    FROM ${series(count)} JOIN accounts a ON a.id = ${FIRST} + 1 + (n.i * ${every}) % ${CUSTOMERS};`);
  share(1e9, Math.floor(CUSTOMERS / 20), 20, 1, pick('user', `(n.i * 31) % ${USERS}`));
  share(2e9, Math.floor(CUSTOMERS * 0.3), 3, 2, pick('team', `(n.i * 17) % ${TEAMS}`));
  share(3e9, Math.floor(CUSTOMERS / 10), 10, 4, seller);
  sql('DROP TABLE bench_pick;');
  sql(postgres ? 'VACUUM ANALYZE;' : `ANALYZE;`);
}

// The physical columns of a name, by asking the tables: a record with a name of its own.
async function columns(server) {
  const probe = await call(server, 'POST', '/accounts', { name: 'benchprobe' });
  await call(server, 'POST', `/accounts/${probe.id}/share`, { with: [{ everyone: true }] });
  const number = Number(sql(`SELECT object FROM gx_share WHERE record = ${probe.id};`).trim().split('\n').pop());
  const all = sql(postgres ? "SELECT column_name FROM information_schema.columns WHERE table_name = 'accounts' AND column_name LIKE 'c\\_%\\_f';" : "SELECT name FROM pragma_table_info('accounts') WHERE name LIKE 'c\\_%\\_f' ESCAPE '\\';").trim().split('\n');
  const fold = all.find((column) => sql(`SELECT count(*) FROM accounts WHERE id = ${probe.id} AND "${column}" = 'benchprobe';`).trim().split('\n').pop() === '1');
  await call(server, 'POST', `/accounts/${probe.id}/unshare`, { with: [{ everyone: true }] });
  await call(server, 'DELETE', `/accounts/${probe.id}`);
  writeFileSync(join(dir, 'number'), JSON.stringify({ number, fold, key: fold.replace(/_f$/, '_k'), name: fold.replace(/_f$/, '') }));
}

async function make() {
  const there = !postgres || psql(`select count(*) from pg_database where datname = '${database}'`) === '1';
  if (there && existsSync(join(dir, 'ready'))) return;
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  if (postgres && !there) psql(`create database ${database}`);
  const env = { ...process.env, ...(url ? { GUANXI_DATABASE: url } : {}) };
  const guanxi = (...args) => execFileSync(program, args, { encoding: 'utf8', env });
  writeFileSync(join(dir, 'password'), 'guanxi-bench-Passw0rd', { mode: 0o600 });
  guanxi('init', '--data', dir, '--admin-password-file', join(dir, 'password'));
  writeFileSync(join(dir, 'api-key'), guanxi('user', 'api-key', '--data', dir, 'admin').trim().split(/\s+/).pop());
  const server = await open();
  const who = await people(server);
  const keys = {};
  for (const [kind, login] of Object.entries({ administrator: 'admin', director: 'u120', manager: 'u9', seller: 'u0', 'seller, little shared': 'u200' })) {
    keys[kind] = server.command('user', 'api-key', login).trim().split(/\s+/).pop();
  }
  await columns(server);
  await server.stop();
  fill(who);
  guanxi('doctor', '--repair', '--data', dir); // asks for the search index, which the next server builds
  await built();
  writeFileSync(join(dir, 'ready'), JSON.stringify(keys));
}

// Keys of duplicates are no job, but are made beside what is measured all the same.
const keysMade = () => /^(0|f)$/.test(sql('SELECT count(*) = 0 OR min(filled) < 9223372036854775807 FROM gx_match_state;').trim().split('\n').pop());

async function built() {
  const server = await open();
  for (let busy = true; busy;) {
    await new Promise((go) => setTimeout(go, 1000));
    const jobs = await call(server, 'GET', '/jobs?limit=100');
    const of = jobs.items.filter((job) => ['search.build', 'meta.index', 'rollups'].includes(job.kind));
    busy = of.length === 0 || of.some((job) => ['queued', 'running'].includes(job.status)) || !keysMade();
  }
  await server.stop();
}

function cpuUs(server) {
  const backends = postgres ? psql("select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()").split('\n') : [];
  let ns = 0;
  for (const pid of [...server.pids(), ...backends]) {
    try {
      for (const task of readdirSync(`/proc/${pid}/task`)) ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    } catch { /* it ended */ }
  }
  return ns / 1000;
}

function load(server, key, requests, file) {
  const before = cpuUs(server);
  execFileSync(join(home, 'load'), [String(server.port), '1', String(requests), file, `Authorization: Bearer ${key}`, 'Accept: application/json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return (cpuUs(server) - before) / requests / 1000;
}

// [what, path, budget of the broad, of any, on PostgreSQL, share of the requests]
const ROWS = [
  ['list, newest first', ['/accounts?limit=50&count=none&fields=name,level,owner,department,updated_at'], 0.25, 0.4, 1, 1],
  ['list, by time of change', ['/accounts?limit=50&count=none&sort=-updated_at&fields=name,level,owner,department,updated_at'], 0.25, 0.4, 1, 0.5],
  ['capped count', ['/accounts?limit=1&count=capped&fields=name'], 10, 10, 10, 0.1],
  ['search, two words', [0, 1, 2, 3, 4].map((i) => `/search?limit=10&q=${encodeURIComponent(`${PLACES[i * 4]} ${TRADES[i * 6]}`)}`), 0.25, 0.25, 1, 0.2],
];

// Everybody to the director's department and back: effective when the last batch is answered. At once the director reads
// every sampled record, afterwards those that he read before; no record's row was written.
async function reorganise(server, director) {
  const users = JSON.parse(readFileSync(join(dir, 'users'), 'utf8'));
  const as = { Authorization: `Bearer ${director}` };
  const reads = async () => {
    let n = '';
    for (let i = 0; i < SAMPLE; i++) {
      const id = FIRST + 1n + BigInt(Math.floor((i * CUSTOMERS) / SAMPLE));
      n += (await server.request('GET', `/api/v1/accounts/${id}?fields=id`, undefined, as)).status === 200 ? '+' : '-';
    }
    return n;
  };
  const move = async (place) => {
    const began = performance.now();
    for (let i = 0; i < users.length; i += 100) {
      const requests = users.slice(i, i + 100).map((u) => ({ method: 'PATCH', path: `/users/${u.id}`, body: { department: place(u) } }));
      const answer = await call(server, 'POST', '/batch', { atomic: true, requests });
      if ((answer.responses ?? answer.items ?? answer).some((a) => a.status >= 300)) throw new Error(JSON.stringify(answer));
    }
    return performance.now() - began;
  };
  const before = await reads();
  const there = await move(() => users[0].department);
  const seen = await reads();
  const back = await move((u) => u.department);
  const after = await reads();
  const written = Number(sql('SELECT count(*) FROM accounts WHERE version > 1;').trim().split('\n').pop());
  const n = (told) => told.replaceAll('-', '').length;
  const wrong = n(seen) !== SAMPLE || after !== before || n(before) === SAMPLE || written !== 0;
  const slow = Math.max(there, back) > 1000;
  console.log(`${wrong ? 'FAIL' : slow ? 'over' : 'ok  '} ${USERS} people to other departments: ${Math.round(there)} ms, back ${Math.round(back)} ms (1000); `
    + `of ${SAMPLE} records the director reads ${n(before)}, ${n(seen)}, ${n(after)}; ${written} rows of records written`);
  return wrong || slow ? 1 : 0;
}

await make();
const keys = JSON.parse(readFileSync(join(dir, 'ready'), 'utf8'));
const server = await open();
let over = 0;
for (const [kind, key] of Object.entries(keys)) {
  for (const [what, paths, broad, any, pg, part] of ROWS) {
    if (!`${kind} ${what}`.includes(ONLY)) continue;
    const file = join(home, 'rights.txt');
    const lines = [];
    for (const path of paths) {
      const first = await server.request('GET', `/api/v1${path}`, undefined, { Authorization: `Bearer ${key}` });
      if (first.status !== 200) throw new Error(`${kind} ${what}: ${first.text}`);
      lines.push(`GET\t/api/v1${path}\t\n`);
      if (first.body.next) lines.push(`GET\t/api/v1${path}&after=${encodeURIComponent(first.body.next)}\t\n`);
    }
    writeFileSync(file, lines.join(''));
    const n = Math.max(20, Math.floor(REQUESTS * part));
    load(server, key, Math.ceil(n / 10), file);
    const ms = Array.from({ length: RUNS }, () => load(server, key, n, file)).sort((a, b) => a - b)[RUNS >> 1];
    const narrow = kind !== 'administrator' && kind !== 'director';
    const budget = postgres ? pg : narrow ? any : broad;
    over += ms > budget;
    console.log(`${ms > budget ? 'over' : 'ok  '} ${kind.padEnd(22)} ${what.padEnd(24)} ${ms.toFixed(3)} ms CPU (${budget})`);
  }
}
if (!ONLY) over += await reorganise(server, keys.director);
await server.stop();
console.log(`${over} over budget; ${CUSTOMERS} accounts, ${postgres ? 'PostgreSQL' : 'SQLite'}`);
