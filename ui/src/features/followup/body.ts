// What is written as the API wants it.
import type { Entry } from './draft';

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Plain text as paragraphs: an empty line parts them, a new line stays one. */
export const htmlOf = (text: string): string =>
  text.trim().split(/\n\s*\n/).map((p) => `<p>${escape(p).replace(/\n/g, '<br>')}</p>`).join('');

export interface About { object: string; id: string }

export function bodyOf(about: About, e: Entry): Record<string, unknown> {
  const given: Record<string, unknown> = {
    about: e.deal ? { object: 'opportunity', id: e.deal.id } : about, method: e.method, content: htmlOf(e.text), result: e.result,
    next_at: e.next_at, next_plan: e.next_plan.trim() || null, contact: e.contact?.id ?? null,
    photos: e.photos.map((f) => f.id), attachments: e.attachments.map((f) => f.id),
  };
  return Object.fromEntries(Object.entries(given).filter(([, v]) => v !== null && !(Array.isArray(v) && !v.length)));
}
