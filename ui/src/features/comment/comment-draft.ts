// What is being written is kept in the browser until it is sent.
import type { Words } from './comment-form';

export const draftKey = (user: string, object: string, id: string): string => `gx.comment.${user}.${object}.${id}`;

export function readDraft(key: string): Words {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Words | null;
    if (kept && typeof kept.text === 'string' && Array.isArray(kept.mentions)) return kept;
  } catch { /* private mode, or not ours */ }
  return { text: '', mentions: [] };
}

export function keepDraft(key: string, words: Words) {
  try {
    if (words.text.trim()) localStorage.setItem(key, JSON.stringify(words));
    else localStorage.removeItem(key);
  } catch { /* storage full or refused: the box still works */ }
}
