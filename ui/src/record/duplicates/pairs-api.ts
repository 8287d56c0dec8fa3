// The queue of pairs that look alike, and making one record of several.
import { useInfiniteQuery, type QueryClient } from '@tanstack/react-query';
import { get, send } from '@/lib/api';
import type { Job, LinkValue, ObjectMeta, ProblemBody, Rec } from '@/lib/types';

export type Which = 'open' | 'dismissed';
export interface Pair { id: string; score: number; a: LinkValue; b: LinkValue; because: string[] }
interface Page { items: Pair[]; next: string | null; keys: 'ready' | 'building'; rules: number; searched_at: string | null; open: number }

const keyOf = (object: ObjectMeta) => ['pairs', object.plural];

export function usePairs(object: ObjectMeta, which: Which) {
  const query = useInfiniteQuery({
    queryKey: [...keyOf(object), which], queryFn: ({ pageParam, signal }) => get<Page>(`/${object.plural}/duplicates`, { status: which, after: pageParam }, signal),
    initialPageParam: null as string | null, getNextPageParam: (last) => last.next,
  });
  return { query, state: query.data?.pages[0], items: query.data?.pages.flatMap((p) => p.items) ?? [] };
}

export const readPairsAgain = (client: QueryClient, object: ObjectMeta) => void client.invalidateQueries({ queryKey: keyOf(object) });
export const setSame = (object: ObjectMeta, pair: string, same: boolean) => send<null>('POST', `/${object.plural}/duplicates/${pair}/${same ? 'reopen' : 'dismiss'}`);
export const lookFor = (object: ObjectMeta, whole: boolean) => send<Job>('POST', `/${object.plural}/duplicates/search`, { body: { whole } });

/** A field's choice: the id of the record whose value stays, or "all" of a list. */
export type Choices = Record<string, string>;
export interface MergeField { field: string; from: string; differs: boolean; may_choose: boolean; list: boolean }
export interface MergePreview { records: Rec[]; fields: MergeField[]; moves: { relation: string; object: string; label: string; count: number }[]; error: ProblemBody | null }

const bodyOf = (ids: string[], keep: string, choose: Choices) => ({ keep, merge: ids.filter((id) => id !== keep), choose });

export const previewMerge = (object: ObjectMeta, ids: string[], keep: string, choose: Choices, signal?: AbortSignal) =>
  send<MergePreview>('POST', `/${object.plural}/merge`, { body: { ...bodyOf(ids, keep, choose), dry_run: true }, signal });
export const startMerge = (object: ObjectMeta, ids: string[], keep: string, choose: Choices) => send<Job>('POST', `/${object.plural}/merge`, { body: bodyOf(ids, keep, choose) });
