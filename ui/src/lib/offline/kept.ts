// Answers of the server kept on this device, of one person at a time: read when the server is out of reach, gone when that person leaves.
import { ANSWERS, inStore } from './store';

interface Kept { url: string; at: number; text: string }

const OWNER = 'gx.kept';
const ME = '/api/v1/me';
const MOST = 2000;
const LARGEST = 256 * 1024;
const CATALOGUE = 4 * 1024 * 1024;
const OLDEST_MS = 14 * 86_400_000;

let owner: string | null = null;
let since = 0;

const stored = (): string | null => { try { return localStorage.getItem(OWNER); } catch { return null; } };
function setOwner(id: string | null) {
  owner = id;
  try { if (id) localStorage.setItem(OWNER, id); else localStorage.removeItem(OWNER); } catch { /* nothing is kept then */ }
}

export async function forgetAnswers(): Promise<void> {
  setOwner(null);
  await inStore(ANSWERS, 'readwrite', (s) => s.clear());
}

/** Who it is decides what may be kept: another person's is thrown away, through somebody else's eyes nothing is kept. */
async function settle(text: string): Promise<void> {
  const me = JSON.parse(text) as { user: { id: string }; viewed_by?: unknown };
  if (me.viewed_by) { owner = null; return; }
  if (stored() !== me.user.id) await forgetAnswers();
  setOwner(me.user.id);
}

/** Every so often the oldest give way. */
async function prune(): Promise<void> {
  const before = Date.now() - OLDEST_MS;
  const keys = await inStore(ANSWERS, 'readonly', (s) => s.index('at').getAllKeys()) as string[];
  const old = await inStore(ANSWERS, 'readonly', (s) => s.index('at').getAllKeys(IDBKeyRange.upperBound(before))) as string[];
  const gone = new Set([...old, ...keys.slice(0, Math.max(0, keys.length - MOST))]);
  for (const url of gone) if (url !== ME && url !== '/api/v1/meta') await inStore(ANSWERS, 'readwrite', (s) => s.delete(url));
}

export async function keepAnswer(url: string, text: string, at: number): Promise<void> {
  if (url === ME) await settle(text);
  if (!owner || text.length > (url === '/api/v1/meta' ? CATALOGUE : LARGEST)) return;
  await inStore(ANSWERS, 'readwrite', (s) => s.put({ url, at, text } satisfies Kept));
  if (++since % 50 === 0) await prune();
}

export async function recallAnswer(url: string): Promise<{ text: string; at: number } | null> {
  const found = stored() ? await inStore(ANSWERS, 'readonly', (s) => s.get(url)) as Kept | undefined : undefined;
  return found && found.at > Date.now() - OLDEST_MS ? found : null;
}
