// What is typed is kept per record and user until it is saved: leaving asks nothing and loses nothing.
import type { LineRows } from '../lines/lines';

const keyOf = (user: string, plural: string, id: string | undefined): string => `gx.draft.${user}.${plural}.${id ?? 'new'}`;

export interface Draft { values: Record<string, unknown>; version: number; lines?: LineRows }

export function readDraft(user: string, plural: string, id: string | undefined): Draft | null {
  try {
    const text = localStorage.getItem(keyOf(user, plural, id));
    return text ? JSON.parse(text) as Draft : null;
  } catch {
    return null;
  }
}

export function writeDraft(user: string, plural: string, id: string | undefined, draft: Draft | null) {
  try {
    if (draft) localStorage.setItem(keyOf(user, plural, id), JSON.stringify(draft));
    else localStorage.removeItem(keyOf(user, plural, id));
  } catch { /* storage full or refused: the form still works */ }
}
