// Windows on the desktop, while a page is open and not being looked at: for the kinds one chose, each message once.
import type { Catalogue } from '@/lib/meta';
import { get } from '@/lib/api';
import { thisDevice } from '@/lib/push';
import { fetchNewest, type Choice } from './messages-api';
import { headOf, sentenceOf } from './sentence';

const NEWEST = 5;

async function show(catalogue: Catalogue, since: number) {
  const [{ items }, { kinds }] = await Promise.all([fetchNewest(NEWEST), get<{ kinds: Choice[] }>('/me/messages/settings')]);
  const wanted = new Set(kinds.filter((k) => k.product && k.desktop).map((k) => k.kind));
  for (const m of items) {
    if (!wanted.has(m.kind) || Date.parse(m.at) < since) continue;
    const note = new Notification(headOf(m), { body: [sentenceOf(m, catalogue), m.source?.text].filter(Boolean).join('\n'), tag: m.id });
    note.onclick = () => { window.focus(); note.close(); };
  }
}

/** Gives the time from which on the next messages are new. */
export function showOnDesktop(catalogue: Catalogue, since: number): number {
  if (thisDevice()) return Date.now(); // pushed, page or not
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted' || !document.hidden) return Date.now();
  void show(catalogue, since).catch(() => {}); // the bell has it all the same
  return Date.now();
}
