import { useQuery } from '@tanstack/react-query';
import { formatNumber } from '@/lib/numbers';
import type { ObjectMeta, Relation } from '@/lib/types';
import { fetchPage, type ListParams } from '../data/records';
import { useAsOf } from '../page/as-of';

export const relatedPath = (object: ObjectMeta, id: string, relation: Relation): string => `/${object.plural}/${id}/related/${relation.name}`;

export function RelatedCount({ object, id, relation }: { object: ObjectMeta; id: string; relation: Relation }) {
  const path = relatedPath(object, id, relation);
  const { asOf } = useAsOf();
  const query = useQuery({ queryKey: ['related', path, asOf], queryFn: ({ signal }) => fetchPage(path, { limit: 1, count: 'capped', fields: 'id', as_of: asOf } as ListParams, null, signal), staleTime: 30_000 });
  const count = query.data?.count;
  return count ? <em>{formatNumber(count.value)}{count.exact ? '' : '+'}</em> : null;
}
