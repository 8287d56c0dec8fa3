import { keepPreviousData, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useDebounced } from '@/fields/link/use-candidates';
import { get } from '@/lib/api';
import { inSentence, plural, t } from '@/lib/i18n';
import { hasTrait, mayCreate, mayRead, objectLabel, pluralLabel, titleField, useCatalogue, type Catalogue } from '@/lib/meta';
import type { ObjectMeta, Rec, SearchAnswer, SearchHit } from '@/lib/types';
import { recordTitle } from '@/record/page/record-mark';
import { menuOf } from './menu';

export type Ranges = [number, number][];
export interface PaletteItem { key: string; kind: 'record' | 'place' | 'create' | 'find'; title: string; note: string; icon?: string; to: string; marks?: { title?: Ranges; note?: Ranges } }
export interface PaletteGroup { title: string; items: PaletteItem[] }

const LIMIT = 20;
const RECENT = 6;

function hitItem(object: ObjectMeta, hit: SearchHit): PaletteItem {
  const inTitle = hit.match.field === titleField(object);
  return {
    key: `${object.plural}/${hit.id}`, kind: 'record', title: hit.title ?? `#${hit.id}`, note: hit.subtitle ?? '', icon: object.icon ?? object.object,
    to: `/${object.plural}/${hit.id}`, marks: inTitle ? { title: hit.match.ranges } : { note: hit.match.ranges },
  };
}

/** Groups in the order in which the best of each was found. */
export function groupHits(hits: SearchHit[], byName: Map<string, ObjectMeta>): { object: ObjectMeta; group: PaletteGroup }[] {
  const groups = new Map<string, { object: ObjectMeta; group: PaletteGroup }>();
  for (const hit of hits) {
    const object = byName.get(hit.object);
    if (!object) continue;
    const known = groups.get(hit.object) ?? { object, group: { title: pluralLabel(object), items: [] } };
    known.group.items.push(hitItem(object, hit));
    groups.set(hit.object, known);
  }
  return [...groups.values()];
}

/** What was opened in this session: nothing is kept beyond it. */
function recentItems(client: QueryClient, catalogue: Catalogue): PaletteItem[] {
  const opened = client.getQueryCache().findAll({ queryKey: ['record'] }).filter((q) => q.state.data).sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  return opened.slice(0, RECENT).flatMap((q): PaletteItem[] => {
    const object = catalogue.byPlural.get(String(q.queryKey[1]));
    const record = q.state.data as Rec;
    return object && mayRead(object) && record.id ? [{ key: `recent-${object.plural}/${record.id}`, kind: 'record', title: recordTitle(object, record), note: objectLabel(object), icon: object.icon ?? object.object, to: `/${object.plural}/${record.id}` }] : [];
  });
}

export function usePaletteItems(typed: string): { groups: PaletteGroup[]; loading: boolean; error: unknown } {
  const catalogue = useCatalogue();
  const client = useQueryClient();
  const text = useDebounced(typed.trim(), 120);
  const objects = menuOf(catalogue.meta.objects.filter(mayRead)).flatMap((g) => g.objects);
  const query = useQuery({ queryKey: ['palette', text], queryFn: ({ signal }) => get<SearchAnswer>('/search', { q: text, limit: LIMIT }, signal), enabled: text !== '', placeholderData: keepPreviousData, staleTime: 10_000 });
  const found = text ? groupHits(query.data?.items ?? [], catalogue.byName) : [];
  const word = typed.trim().toLowerCase();
  const fits = (o: ObjectMeta) => !word || [pluralLabel(o), objectLabel(o), o.plural].some((n) => n.toLowerCase().includes(word));
  const places = objects.filter(fits).map((o): PaletteItem => ({ key: `go-${o.plural}`, kind: 'place', title: pluralLabel(o), note: t('palette.place'), icon: o.icon ?? o.object, to: `/${o.plural}` }));
  const creates = objects.filter((o) => fits(o) && mayCreate(o) && !hasTrait(o, 'coded')).slice(0, 5).map((o): PaletteItem => ({ key: `new-${o.plural}`, kind: 'create', title: t('action.new_object', { object: inSentence(objectLabel(o)) }), note: '', to: `/${o.plural}?new=1` }));
  const finds = found.map(({ object: o }): PaletteItem => ({ key: `find-${o.plural}`, kind: 'find', title: t('palette.in_list', { objects: plural(inSentence(objectLabel(o))), text }), note: '', to: `/${o.plural}?find=${encodeURIComponent(text)}` }));
  const fixed = [{ title: t('palette.recent'), items: word ? [] : recentItems(client, catalogue) }, { title: t('palette.places'), items: places }, { title: t('palette.actions'), items: [...finds, ...creates] }];
  return { groups: [...found.map((f) => f.group), ...fixed.filter((g) => g.items.length)], loading: query.isFetching, error: text && query.isError ? query.error : null };
}
