// Records a link may point to: found by title while typing; short coded lists come whole, children only those of the record's parent.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get } from '@/lib/api';
import { hasTrait, titleField, useCatalogue } from '@/lib/meta';
import type { FieldMeta, LinkValue, ObjectMeta, Page } from '@/lib/types';
import { linkOf } from './link';

export function useDebounced<T>(value: T, ms: number): T {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return late;
}

/** A stage belongs to a pipeline: where target and record link to the same parent, only its children are offered. */
export function parentCondition(byName: Map<string, ObjectMeta>, target: ObjectMeta, owner: ObjectMeta | undefined, record: Record<string, unknown> | undefined): string {
  if (!hasTrait(target, 'line') || !owner || !record) return '';
  for (const up of target.fields) {
    if (up.type !== 'link' || !up.required || up.system) continue;
    const here = owner.fields.find((f) => f.type === 'link' && f.to === up.to);
    const parent = here && linkOf(record[here.name]);
    if (!parent) continue;
    const above = byName.get(up.to ?? '');
    return `${up.name} = ${JSON.stringify(above && hasTrait(above, 'coded') && parent.code ? parent.code : parent.id)}`;
  }
  return '';
}

export function useCandidates(field: FieldMeta, search: string, open: boolean, ownerName: string | undefined, record: Record<string, unknown> | undefined) {
  const { byName } = useCatalogue();
  const target = byName.get(field.to ?? '');
  const late = useDebounced(search.trim(), 200);
  const title = target ? titleField(target) : 'id';
  const coded = !!target && hasTrait(target, 'coded');
  const scope = target ? parentCondition(byName, target, byName.get(ownerName ?? ''), record) : '';
  const filter = [scope, late ? `${title} ~ ${JSON.stringify(late)}` : ''].filter(Boolean).join(' and ');
  const hasPosition = !!target?.fields.some((f) => f.name === 'position');
  const query = useQuery({
    queryKey: ['candidates', target?.plural, filter],
    queryFn: ({ signal }) => get<Page>(`/${target!.plural}`, { filter, sort: coded && hasPosition ? 'position' : title, limit: coded ? 200 : 20, count: 'none' }, signal),
    enabled: open && !!target,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const items: LinkValue[] = (query.data?.items ?? []).map((r) => ({ id: r.id, title: String(r[title] ?? ''), code: coded ? r.code as string | undefined : undefined }));
  return { target, items, loading: query.isFetching, settled: late === search.trim() && !query.isFetching, title };
}
