// Names of linked records that conditions hold as ids or codes: one small question, only where there are some.
import { useQuery } from '@tanstack/react-query';
import { hasTrait, titleField, useCatalogue } from '@/lib/meta';
import type { FieldMeta } from '@/lib/types';
import { fetchPage } from '../data/records';

const NONE: ReadonlyMap<string, string> = new Map();

export function useTitles(field: FieldMeta | undefined, literals: string[]): ReadonlyMap<string, string> {
  const { byName } = useCatalogue();
  const target = field?.type === 'link' || field?.type === 'links' ? byName.get(field.to ?? '') : undefined;
  const key = target && hasTrait(target, 'coded') ? 'code' : 'id';
  const title = target ? titleField(target) : '';
  const wanted = literals.filter((l) => l.startsWith('"') && l !== '""').slice(0, 100);
  const query = useQuery({
    queryKey: ['titles', target?.plural, wanted], enabled: !!target && wanted.length > 0, staleTime: 5 * 60_000, retry: false,
    queryFn: async ({ signal }) => {
      const page = await fetchPage(`/${target!.plural}`, { filter: `${key} in (${wanted.join(', ')})`, fields: [...new Set([title, ...(key === 'code' ? ['code'] : [])])].join(','), limit: 100, count: 'none' }, null, signal);
      return new Map(page.items.map((r) => [String(r[key]), String(r[title] ?? '')]));
    },
  });
  return query.data ?? NONE;
}

