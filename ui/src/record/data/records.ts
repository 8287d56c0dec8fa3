// Requests for records, and what becomes stale after a write.
import type { QueryClient } from '@tanstack/react-query';
import { get, send, sendRaw } from '@/lib/api';
import type { AggregateAnswer, Page, Rec } from '@/lib/types';

export interface ListParams { filter?: string; q?: string; sort?: string; fields?: string; limit?: number; count?: string }

export const fetchPage = (path: string, params: ListParams, after: string | null, signal?: AbortSignal) =>
  get<Page>(path, { ...params, after: after ?? undefined }, signal);

export const fetchRecord = (plural: string, id: string, signal?: AbortSignal, expand = '') => get<Rec>(`/${plural}/${id}`, { expand }, signal);

export const fetchSums = (plural: string, measures: unknown[], filter: string, group: string[] = [], q = '', asOf = '') =>
  send<AggregateAnswer>('POST', `/${plural}/aggregate`, { body: { ...(group.length ? { group } : {}), measures, ...(filter ? { filter } : {}), ...(q ? { q } : {}), ...(asOf ? { as_of: asOf } : {}) } });

export const createRecord = (plural: string, body: Record<string, unknown>, key?: string, inSpite?: string) => send<Rec>('POST', `/${plural}`, { body, key, inSpite });

export const updateRecord = (plural: string, id: string, version: number, body: Record<string, unknown>, key?: string) =>
  send<Rec>('PATCH', `/${plural}/${id}`, { body, version, key });

/** With lines: the batch takes record and lines back together. */
export async function updateWithLines(plural: string, id: string, version: number, body: Record<string, unknown>, inSpite?: string): Promise<{ record: Rec; batch: string | null }> {
  const answer = await sendRaw('PATCH', `/${plural}/${id}`, { body, version, inSpite });
  return { record: await answer.json() as Rec, batch: answer.headers.get('Guanxi-Batch') };
}

export const deleteRecord = (plural: string, id: string, version: number) => send<null>('DELETE', `/${plural}/${id}`, { version });

export const restoreRecord = (plural: string, id: string) => send<Rec>('POST', `/${plural}/${id}/restore`, { body: {} });

export const recordKey = (plural: string, id: string) => ['record', plural, id];

/** Everything that may show a record of this object reads again; what is not on screen only when it is next opened. */
export function touch(client: QueryClient, plural: string) {
  for (const root of ['list', 'count', 'sums', 'board', 'related', 'candidates']) {
    void client.invalidateQueries({ predicate: (q) => q.queryKey[0] === root && (root === 'related' || q.queryKey[1] === plural) });
  }
  void client.invalidateQueries({ predicate: (q) => (q.queryKey[0] === 'record' || q.queryKey[0] === 'history') && q.queryKey[1] === plural });
  void client.invalidateQueries({ queryKey: ['timeline'] }); // those of records that it belongs to as well
}
