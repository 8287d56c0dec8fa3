// How many records of a relation belong to a record: all relations of it are asked at once.
import { useQuery } from '@tanstack/react-query';
import { get } from '@/lib/api';
import { formatNumber } from '@/lib/numbers';
import type { Count, ObjectMeta, Relation } from '@/lib/types';
import { useAsOf } from '../page/as-of';

export const relatedPath = (object: ObjectMeta, id: string, relation: Relation): string => `/${object.plural}/${id}/related/${relation.name}`;

interface Counts { items: { relation: string; count: Count }[] }

export function RelatedCount({ object, id, relation }: { object: ObjectMeta; id: string; relation: Relation }) {
  const path = `/${object.plural}/${id}/related`;
  const { asOf } = useAsOf();
  const { data: count } = useQuery({
    queryKey: ['related', path, asOf], queryFn: ({ signal }) => get<Counts>(path, { as_of: asOf }, signal), staleTime: 30_000,
    select: (counts) => counts.items.find((c) => c.relation === relation.name)?.count,
  });
  return count ? <em>{formatNumber(count.value)}{count.exact ? '' : '+'}</em> : null;
}
