// Requests of the message centre; everything lies under the key "messages", so that one word makes it read again.
import { useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/react-query';
import { get, send } from '@/lib/api';
import type { HistoryChange, LinkValue } from '@/lib/types';

export const KINDS = ['mention', 'comment', 'assigned', 'shared', 'follow', 'due', 'job', 'pool'] as const;
export type Kind = typeof KINDS[number];
export interface Message {
  id: string; kind: Kind; at: string; read: boolean; times: number; by: LinkValue | null; object?: string; record?: { id: string; title: string };
  source?: { object: string; id: string; text: string } | null; changes?: HistoryChange[]; job?: { id: string; kind: string; status: string };
}
interface Page { items: Message[]; next: string | null }
export interface Choice { kind: Kind; product: boolean; desktop: boolean }

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

export const useChoices = () => useQuery({ queryKey: [KEY, 'settings'], queryFn: ({ signal }) => get<{ kinds: Choice[] }>('/me/messages/settings', {}, signal), staleTime: 5 * 60_000 });

export const markRead = (ids: string[]) => send<null>('POST', '/me/messages/read', { body: { ids } });
export const markReadUntil = (id: string) => send<null>('POST', '/me/messages/read', { body: { until: id } });
export const choose = (kinds: Choice[]) => send<null>('PUT', '/me/messages/settings', { body: { kinds } });
export const readAgain = (client: QueryClient) => void client.invalidateQueries({ queryKey: [KEY] });
