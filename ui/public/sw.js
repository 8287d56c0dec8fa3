// SPDX-License-Identifier: Apache-2.0
// Runs without a page: shows messages that the server pushed and opens their record; keeps the program itself, so that a page opens while
// the server is out of reach. Data are none of its business: the page keeps what was read, of one person at a time.
const SHELL = 'gx-program';
const AT_ONCE = 2; // a page has six connections and needs them itself

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

const read = (data) => {
  try { return data ? data.json() : null; } catch { return null; }
};
const pages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

async function show(message) {
  if (!message || typeof message.title !== 'string') return;
  await self.registration.showNotification(message.title, { body: String(message.body ?? ''), tag: String(message.id ?? ''), icon: '/icon.svg', data: { url: String(message.url ?? '/') } });
}

/** An open page goes there; else one is opened. Only paths of this very place. */
async function open(path) {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const [page] = await pages();
  if (!page) { await self.clients.openWindow(url.href); return; }
  await page.focus();
  if (new URL(page.url).pathname !== url.pathname) await page.navigate(url.href);
}

async function fetched(path) {
  const answer = await fetch(path, { cache: path === '/' ? 'no-store' : 'default' });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/** All files of the program as it is now, then its page; only then what former ones left behind goes. */
async function keepProgram() {
  const { files } = await (await fetched('/program.json')).json();
  const cache = await caches.open(SHELL);
  const had = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  const missing = files.filter((path) => !had.has(path));
  if (!missing.length && had.has('/')) return;
  for (let i = 0; i < missing.length; i += AT_ONCE) {
    await Promise.all(missing.slice(i, i + AT_ONCE).map(async (path) => cache.put(path, await fetched(path))));
  }
  await cache.put('/', await fetched('/'));
  for (const path of had) if (path !== '/' && !files.includes(path)) await cache.delete(path);
}

async function kept(path, otherwise) {
  const cache = await caches.open(SHELL);
  return (await cache.match(path)) ?? otherwise();
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return kept('/', () => { throw error; });
  }
}

self.addEventListener('message', (event) => {
  if (event.data === 'keep') event.waitUntil(keepProgram());
  if (event.data === 'forget') event.waitUntil(caches.delete(SHELL));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/assets/') || url.pathname === '/icon.svg') event.respondWith(kept(url.pathname, () => fetch(request)));
  else if (request.mode === 'navigate' && !url.pathname.startsWith('/api/')) event.respondWith(page(request));
});
self.addEventListener('push', (event) => event.waitUntil(show(read(event.data))));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url ?? '/'));
});
