// A saved record replaces its older self wherever it is shown; figures made from it read again.
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { ObjectMeta, Page, Rec } from '@/lib/types';
import { recordKey } from './records';

type Data = InfiniteData<Page, string | null>;

// Other pages may keep lists of their own shape under the same key.
const isPaged = (d: Data | undefined): d is Data => Array.isArray(d?.pages);
const isNewer = (saved: Rec, shown: Rec): boolean => saved.id === shown.id && saved.version >= shown.version;

export function putRecord(client: QueryClient, object: ObjectMeta, saved: Rec) {
  const { plural } = object;
  client.setQueriesData<Data>({ queryKey: ['list', plural] }, (d) => isPaged(d) ? {
    ...d, pages: d.pages.map((p) => ({ ...p, items: p.items.map((r) => (isNewer(saved, r) ? { ...r, ...saved } : r)) })),
  } : d);
  client.setQueryData<Rec>(recordKey(plural, saved.id), (old) => (old ? { ...old, ...saved } : old));
  for (const root of ['count', 'sums', 'history', 'timeline']) void client.invalidateQueries({ predicate: (q) => q.queryKey[0] === root && q.queryKey[1] === plural });
  void client.invalidateQueries({ queryKey: ['board', plural] });
  void client.invalidateQueries({ queryKey: ['related'] });
}
