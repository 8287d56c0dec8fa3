// SPDX-License-Identifier: Apache-2.0
// The budgets of the working day in Debian's Chromium, printed and never asserted (docs/benchmarks.md): cold first load, what
// passes between a click and painted content, frames while a card is dragged, memory over many routes, Lighthouse.
//
//   BUDGET_ACCOUNTS=20000 node tests/e2e/budgets.mjs [load|routes|board|memory|lighthouse...]
//
// Painted content: the condition of the step holds (address, records of the asked object, no placeholder) and two frames have been
// drawn; the time begins with the browser's own time stamp of the input. Beside it Event Timing's duration of the
// same input: from the input to the next paint, which may be a placeholder.
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { chromium } from 'playwright-core';
import { freePort, PASSWORD, Server } from '../lib/server.mjs';
import { countLoad, newPage, rowsOf } from './browser.mjs';

const ACCOUNTS = Number(process.env.BUDGET_ACCOUNTS ?? 20000);
const root = resolve(import.meta.dirname, '../..');
const dir = join(root, `build/bench/browser-${ACCOUNTS}`);
const wanted = process.argv.slice(2);
const wants = (part) => !wanted.length || wanted.includes(part);
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'];

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * q) - 1)];
const figures = (values) => `median ${quantile(values, 0.5).toFixed(0)}, p95 ${quantile(values, 0.95).toFixed(0)}, most ${Math.max(...values).toFixed(0)} ms (n ${values.length})`;
const tell = (what, text) => console.log(`${what.padEnd(34)} ${text}`);

async function prepare() {
  const server = new Server();
  Object.assign(server, { program: join(root, 'build/guanxi'), dir, env: { ...process.env }, agent: new http.Agent({ keepAlive: true }) });
  if (!existsSync(join(dir, 'ready'))) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'password'), PASSWORD, { mode: 0o600 });
    const guanxi = (...args) => execFileSync(server.program, args, { stdio: 'inherit', env: server.env });
    guanxi('init', '--data', dir, '--admin-password-file', join(dir, 'password'));
    guanxi('demo', '--data', dir, '--accounts', String(ACCOUNTS), '--seed', '1');
    writeFileSync(join(dir, 'ready'), '');
  }
  server.key = execFileSync(server.program, ['user', 'api-key', '--data', dir, 'admin'], { encoding: 'utf8' }).trim().split(/\s+/).pop();
  await server.start();
  await idle(server);
  return server;
}

/** Search indexes and keys are made behind a demo: measured is what stands still. */
async function idle(server) {
  for (let quiet = 0; quiet < 5;) {
    await new Promise((go) => setTimeout(go, 1000));
    const { body } = await server.request('GET', '/api/v1/jobs?limit=100');
    quiet = body.items.some((job) => ['queued', 'running'].includes(job.status)) ? 0 : quiet + 1;
  }
}

/** Times of inputs are taken in the page itself. */
const watchInputs = () => {
  window.budget = { events: [], at: 0 };
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (e.interactionId) window.budget.events.push({ id: e.interactionId, ms: e.duration });
  }).observe({ type: 'event', buffered: true, durationThreshold: 16 });
  for (const type of ['pointerup', 'keydown']) addEventListener(type, (e) => { window.budget.at ||= e.timeStamp; }, true);
  window.budget.until = (holds) => new Promise((done, fail) => {
    const stop = performance.now() + 20000;
    const look = () => {
      if (performance.now() > stop) return fail(new Error('never painted'));
      if (!window.budget.at || !holds()) return requestAnimationFrame(look);
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - window.budget.at)));
    };
    look();
  });
};

async function step(page, act, holds, arg) {
  await page.evaluate(() => { window.budget.at = 0; });
  const painted = page.evaluate(`(() => { const arg = ${JSON.stringify(arg)}; return window.budget.until(() => (${holds})(arg)); })()`);
  await act();
  return painted;
}

const listShown = (path) => location.pathname === path && !document.querySelector('.skel, .ant-skeleton')
  && !!document.querySelector(`[role=grid] [role=row][aria-rowindex] a[href^="${path}/"]`);
const recordShown = (path) => location.pathname === path && !!document.querySelector('.rechead h2')?.textContent && !document.querySelector('.ant-skeleton');

