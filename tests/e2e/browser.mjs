// SPDX-License-Identifier: Apache-2.0
// What browser tests share: one server with the demo company, Debian's Chromium, checks that always hold.
//
// A test is a function of { page, server, context, shot }. After each test the page must have had no
// script error, no console error and no violation of the content security policy.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { PASSWORD, Server } from '../lib/server.mjs';

const OUT = join(import.meta.dirname, 'out');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--font-render-hinting=none',
  '--use-fake-device-for-media-stream'];

export async function open() {
  mkdirSync(OUT, { recursive: true });
  const server = await Server.create({ prepare: (s) => {
    s.env.GUANXI_BACKUP_KEY_FILE = join(s.dir, 'passphrase');
    writeFileSync(s.env.GUANXI_BACKUP_KEY_FILE, 'correct horse battery staple');
    s.command('demo', '--accounts', '200', '--seed', '1');
  } });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return { server, browser, close: async () => { await browser.close(); await server.remove(); } };
}

// A browser of its own (cookies, storage) at 1440 or 390 px, in a language and a colour scheme.
export async function newPage({ browser, server }, { language = 'zh-CN', dark = false, phone = false, signedIn = true } = {}) {
  const context = await browser.newContext({
    baseURL: `http://localhost:${server.port}`, locale: language, timezoneId: 'Asia/Shanghai', colorScheme: dark ? 'dark' : 'light',
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 }, isMobile: phone, hasTouch: phone,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.faults = [];
  page.expected = []; // texts of console errors that a test provokes (409, 412 …)
  page.refused = []; // what the server refused, told when a test fails
  page.on('response', async (answer) => {
    if (answer.status() < 400) return;
    const body = await answer.text().catch(() => '');
    page.refused.push(`refused: ${answer.request().method()} ${answer.url()} ${answer.request().postData() ?? ''} → ${answer.status()} ${body}`.slice(0, 1000));
  });
  page.on('pageerror', (error) => page.faults.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !page.expected.some((part) => text.includes(part))) page.faults.push(`console: ${text}`);
  });
  await page.addInitScript((chosen) => {
    if (!localStorage.getItem('gx.prefs')) localStorage.setItem('gx.prefs', JSON.stringify({ language: chosen }));
    document.addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
  }, language);
  if (signedIn) {
    const answer = await context.request.post('/api/v1/session', { data: { login: 'admin', password: PASSWORD } });
    if (answer.status() !== 201) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
  }
  page.shot = (name) => page.screenshot({ path: join(OUT, `${name}.png`) });
  return page;
}

export const signInWords = { login: 'admin', password: PASSWORD };
export const rowsOf = (page) => page.locator('[role=grid] [role=row][aria-rowindex]');

// What the network carried until the answer that `answer` names was there, and when `shown` was visible.
export async function countLoad(page, path, answer, shown) {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  const load = { requests: 0, bytes: 0, urls: [], done: false };
  let last;
  client.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (load.done || /^(data|blob):|\/api\/v1\/events/.test(request.url)) return;
    load.requests++;
    load.urls.push(request.url);
    if (answer.test(request.url)) last = requestId;
  });
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (load.done) return;
    load.bytes += encodedDataLength;
    if (requestId === last) load.done = true;
  });
  const began = performance.now();
  await page.goto(path, { waitUntil: 'commit' });
  await shown.waitFor();
  assert.ok(load.done, 'what was waited for was not asked for');
  return { ...load, ms: Math.round(performance.now() - began) };
}
