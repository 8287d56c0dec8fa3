// Figures as the server composes them: each with the filter whose list it counts.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from '@/lib/api';
import type { AggregateRow } from '@/lib/types';
import type { Card, HomeScope } from '../home/api';

export const PERIODS = ['month', 'quarter', 'year'] as const;
export type Period = (typeof PERIODS)[number];
export interface RfmCell { r: number; f: number; count: number; sum: number; filter: string }
export interface Buyers { n: number; cut: boolean; days: number; filter: string; pareto: { total: number; reach: number; top_fifth: number; lorenz: number[]; filter: string } | null; rfm: RfmCell[] | null; top: AggregateRow[] }
export interface FiguresAnswer { at: string; scope: HomeScope; period: Period; cards: Record<string, Card | undefined>; buyers: Buyers | null }

export const figuresKey = ['figures'];
export const useFigures = (scope: HomeScope, period: Period) => useQuery({
  queryKey: [...figuresKey, scope, period], staleTime: 15_000, placeholderData: keepPreviousData, refetchInterval: 5 * 60_000,
  queryFn: ({ signal }): Promise<FiguresAnswer> => get<FiguresAnswer>('/me/figures', { scope, period }, signal),
});
