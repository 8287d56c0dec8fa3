// One list: pages by cursor, live changes patched into the rows that are loaded.
import { infiniteQueryOptions, useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useState } from 'react';
import type { LiveEvent } from '@/lib/live';
import { useLive } from '@/lib/use-live';
import type { ObjectMeta, Page, Rec } from '@/lib/types';
import { useAsOf } from '../page/as-of';
import { eventsOf } from './live-object';
import { fetchPage, type ListParams } from './records';

const PAGE = 60;
const REFETCH_PAGES = 3;
const MAX_IDS = 100;

type Data = InfiniteData<Page, string | null>;

const patchRows = (data: Data, change: (rows: Rec[]) => Rec[]): Data =>
  ({ ...data, pages: data.pages.map((p) => ({ ...p, items: change(p.items) })) });

/** The request of a list; shared with whoever wants it to start early. */
export const listOptions = (plural: string, params: ListParams, path = `/${plural}`) => infiniteQueryOptions({
  queryKey: ['list', plural, path, params],
  queryFn: ({ pageParam, signal }) => fetchPage(path, { limit: PAGE, ...params, ...(pageParam ? { count: 'none' } : {}) }, pageParam, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});

export function useList(object: ObjectMeta, asked: ListParams, path = `/${object.plural}`, enabled = true) {
  const { asOf } = useAsOf();
  const params: ListParams = asOf ? { ...asked, as_of: asOf } as ListParams : asked;
  const { plural } = object;
  const client = useQueryClient();
  const options = listOptions(plural, params, path);
  const key = options.queryKey;
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery({ ...options, enabled });

  const mark = (ids: string[]) => {
    setFresh(new Set(ids));
    setTimeout(() => setFresh(new Set()), 1700);
  };

  /** Changed rows are read again by id; new ones by reading the list again while it is short. */
  const follow = async (events: LiveEvent[], reset: boolean) => {
    const loaded = client.getQueryData<Data>(key);
    if (!loaded) return;
    const gone = new Set(events.filter((e) => e.action === 'delete').map((e) => e.id));
    const rows = new Map(loaded.pages.flatMap((p) => p.items).map((r) => [r.id, r]));
    const stale = events.filter((e) => e.action === 'update' && rows.has(e.id) && (e.version === undefined || e.version > rows.get(e.id)!.version));
    const ids = [...new Set(stale.map((e) => e.id))].slice(0, MAX_IDS);
    const isNew = events.some((e) => (e.action === 'create' || e.action === 'update') && !rows.has(e.id));
    if ((reset || isNew) && loaded.pages.length <= REFETCH_PAGES) return void client.invalidateQueries({ queryKey: key });
    if (gone.size) client.setQueryData<Data>(key, (d) => d && patchRows(d, (r) => r.filter((x) => !gone.has(x.id))));
    if (!ids.length) return;
    const filter = `id in (${ids.map((i) => JSON.stringify(i)).join(', ')})`;
    const now = await fetchPage(`/${plural}`, { filter, fields: params.fields, limit: MAX_IDS, count: 'none' }, null).catch(() => null);
    const byId = new Map(now?.items.map((r) => [r.id, r]));
    client.setQueryData<Data>(key, (d) => d && patchRows(d, (r) => r.map((x) => byId.get(x.id) ?? x)));
    mark(ids);
  };
  useLive(enabled && !asOf ? [plural] : [], (events, reset) => { void follow(eventsOf(events, object.object), reset); });

  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  return { query, rows, count: query.data?.pages[0]?.count ?? null, fresh };
}
