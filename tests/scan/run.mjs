// SPDX-License-Identifier: Apache-2.0
// sqlmap and wapiti against a demo company, without and with the administrator's key, over the page of site.mjs: every route gets
// requests, the route that is vulnerable on purpose is found, nothing else is, and the product answers nothing with 500. Everything is on
// loopback. SCAN_TOOLS (sqlmap,wapiti), SCAN_SECONDS (900) a run. Writes build/scan/report.txt; ends in "N passed, N failed".
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Server } from '../lib/server.mjs';
import { openSite, routesOf } from './site.mjs';

const out = resolve(import.meta.dirname, '../../build/scan');
const SECONDS = Number(process.env.SCAN_SECONDS ?? 900);
const tools = (process.env.SCAN_TOOLS ?? 'sqlmap,wapiti').split(',');
const report = [];
const count = { passed: 0, failed: 0 };
const tell = (line) => { report.push(line); console.log(line); };
const check = (good, what) => { count[good ? 'passed' : 'failed']++; tell(`${good ? 'ok  ' : 'FAIL'} ${what}`); };

const run = (program, args, log) => new Promise((done) => {
  const child = spawn('timeout', [String(SECONDS), program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const parts = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => parts.push(part));
  child.on('close', (code) => {
    writeFileSync(log, Buffer.concat(parts));
    done(code);
  });
});

// Each gives the paths that it calls vulnerable.
const TOOLS = {
  async sqlmap(url, dir) {
    const code = await run('sqlmap', ['-u', `${url}/`, '--forms', '--crawl=1', '--batch', '--smart', '--level=1', '--risk=1', '--technique=BEU', '--threads=2',
      '--timeout=10', '--retries=0', '--ignore-code=400,401,403,404,405,409,410,412,413,422,429', '--disable-coloring', '--flush-session', `--output-dir=${dir}`, `--results-file=${join(dir, 'results.csv')}`], join(dir, 'log.txt'));
    const rows = existsSync(join(dir, 'results.csv')) ? readFileSync(join(dir, 'results.csv'), 'utf8').trim().split('\n').slice(1) : [];
    const path = (row) => new URL(row.split(',')[0]).pathname;
    const dropped = (row) => row.includes('false positive or unexploitable'); // its own second look
    return { code, found: rows.filter((row) => row.trim() && !dropped(row)).map(path), doubted: rows.filter(dropped).map(path) };
  },
  async wapiti(url, dir) {
    const file = join(dir, 'report.json');
    const modules = ['sql', 'xss', 'exec', 'file'];
    const code = await run('wapiti', ['-u', `${url}/`, '--scope', 'folder', '-m', modules.join(','), '-f', 'json', '-o', file, '--flush-session', '--flush-attacks', '--store-session', dir,
      '--max-attack-time', String(Math.floor(SECONDS / (modules.length + 1))), '--max-links-per-page', '1000', '-d', '1', '-t', '10', '--no-bugreport', '-v', '1'], join(dir, 'log.txt'));
    const all = existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8')).vulnerabilities) : [];
    return { code, found: all.flatMap(([kind, list]) => list.map((v) => ({ kind, path: v.path }))).map((v) => (OF_THE_SITE.includes(v.kind) ? null : v.path)).filter(Boolean) };
  },
};
// Remarks on headers and cookies of the site's own page, which is not the product's.
const OF_THE_SITE = ['Content Security Policy Configuration', 'HTTP Secure Headers', 'Secure Flag cookie', 'HttpOnly Flag cookie'];

async function scan(tool, server, key, openapi, known) {
  const as = key ? 'signed in' : 'nobody';
  const routes = routesOf(openapi, known);
  const site = await openSite(server.port, key, routes);
  const url = `http://127.0.0.1:${site.address().port}`;
  const dir = join(out, `${tool}-${key ? 'key' : 'nobody'}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const began = performance.now();
  const { code, found, doubted = [] } = await TOOLS[tool](url, dir);
  site.closeAllConnections();
  site.close();
  const seconds = Math.round((performance.now() - began) / 1000);
  tell(`     ${tool}, ${as}: found ${JSON.stringify(found)}`);
  const counts = routes.map((r) => r.requests);
  const name = (path) => path.replace(/^\/r\/(\d+)$/, (_, i) => `${routes[i].method} ${routes[i].path}`);
  check(code === 0, `${tool}, ${as}: ended by itself (${code}) after ${seconds} s`);
  check(Math.min(...counts) > 0, `${tool}, ${as}: ${routes.length} routes, ${counts.reduce((a, b) => a + b, 0)} requests, at least ${Math.min(...counts)} a route`);
  check(found.includes('/vulnerable'), `${tool}, ${as}: finds the route that is vulnerable on purpose`);
  const others = [...new Set(found.filter((path) => path !== '/vulnerable'))].map(name);
  check(others.length === 0, `${tool}, ${as}: finds nothing else ${others.join('; ')}`);
  if (doubted.length > 0) tell(`     ${tool}, ${as}: suspected, then called a false positive by itself: ${[...new Set(doubted)].map(name).join('; ')}`);
  const broken = routes.filter((r) => r.failed > 0).map((r) => `${r.method} ${r.path} (${r.failed})`);
  check(broken.length === 0, `${tool}, ${as}: no answer is 500 ${broken.join('; ')}`);
  for (const r of routes) report.push(`     ${String(r.requests).padStart(6)} ${r.method} ${r.path}`);
}

// Ids that exist, so that forms reach records.
async function samples(server) {
  const first = async (plural) => (await server.request('GET', `/api/v1/${plural}?limit=1&fields=id`)).body.items[0]?.id ?? '1';
  return { id: await first('accounts'), plural: 'accounts', object: 'account', field: 'name', relation: 'contacts', role: 'seller', list: 'industry', verb: 'assign' };
}

mkdirSync(out, { recursive: true });
const server = await Server.create({ prepare: (s) => s.command('demo', '--accounts', '50', '--seed', '1') });
const openapi = (await server.request('GET', '/api/v1/openapi.json')).body;
const known = await samples(server);
for (const tool of tools) for (const key of ['', server.key]) await scan(tool, server, key, openapi, known);
const ended = await server.stop();
check(ended === 0, `the server lived through it and ended orderly (${ended})`);
await server.remove();
tell(`${count.passed} passed, ${count.failed} failed`);
writeFileSync(join(out, 'report.txt'), `${report.join('\n')}\n`);
process.exit(count.failed ? 1 : 0);
