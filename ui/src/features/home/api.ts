// The home page as the server composes it: cards, each with the filter whose list it counts.
import { queryOptions } from '@tanstack/react-query';
import { get } from '@/lib/api';
import type { AggregateAnswer, AggregateRow, MoneyValue, Page, Rec } from '@/lib/types';

export type HomeScope = 'mine' | 'all';
export interface Card { object: string; filter: string; sort?: string; list?: Page; aggregate?: AggregateAnswer }
export interface HomeAnswer { at: string; scope: HomeScope; recent?: { object: string; id: string; title: string; at: string }[]; cards: Record<string, Card | undefined> }

export const homeKey = ['home'];
/** The page of to-dos and the count in the sidebar. */
export const todoKey = ['todo'];
export const homeOptions = (scope: HomeScope) => queryOptions({
  queryKey: [...homeKey, scope], queryFn: ({ signal }) => get<HomeAnswer>('/me/home', { scope }, signal), staleTime: 15_000,
});

export const rowsOf = (card: Card | undefined): Rec[] => card?.list?.items ?? [];
export const countOf = (card: Card | undefined): number => card?.list?.count?.value ?? card?.aggregate?.total?.count ?? 0;
export const isOver = (card: Card | undefined): boolean => card?.list?.count?.exact === false;
export const sumOf = (row: AggregateRow | undefined, field: string): MoneyValue | null => (row?.[`sum_${field}`] ?? null) as MoneyValue | null;
