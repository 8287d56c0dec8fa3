// What is written as the API wants it.
import { htmlOf } from '@/fields/rich_text/plain';
import { mentionedIn } from '@/record/mention/mentions';
import type { Entry } from './draft';

export { htmlOf };

export interface About { object: string; id: string }

export function bodyOf(about: About, e: Entry): Record<string, unknown> {
  const given: Record<string, unknown> = {
    about: e.deal ? { object: 'opportunity', id: e.deal.id } : about, method: e.method, content: htmlOf(e.text), result: e.result,
    next_at: e.next_at, next_plan: e.next_plan.trim() || null, contact: e.contact?.id ?? null,
    photos: e.photos.map((f) => f.id), attachments: e.attachments.map((f) => f.id), mentions: mentionedIn(e.text, e.mentions).map((p) => p.id),
  };
  return Object.fromEntries(Object.entries(given).filter(([, v]) => v !== null && !(Array.isArray(v) && !v.length)));
}
