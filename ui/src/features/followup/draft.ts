// What is being written about a record, kept in the browser until it is saved: leaving or a failed save loses nothing.
// The key and the time of the request are kept with it, so that saving again after a lost answer makes no second follow-up.
import { newKey } from '@/lib/api';
import type { LinkValue } from '@/lib/types';
import type { FileValue } from '@/fields/file/file';

export interface Entry {
  method: string; text: string; result: string | null; next_at: string | null; next_plan: string;
  contact: LinkValue | null; deal: LinkValue | null; photos: FileValue[]; attachments: FileValue[]; mentions: LinkValue[]; key: string; at?: string;
}

const keyOf = (user: string, object: string, id: string): string => `gx.followup.${user}.${object}.${id}`;
const METHOD = 'gx.followup.method';

const lastMethod = (): string => { try { return localStorage.getItem(METHOD) ?? 'phone'; } catch { return 'phone'; } };
export const rememberMethod = (method: string) => { try { localStorage.setItem(METHOD, method); } catch { /* private mode */ } };

export const blank = (): Entry => ({ method: lastMethod(), text: '', result: null, next_at: null, next_plan: '', contact: null, deal: null, photos: [], attachments: [], mentions: [], key: newKey() });
export const isBlank = (e: Entry): boolean => !e.text.trim() && !e.photos.length && !e.attachments.length && !e.next_at && !e.result && !e.next_plan;

export function readEntry(user: string, object: string, id: string): Entry | null {
  try {
    const text = localStorage.getItem(keyOf(user, object, id));
    return text ? { ...blank(), ...JSON.parse(text) as Partial<Entry> } : null;
  } catch {
    return null;
  }
}

export function keepEntry(user: string, object: string, id: string, entry: Entry | null) {
  try {
    if (entry && !isBlank(entry)) localStorage.setItem(keyOf(user, object, id), JSON.stringify(entry));
    else localStorage.removeItem(keyOf(user, object, id));
  } catch { /* storage full or refused: the box still works */ }
}
