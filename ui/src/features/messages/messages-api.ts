// Requests of the message centre; everything lies under the key "messages", so that one word makes it read again.
import { useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/react-query';
import { get, send } from '@/lib/api';
import type { HistoryChange, LinkValue } from '@/lib/types';

export const KINDS = ['mention', 'comment', 'assigned', 'shared', 'follow', 'due', 'remind', 'job', 'pool', 'digest'] as const;
export type Kind = typeof KINDS[number];
export interface Message {
  id: string; kind: Kind; at: string; read: boolean; times: number; by: LinkValue | null; object?: string; record?: { id: string; title: string };
  source?: { object: string; id: string; text: string } | null; changes?: HistoryChange[]; job?: { id: string; kind: string; status: string };
  /** What waited and is told together: how many of which kind, of what one may see. */
  digest?: { kinds: Partial<Record<Kind, number>>; count: number; more: boolean };
}
interface Page { items: Message[]; next: string | null }
export interface Choice { kind: Kind; product: boolean; desktop: boolean; digest: boolean }
export interface DigestTimes { every: 'day' | 'week'; weekday: number; at: string; workdays: boolean; desktop: boolean; next_at: string }
export interface Choices { kinds: Choice[]; digest: DigestTimes }

export const KEY = 'messages';
const AGAIN_MS = 60_000;

export const useUnread = () =>
  useQuery({ queryKey: [KEY, 'count'], queryFn: ({ signal }) => get<{ unread: number; more: boolean }>('/me/messages/count', {}, signal), refetchInterval: AGAIN_MS, staleTime: 10_000 }).data ?? { unread: 0, more: false };

export const fetchNewest = (limit: number) => get<Page>('/me/messages', { unread: true, limit });

export function useMessages(unread: boolean) {
  const query = useInfiniteQuery({
    queryKey: [KEY, 'list', unread], queryFn: ({ pageParam, signal }) => get<Page>('/me/messages', { after: pageParam, unread: unread || undefined }, signal),
    initialPageParam: null as string | null, getNextPageParam: (last) => last.next,
  });
  return { query, items: query.data?.pages.flatMap((p) => p.items) ?? [] };
}

export const useChoices = () => useQuery({ queryKey: [KEY, 'settings'], queryFn: ({ signal }) => get<Choices>('/me/messages/settings', {}, signal), staleTime: 5 * 60_000 });

export const markRead = (ids: string[]) => send<null>('POST', '/me/messages/read', { body: { ids } });
export const markReadUntil = (id: string) => send<null>('POST', '/me/messages/read', { body: { until: id } });
export const choose = (kinds: Choice[]) => send<null>('PUT', '/me/messages/settings', { body: { kinds } });
export const chooseTimes = (digest: Partial<DigestTimes>) => send<null>('PUT', '/me/messages/settings', { body: { digest } });
export const useDigest = (id: string, open: boolean) => useQuery({ queryKey: [KEY, 'digest', id], enabled: open, queryFn: ({ signal }) => get<Page>('/me/messages', { digest: id, limit: 100 }, signal) });
export const readAgain = (client: QueryClient) => void client.invalidateQueries({ queryKey: [KEY] });
