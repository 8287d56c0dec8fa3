// SPDX-License-Identifier: Apache-2.0
// Runs without a page: shows messages that the server pushed and opens their record. It keeps and intercepts nothing.
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

self.addEventListener('push', (event) => event.waitUntil(show(read(event.data))));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url ?? '/'));
});