async function eventTimes(page) {
  await page.waitForTimeout(300);
  const byInput = new Map();
  for (const { id, ms } of await page.evaluate(() => window.budget.events)) byInput.set(id, Math.max(ms, byInput.get(id) ?? 0));
  return [...byInput.values()];
}

async function measureLoad(world) {
  const all = [];
  for (let i = 0; i < 7; i++) {
    const page = await newPage(world);
    const load = await countLoad(page, '/accounts', /\/api\/v1\/accounts\?.*limit=[2-9]/, rowsOf(page).first());
    all.push(load);
    await page.context().close();
  }
  tell('first list, cold', `${all[0].requests} requests, ${(all[0].bytes / 1024).toFixed(0)} KB; rows after ${figures(all.map((l) => l.ms))}`);
}

async function measureRoutes(world) {
  const page = await newPage(world);
  await page.addInitScript(watchInputs);
  await page.goto('/accounts');
  await rowsOf(page).first().waitFor();
  const plurals = ['contacts', 'opportunities', 'products', 'accounts'];
  const change = async (plural) => step(page, () => page.locator(`nav a[href="/${plural}"]`).click(), listShown, `/${plural}`);
  for (const plural of plurals) await change(plural); // code of the routes is there; cold ones are told by the load
  const routes = [], records = [], sorts = [], views = [];
  for (let i = 0; i < 56; i++) routes.push(await change(plurals[i % 4]));
  for (let i = 0; i < 52; i++) {
    const link = rowsOf(page).nth(i % 12).locator('a.name');
    const path = await link.getAttribute('href');
    records.push(await step(page, () => link.click(), recordShown, path.split('?')[0]));
    await page.goBack();
    await rowsOf(page).nth(12).waitFor();
  }
  for (let i = 0; i < 52; i++) {
    const before = new URL(page.url()).searchParams.get('sort');
    const order = await rowsOf(page).first().innerText();
    sorts.push(await step(page, () => page.locator('[role=columnheader] button.sorter').first().click(),
      ([sort, first]) => new URL(location).searchParams.get('sort') !== sort && document.querySelector('[role=grid] [role=row][aria-rowindex]')?.innerText !== first, [before, order]));
  }
  const tabs = page.locator('.list-head [role=tab], .views [role=tab], [role=tablist] [role=tab]');
  const n = Math.min(await tabs.count(), 4);
  for (let i = 0; i < 52 && n > 1; i++) {
    const tab = tabs.nth((i + 1) % n);
    let answered = page.waitForResponse((r) => /\/api\/v1\/accounts\?/.test(r.url()), { timeout: 1500 }).catch(() => null);
    views.push(await step(page, () => tab.click(), (index) => document.querySelectorAll('[role=tablist] [role=tab]')[index]?.getAttribute('aria-selected') === 'true'
      && !document.querySelector('.skel, .ant-skeleton') && !document.querySelector('[aria-busy=true]'), (i + 1) % n));
    await answered;
  }
  tell('route change', figures(routes));
  tell('record opened', figures(records));
  tell('sort changed', figures(sorts));
  if (views.length) tell('view (filter) changed', figures(views));
  tell('Event Timing of all inputs', figures(await eventTimes(page)));
  await page.context().close();
}

