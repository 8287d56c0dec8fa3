// Columns of a board: the choices of a field, or the records of the coded object it links to (of one parent).
import { useQuery } from '@tanstack/react-query';
import { get } from '@/lib/api';
import { label, language } from '@/lib/i18n';
import { fieldLabel, titleField, useCatalogue } from '@/lib/meta';
import type { LinkValue, ObjectMeta, Page, Rec } from '@/lib/types';
import { linkLiteral, parentFieldOf, type BoardSpec } from './board-meta';

export interface BoardColumn { key: string; title: string; condition: string; value: unknown; percent: string | null; percentLabel: string; closed: boolean }

export interface Parent extends LinkValue { isDefault: boolean }

const LIMIT = 100;

export function useParents(spec: BoardSpec) {
  const catalogue = useCatalogue();
  const target = spec.groupBy?.to ? catalogue.byName.get(spec.groupBy.to) : undefined;
  const query = useQuery({
    queryKey: ['board-parents', target?.plural],
    queryFn: ({ signal }) => get<Page>(`/${target!.plural}`, { limit: LIMIT, count: 'none', ...(target!.fields.some((f) => f.name === 'position') ? { sort: 'position' } : {}) }, signal),
    enabled: !!target, staleTime: 60_000,
  });
  const title = target ? nameField(target) : 'id';
  const parents: Parent[] = (query.data?.items ?? []).map((r) => ({ id: r.id, title: String(r[title] || (target && r[titleField(target)]) || r.id), code: r.code as string | undefined, isDefault: r.is_default === true }));
  return { query, parents, needed: !!target };
}

/** Entries of coded lists carry an English name beside the title. */
function nameField(target: ObjectMeta): string {
  const english = `${titleField(target)}_en`;
  return language() === 'en' && target.fields.some((f) => f.name === english) ? english : titleField(target);
}

function fromRecords(target: ObjectMeta, items: Rec[], condition: (link: LinkValue) => string): BoardColumn[] {
  const title = nameField(target);
  const percent = target.fields.find((f) => f.type === 'percent');
  return items.map((r) => {
    const link: LinkValue = { id: r.id, title: String(r[title] || r[titleField(target)] || r.code || r.id), code: r.code as string | undefined };
    return {
      key: r.id, title: link.title ?? r.id, condition: condition(link), value: link,
      percentLabel: percent ? fieldLabel(percent) : '',
      percent: percent && r[percent.name] !== null && r[percent.name] !== undefined ? String(r[percent.name]) : null,
      closed: typeof r.outcome === 'string' && r.outcome !== 'open',
    };
  });
}

export function useColumns(spec: BoardSpec, parent: LinkValue | undefined) {
  const catalogue = useCatalogue();
  const { group, groupBy } = spec;
  const target = group.type === 'link' && group.to ? catalogue.byName.get(group.to) : undefined;
  const up = target && groupBy ? parentFieldOf(target, groupBy) : undefined;
  const filter = up && parent ? `${up.name} = ${linkLiteral(catalogue, up.to, parent)}` : '';
  const query = useQuery({
    queryKey: ['board-columns', target?.plural, filter],
    queryFn: ({ signal }) => get<Page>(`/${target!.plural}`, { filter, limit: LIMIT, count: 'none', ...(target!.fields.some((f) => f.name === 'position') ? { sort: 'position' } : {}) }, signal),
    enabled: !!target && (!groupBy || !!parent), staleTime: 60_000,
  });
  if (!target) {
    const columns = (group.choices ?? []).filter((c) => !c.retired).map((c): BoardColumn => ({ key: c.value, title: label(c.label, c.value), condition: `${group.name} = ${JSON.stringify(c.value)}`, value: c.value, percent: null, percentLabel: '', closed: false }));
    return { columns, scope: '', isPending: false, error: null, refetch: () => {} };
  }
  const scope = groupBy && parent ? `${groupBy.name} = ${linkLiteral(catalogue, groupBy.to, parent)}` : '';
  const columns = fromRecords(target, query.data?.items ?? [], (link) => `${group.name} = ${linkLiteral(catalogue, target.object, link)}`);
  return { columns, scope, isPending: query.isPending, error: query.error, refetch: () => void query.refetch() };
}
