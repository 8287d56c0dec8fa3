// Between the place that talks HTTP and what this device keeps: answers are kept when the page has time, recalled when the server is
// out of reach; it is asked every so often whether it is back. Heavy parts are loaded when they are needed.
import { setKeeper } from '@/lib/api';
import { getPrefs } from '@/lib/prefs';
import { isKeepable } from './keepable';
import { getLink, setLink } from './link';

const FIRST_ASK_MS = 3000;
const LONGEST_ASK_MS = 30_000;
const ME = '/api/v1/me';
const kept = () => import('./kept');
const waiting = new Map<string, { text: string; at: number }>();
let timer: ReturnType<typeof setTimeout> | undefined;
let asking: ReturnType<typeof setTimeout> | undefined;

const whenIdle = (f: () => void) => { if ('requestIdleCallback' in window) requestIdleCallback(f, { timeout: 5000 }); else setTimeout(f, 1000); };

async function flush() {
  timer = undefined;
  const all = [...waiting].sort(([a], [b]) => Number(b === ME) - Number(a === ME)); // who it is decides what is kept
  waiting.clear();
  const { keepAnswer } = await kept();
  for (const [url, { text, at }] of all) await keepAnswer(url, text, at).catch(() => {});
}

function keep(url: string, text: string) {
  if (!getPrefs().offline || !isKeepable(url)) return;
  waiting.set(url, { text, at: Date.now() });
  timer ??= setTimeout(() => whenIdle(() => void flush()), 1500);
}

async function recall(url: string): Promise<string | null> {
  if (!getPrefs().offline || !isKeepable(url)) return null;
  const fresh = waiting.get(url);
  const found = fresh ?? await (await kept()).recallAnswer(url).catch(() => null);
  if (!found) return null;
  setLink({ shownAt: Math.min(getLink().shownAt ?? found.at, found.at) });
  return found.text;
}

function ask(wait: number) {
  clearTimeout(asking);
  asking = setTimeout(() => {
    void fetch('/healthz', { cache: 'no-store' }).then((a) => reached(a.ok), () => {}).then(() => { if (getLink().lost !== null) ask(Math.min(wait * 2, LONGEST_ASK_MS)); });
  }, wait);
}

function reached(yes: boolean) {
  const { lost } = getLink();
  if (yes && lost !== null) { clearTimeout(asking); setLink({ lost: null, shownAt: null }); }
  if (yes || lost !== null) return;
  setLink({ lost: Date.now() });
  ask(FIRST_ASK_MS);
}

/** Of the person who leaves nothing stays but what he has not sent yet. */
export async function forgetKept(): Promise<void> {
  waiting.clear();
  setLink({ unsent: 0 });
  await (await kept()).forgetAnswers().catch(() => {});
}

/** The program itself, so that a page opens without the server: only where browsers allow it (https, this very machine). */
async function keepProgram() {
  if (!getPrefs().offline || !('serviceWorker' in navigator) || !window.isSecureContext || (navigator as { connection?: { saveData?: boolean } }).connection?.saveData) return;
  const registration = await navigator.serviceWorker.register('/sw.js');
  await navigator.serviceWorker.ready;
  registration.active?.postMessage('keep');
}

export async function stopKeeping(): Promise<void> {
  await forgetKept();
  (await navigator.serviceWorker?.getRegistration())?.active?.postMessage('forget');
}

export function startKeeping() {
  setKeeper({ keep, recall, reached });
  window.addEventListener('online', () => { if (getLink().lost !== null) ask(0); });
  window.addEventListener('load', () => setTimeout(() => whenIdle(() => void keepProgram().catch(() => {})), 4000));
}
