// Follow-ups that were written while the server was out of reach. Each keeps the key of its request: sent twice it is one follow-up.
import { ApiProblem, send } from '@/lib/api';
import { getLink, setLink } from './link';
import { inStore, UNSENT } from './store';

/** about: the record it was written on; at: when; tried: the first time it may have reached the server; problem: why the server refused it. */
export interface Unsent {
  key: string; user: string; path: string; body: Record<string, unknown>; about: { object: string; id: string; title: string };
  text: string; at: number; tried: number | null; problem: string | null;
}

/** The server knows a key for a day: later it cannot tell a second time from a first. */
export const KEY_LIFE_MS = 23 * 3_600_000;
const listeners = new Set<() => void>();
export const onUnsent = (f: () => void) => { listeners.add(f); return () => { listeners.delete(f); }; };

export async function unsentOf(user: string): Promise<Unsent[]> {
  const all = await inStore(UNSENT, 'readonly', (s) => s.getAll()) as Unsent[];
  return all.filter((u) => u.user === user).sort((a, b) => a.at - b.at);
}

export async function recount(user: string): Promise<void> {
  setLink({ unsent: (await unsentOf(user)).length });
  listeners.forEach((f) => f());
}

export async function putUnsent(entry: Unsent): Promise<void> {
  await inStore(UNSENT, 'readwrite', (s) => s.put(entry));
  await recount(entry.user);
}

export async function dropUnsent(entry: Unsent): Promise<void> {
  await inStore(UNSENT, 'readwrite', (s) => s.delete(entry.key));
  await recount(entry.user);
}

export const isDoubtful = (entry: Unsent, now: number): boolean => entry.tried !== null && now - entry.tried > KEY_LIFE_MS;

/** 'sent'; 'waits' when the server is out of reach or busy; 'refused' with the reason kept. */
export async function sendUnsent(entry: Unsent): Promise<'sent' | 'waits' | 'refused'> {
  try {
    await send('POST', entry.path, { body: entry.body, key: entry.key });
    await dropUnsent(entry);
    return 'sent';
  } catch (e) {
    const refused = e instanceof ApiProblem && e.status >= 400 && e.status < 500 && ![401, 408, 409, 429].includes(e.status);
    const problem = refused ? (e.errors.map((x) => x.message).join(' ') || e.message) : null;
    await putUnsent({ ...entry, tried: entry.tried ?? Date.now(), problem });
    return refused ? 'refused' : 'waits';
  }
}

/** In the order of writing; one tab at a time; ends where the server is out of reach again. Gives how many are sent. */
export async function sendAll(user: string): Promise<number> {
  const run = async () => {
    let sent = 0;
    for (const entry of await unsentOf(user)) {
      if (entry.problem || isDoubtful(entry, Date.now())) continue;
      const how = await sendUnsent(entry);
      if (how === 'sent') sent++;
      if (how === 'waits' && getLink().lost !== null) break;
    }
    return sent;
  };
  return navigator.locks ? navigator.locks.request('gx.unsent', run) : run();
}
