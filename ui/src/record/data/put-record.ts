// A saved record replaces its older self wherever it is shown; figures made from it read again.
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { ObjectMeta, Page, Rec } from '@/lib/types';
import { recordKey } from './records';

type Data = InfiniteData<Page, string | null>;

// Other pages may keep lists of their own shape under the same key.
const isPaged = (d: Data | undefined): d is Data => Array.isArray(d?.pages);
/** Of several at once: figures and lists are told once. */
export function putRecords(client: QueryClient, object: ObjectMeta, all: Rec[]) {
  const { plural } = object;
  const byId = new Map(all.map((r) => [r.id, r]));
  const newer = (r: Rec): Rec => { const saved = byId.get(r.id); return saved && saved.version >= r.version ? { ...r, ...saved } : r; };
  client.setQueriesData<Data>({ queryKey: ['list', plural] }, (d) => isPaged(d) ? { ...d, pages: d.pages.map((p) => ({ ...p, items: p.items.map(newer) })) } : d);
  for (const saved of all) client.setQueryData<Rec>(recordKey(plural, saved.id), (old) => (old ? { ...old, ...saved } : old));
  for (const root of ['count', 'sums', 'history', 'timeline']) void client.invalidateQueries({ predicate: (q) => q.queryKey[0] === root && q.queryKey[1] === plural });
  void client.invalidateQueries({ queryKey: ['board', plural] });
  void client.invalidateQueries({ queryKey: ['related'] });
}

export const putRecord = (client: QueryClient, object: ObjectMeta, saved: Rec) => putRecords(client, object, [saved]);
