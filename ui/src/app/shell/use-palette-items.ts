import { keepPreviousData, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useDebounced } from '@/fields/link/use-candidates';
import { get } from '@/lib/api';
import { inSentence, plural, t } from '@/lib/i18n';
import { initials } from '@/lib/initials';
import { mayCustomise, useSignedIn } from '@/lib/me';
import { hasTrait, mayCreate, mayRead, objectLabel, pluralLabel, titleField, useCatalogue, type Catalogue } from '@/lib/meta';
import type { ObjectMeta, Rec, SearchAnswer, SearchHit } from '@/lib/types';
import { useMarks, type Mark } from '@/record/data/use-marks';
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

const markItem = ({ byName }: Catalogue, kind: string) => (mark: Mark): PaletteItem[] => {
  const object = byName.get(mark.object);
  return object && mayRead(object) ? [{ key: `${kind}-${object.plural}/${mark.id}`, kind: 'record', title: mark.title, note: objectLabel(object), icon: object.icon ?? object.object, to: `/${object.plural}/${mark.id}` }] : [];
};

/** What was opened lately: the server's list, and what this page has just read and not yet told. */
function recentItems(client: QueryClient, catalogue: Catalogue, marks: Mark[]): PaletteItem[] {
  const opened = client.getQueryCache().findAll({ queryKey: ['record'] }).filter((q) => q.state.data).sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  const now = opened.flatMap((q): Mark[] => {
    const object = catalogue.byPlural.get(String(q.queryKey[1]));
    const record = q.state.data as Rec;
    return object && record.id ? [{ object: object.object, id: record.id, title: recordTitle(object, record), at: '' }] : [];
  });
  const known = new Set<string>();
  return [...now, ...marks].filter((m) => { const fresh = !known.has(`${m.object} ${m.id}`); known.add(`${m.object} ${m.id}`); return fresh; }).flatMap(markItem(catalogue, 'recent')).slice(0, RECENT);
}

/** Pages that are no list. */
const pages = (system: string[] | undefined): { to: string; title: string; icon: string }[] => [
  { to: '/', title: t('nav.home'), icon: 'home' }, { to: '/daily', title: t('page.daily'), icon: 'message' }, { to: '/jobs', title: t('job.title'), icon: 'list' },
  ...(mayCustomise(system) ? [{ to: '/settings', title: t('setup.title'), icon: 'shapes' }] : []),
];

/** Found by its words, or by their first letters. */
export const fitsWord = (word: string, names: string[]): boolean => !word || names.some((n) => n.toLowerCase().includes(word) || initials(n).includes(word));

export function usePaletteItems(typed: string): { groups: PaletteGroup[]; loading: boolean; error: unknown } {
  const catalogue = useCatalogue();
  const client = useQueryClient();
  const marks = useMarks();
  const { rights } = useSignedIn();
  const text = useDebounced(typed.trim(), 120);
  const objects = menuOf(catalogue.meta.objects.filter(mayRead)).flatMap((g) => g.objects);
  const query = useQuery({ queryKey: ['palette', text], queryFn: ({ signal }) => get<SearchAnswer>('/search', { q: text, limit: LIMIT }, signal), enabled: text !== '', placeholderData: keepPreviousData, staleTime: 10_000 });
  const found = text ? groupHits(query.data?.items ?? [], catalogue.byName) : [];
  const word = typed.trim().toLowerCase();
  const fits = (o: ObjectMeta) => fitsWord(word, [pluralLabel(o), objectLabel(o), o.plural]);
  const special = pages(rights.system).filter((p) => fitsWord(word, [p.title])).map((p): PaletteItem => ({ key: `page-${p.to}`, kind: 'place', title: p.title, note: t('palette.page'), icon: p.icon, to: p.to }));
  const lists = objects.filter(fits).map((o): PaletteItem => ({ key: `go-${o.plural}`, kind: 'place', title: pluralLabel(o), note: t('palette.place'), icon: o.icon ?? o.object, to: `/${o.plural}` }));
  const creates = objects.filter((o) => fits(o) && mayCreate(o) && !hasTrait(o, 'coded')).slice(0, 5).map((o): PaletteItem => ({ key: `new-${o.plural}`, kind: 'create', title: t('action.new_object', { object: inSentence(objectLabel(o)) }), note: '', to: `/${o.plural}?new=1` }));
  const finds = found.map(({ object: o }): PaletteItem => ({ key: `find-${o.plural}`, kind: 'find', title: t('palette.in_list', { objects: plural(inSentence(objectLabel(o))), text }), note: '', to: `/${o.plural}?find=${encodeURIComponent(text)}` }));
  const places = word ? [...lists, ...special] : [...special, ...lists];
  const favourites = marks.favourite.filter((m) => !word || fitsWord(word, [m.title])).flatMap(markItem(catalogue, 'favourite')).slice(0, RECENT);
  const fixed = [{ title: t('palette.recent'), items: word ? [] : recentItems(client, catalogue, marks.recent) }, { title: t('mark.favourites'), items: favourites }, { title: t('palette.places'), items: places }, { title: t('palette.actions'), items: [...finds, ...creates] }];
  return { groups: [...found.map((f) => f.group), ...fixed.filter((g) => g.items.length)], loading: query.isFetching, error: text && query.isError ? query.error : null };
}
