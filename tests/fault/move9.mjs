// SPDX-License-Identifier: Apache-2.0
// kill -9 in the middle of a move between engines, there and back: the new place is empty or whole, the next attempt
// ends well and keeps what was whole, nothing of the organisation differs afterwards. KILLS (2) each way. A removed
// object goes with it and comes back with its yes/no values. Needs GUANXI_TEST_POSTGRES.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE_MS, begin, checks, jobEnd, killLeft } from '../lib/killed.mjs';
import { Server, sleep } from '../lib/server.mjs';

const KILLS = Number(process.env.KILLS ?? 2);
const KINDS = ['accounts', 'contacts', 'orders', 'order_lines', 'followups'];
const folder = mkdtempSync(join(tmpdir(), 'guanxi-move9-'));
const { check, end } = checks();
let kept = 0, cut = 0;

const admin = new URL(process.env.GUANXI_TEST_POSTGRES);
const name = `guanxi_move9_${process.pid}`;
const psql = (url, sql) => execFileSync('psql', [url, '-Atqc', sql], { encoding: 'utf8' }).trim();
psql(admin.href, `create database ${name}`);
const there = new URL(admin);
there.pathname = `/${name}`;
delete process.env.GUANXI_TEST_ENGINE; // begins on SQLite
const server = await Server.create({});
const schemaThere = (schema) => psql(there.href, `select count(*) from pg_tables where schemaname = '${schema}' and tablename = 'gx_migration'`) !== '0';
const file = join(server.dir, 'guanxi.db');
const onPostgres = ['--database', there.href];

const run = (verb, ...args) => begin(server.program, [verb, '--data', server.dir, ...args], server.env);

async function contents(place, what) {
  const lines = [];
  for (const kind of KINDS) {
    const out = join(folder, `${what}-${kind}.jsonl`);
    const { code, text } = await run('export', ...place, kind, out, '--sort', 'id').ended;
    check(code === 0, `export of ${kind} ${what}: ${text}`);
    lines.push(...readFileSync(out, 'utf8').trim().split('\n').map((line) => `${kind} ${line}`));
  }
  return lines;
}

function same(got, want, where) {
  const at = want.findIndex((line, i) => line !== got[i]);
  check(at < 0 && got.length === want.length, `what is ${where} differs: ${got.length} lines, not ${want.length}\n${want[at]}\n${got[at]}`);
}

/** Moves; killed KILLS times at moments between its beginning and the time a whole move took. */
async function moveKilled(from, to, { begun, whole, place, took }) {
  for (let i = 0; i < KILLS; i++) {
    const move = run('migrate', ...from, '--to', to);
    let over = false;
    move.ended.then(() => { over = true; });
    while (!over && !begun()) await sleep(5);
    await sleep((Math.random() * 0.5 + i / KILLS * 0.5) * took);
    move.kill();
    const { code } = await move.ended;
    if (code === 0) break; // it was quicker
    cut++;
    if (whole()) { // killed after the last step
      check((await run('doctor', ...place).ended).code === 0, 'a place that was taken is not whole');
      return;
    }
  }
  if (whole()) return;
  const { code, text } = await run('migrate', ...from, '--to', to).ended;
  check(code === 0, `the move after one that was killed: ${text}`);
  kept += Number(/\((\d+) tables were there/.exec(text)?.[1] ?? 0);
}

async function must(method, path, body) {
  const answer = await server.request(method, `/api/v1${path}`, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
}

// What the demo leaves to do (figures of others, search words) is done: it would change what is compared.
async function quiet() {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(100)) {
    const { items } = await must('GET', '/jobs?limit=100&all=true');
    if (!items.some((job) => ['queued', 'running'].includes(job.status))) return;
  }
  throw new Error('jobs do not end');
}

async function removedObject() {
  await must('POST', '/meta/objects', { object: 'move9', plural: 'move9s', fields: [{ name: 'name', type: 'text' }, { name: 'sure', type: 'boolean' }] });
  const { id } = await must('POST', '/move9s', { name: 'yes', sure: true });
  await must('DELETE', '/meta/objects/move9');
  return id;
}

async function objectComesBack(id) {
  await server.start({ GUANXI_DATABASE: there.href });
  await must('POST', '/meta/objects/move9/restore', {});
  const record = await must('GET', `/move9s/${id}`);
  check(record.sure === true, `a value of the removed object: ${JSON.stringify(record)}`);
  const written = await server.request('PATCH', `/api/v1/move9s/${id}`, { sure: false });
  check(written.body?.sure === false, `it can be written: ${written.text}`);
  await server.stop();
}

try {
  const { headers } = await server.request('POST', '/api/v1/demo', { accounts: 60, seed: 1 });
  const demo = await jobEnd(server, headers.location);
  if (demo.status !== 'done') throw new Error(JSON.stringify(demo));
  await quiet();
  const id = await removedObject();
  await server.stop();
  const before = await contents([], 'before');

  const began = Date.now(); // once whole, elsewhere: how long it takes
  const trial = await run('migrate', '--schema', 'trial', '--to', there.href).ended;
  check(trial.code === 0, `a move that nobody kills: ${trial.text}`);
  const took = Date.now() - began;
  psql(there.href, 'set client_min_messages = warning; drop schema trial cascade');

  await moveKilled([], there.href, {
    took, place: onPostgres, begun: () => schemaThere('guanxi_moving'), whole: () => schemaThere('guanxi') });
  check((await run('doctor', ...onPostgres).ended).code === 0, 'doctor finds problems on PostgreSQL');
  same(await contents(onPostgres, 'there'), before, 'on PostgreSQL');
  const types = psql(there.href, "select distinct data_type from information_schema.columns where table_schema = 'guanxi' and table_name = 'move9s' and column_name like 'c\\_%' order by 1");
  check(types.includes('boolean'), `columns of the removed object: ${types}`);
  await objectComesBack(id);
  const after = await contents(onPostgres, 'later');

  renameSync(file, `${file}.before`);
  await moveKilled(onPostgres, 'sqlite', {
    took, place: [], begun: () => existsSync(join(server.dir, 'moving/guanxi.db')), whole: () => existsSync(file) });
  check((await run('doctor').ended).code === 0, 'doctor finds problems on SQLite');
  same(await contents([], 'back'), after, 'on SQLite');
  check(cut > 0, 'no move was cut off');
} finally {
  killLeft();
  await server.remove();
  psql(admin.href, `drop database ${name} with (force)`);
  rmSync(folder, { recursive: true, force: true });
}
end(`${cut} moves cut off, ${kept} tables kept from them`);