async function measureBoard(world) {
  const page = await newPage(world);
  await page.goto('/opportunities/board');
  const card = page.locator('.deal[aria-roledescription]').first();
  await card.waitFor();
  await page.waitForTimeout(1000);
  const from = await card.boundingBox();
  await page.mouse.move(from.x + from.width / 2, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 20, from.y + 24, { steps: 4 });
  await page.evaluate(() => {
    window.frames_ = [];
    window.tasks_ = [];
    new PerformanceObserver((list) => window.tasks_.push(...list.getEntries().map((e) => e.duration))).observe({ type: 'long-animation-frame' });
    let last = 0;
    const tick = (at) => { if (last) window.frames_.push(at - last); last = at; window.raf_ = requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  });
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const spent = async () => Object.fromEntries((await client.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
  const before = await spent();
  for (let i = 0; i < 150; i++) await page.mouse.move(from.x + 100 + (i % 75) * 14, 200 + (i * 7) % 400);
  const after = await spent();
  const frames = await page.evaluate(() => { cancelAnimationFrame(window.raf_); return { all: window.frames_, long: window.tasks_ }; });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  tell('board, a card dragged: frames', `${figures(frames.all)}, ${frames.long.length} of more than 50 ms`);
  tell('board, work of the page a move', `${((after.TaskDuration - before.TaskDuration) * 1000 / 150).toFixed(1)} ms (script ${((after.ScriptDuration - before.ScriptDuration) * 1000 / 150).toFixed(1)}, layout and style ${((after.LayoutDuration + after.RecalcStyleDuration - before.LayoutDuration - before.RecalcStyleDuration) * 1000 / 150).toFixed(1)})`);
  await page.context().close();
}

async function measureMemory(world) {
  const page = await newPage(world);
  const client = await page.context().newCDPSession(page);
  await page.goto('/accounts');
  await rowsOf(page).first().waitFor();
  const heap = [];
  const plurals = ['contacts', 'opportunities', 'products', 'accounts'];
  for (let i = 0; i <= 200; i++) {
    if (i % 40 === 0) {
      await client.send('HeapProfiler.collectGarbage');
      const { usedSize } = await client.send('Runtime.getHeapUsage');
      const { nodes } = await client.send('Memory.getDOMCounters');
      heap.push(`${(usedSize / 1e6).toFixed(1)} MB/${nodes} nodes`);
    }
    await page.locator(`nav a[href="/${plurals[i % 4]}"]`).click();
    await page.locator(`[role=grid] a[href^="/${plurals[i % 4]}/"]`).first().waitFor();
    if (i % 5 === 4) { await rowsOf(page).first().locator('a.name').click(); await page.locator('.rechead h2').waitFor(); }
  }
  tell('heap after 0, 40 … 200 routes', heap.join(', '));
  await page.context().close();
}

async function lighthouseFor(server, path, phone) {
  const port = await freePort();
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...FLAGS, `--remote-debugging-port=${port}`] });
  try {
    const { default: lighthouse, desktopConfig } = await import('../lighthouse/node_modules/lighthouse/core/index.js');
    const origin = `http://localhost:${server.port}`;
    const context = await browser.newContext();
    const answer = await context.request.post(`${origin}/api/v1/session`, { data: { login: 'admin', password: PASSWORD } });
    if (answer.status() !== 201) throw new Error(`sign-in: ${answer.status()}`);
    const cookie = (await context.cookies(origin)).map((c) => `${c.name}=${c.value}`).join('; ');
    const flags = { port, output: 'json', logLevel: 'error', extraHeaders: path === '/sign-in' ? {} : { Cookie: cookie }, onlyCategories: ['performance', 'accessibility', 'best-practices', 'seo'] };
    const { lhr } = await lighthouse(origin + path, flags, phone ? undefined : desktopConfig);
    const scores = Object.values(lhr.categories).map((c) => `${c.id} ${Math.round(c.score * 100)}`).join(', ');
    const ms = (id) => `${Math.round(lhr.audits[id].numericValue)}`;
    tell(`Lighthouse ${phone ? 'phone' : 'desktop'} ${path}`, `${scores}; FCP ${ms('first-contentful-paint')}, LCP ${ms('largest-contentful-paint')}, TBT ${ms('total-blocking-time')} ms, CLS ${lhr.audits['cumulative-layout-shift'].numericValue.toFixed(3)}`);
    const poor = Object.values(lhr.categories).flatMap((c) => c.auditRefs.filter((r) => r.weight > 0 && lhr.audits[r.id].score !== null && lhr.audits[r.id].score < 0.9).map((r) => `${c.id}: ${r.id} ${lhr.audits[r.id].score} ${lhr.audits[r.id].displayValue ?? ''}`));
    for (const line of poor) console.log(`    ${line}`);
    if (process.env.BUDGET_REPORT) writeFileSync(process.env.BUDGET_REPORT, JSON.stringify(lhr));
  } finally {
    await browser.close();
  }
}

const server = await prepare();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
const world = { server, browser };
console.log(`${ACCOUNTS} accounts, load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}, ${browser.version()}`);
try {
  if (wants('load')) await measureLoad(world);
  if (wants('routes')) await measureRoutes(world);
  if (wants('board')) await measureBoard(world);
  if (wants('memory')) await measureMemory(world);
  if (wants('lighthouse')) for (const phone of [false, true]) for (const path of ['/', '/accounts']) await lighthouseFor(server, path, phone);
} finally {
  await browser.close();
  await server.stop();
}
