// Counts and sums of all columns in one request.
import { useQuery } from '@tanstack/react-query';
import type { AggregateRow, LinkValue, MoneyValue, ObjectMeta } from '@/lib/types';
import { fetchSums } from '../data/records';
import type { BoardSpec } from './board-meta';

export interface ColumnSum { count: number; sum: MoneyValue | null }

const keyOf = (value: unknown): string => (value && typeof value === 'object' && 'id' in value ? (value as LinkValue).id : String(value ?? ''));

export function sumsByColumn(rows: AggregateRow[], spec: BoardSpec): Map<string, ColumnSum> {
  const measure = spec.sum ? `sum_${spec.sum.name}` : '';
  return new Map(rows.map((r) => [keyOf(r[spec.group.name]), { count: Number(r.count ?? 0), sum: (r[measure] as MoneyValue | null | undefined) ?? null }]));
}

export const sumsKey = (object: ObjectMeta, filter: string): unknown[] => ['board', object.plural, 'sums', filter];

export function useColumnSums(object: ObjectMeta, spec: BoardSpec, filter: string, enabled: boolean) {
  const measures: unknown[] = spec.sum ? ['count', { sum: spec.sum.name }] : ['count'];
  const query = useQuery({ queryKey: sumsKey(object, filter), queryFn: () => fetchSums(object.plural, measures, filter, [spec.group.name]), enabled, staleTime: 10_000 });
  return { sums: sumsByColumn(query.data?.rows ?? [], spec), ready: query.isSuccess, error: query.error };
}
