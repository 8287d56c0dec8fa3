// What waits for me: cards of the server, and mentions that are unread.
import { useQuery } from '@tanstack/react-query';
import { get } from '@/lib/api';
import { todoKey, type HomeAnswer } from '../home/api';
import { KEY as MESSAGES, type Message } from '../messages/messages-api';

const MENTIONS = 50;

export const useTodoAnswer = () => useQuery({ queryKey: [...todoKey, 'all'], staleTime: 10_000, queryFn: ({ signal }) => get<Pick<HomeAnswer, 'cards'>>('/me/todo', {}, signal), refetchInterval: 5 * 60_000 });

export const useMentions = () => useQuery({ queryKey: [MESSAGES, 'mentions'], staleTime: 10_000, queryFn: ({ signal }) => get<{ items: Message[] }>('/me/messages', { kind: 'mention', unread: true, limit: MENTIONS }, signal) });

export const useDueCount = () => useQuery({ queryKey: [...todoKey, 'count'], staleTime: 30_000, refetchInterval: 120_000, queryFn: ({ signal }) => get<{ due: number; over: boolean }>('/me/todo/count', {}, signal) });
