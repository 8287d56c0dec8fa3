import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDebounced } from '@/fields/link/use-candidates';
import { get } from '@/lib/api';
import { inSentence, t } from '@/lib/i18n';
import { hasTrait, mayCreate, mayRead, objectLabel, pluralLabel, titleField, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Page } from '@/lib/types';
import { recordTitle } from '@/record/page/record-mark';
import { menuOf } from './menu';

export interface PaletteItem { key: string; kind: 'record' | 'place' | 'create'; title: string; note: string; icon?: string; to: string }
export interface PaletteGroup { title: string; items: PaletteItem[] }

const PER_OBJECT = 5;
const OBJECTS = 6;

async function search(objects: ObjectMeta[], text: string, signal: AbortSignal): Promise<PaletteGroup[]> {
  const answers = await Promise.all(objects.map(async (o): Promise<PaletteGroup> => {
    const filter = `${titleField(o)} ~ ${JSON.stringify(text)}`;
    const page = await get<Page>(`/${o.plural}`, { filter, fields: titleField(o), limit: PER_OBJECT, count: 'none' }, signal).catch(() => ({ items: [], next: null } as Page));
    return { title: pluralLabel(o), items: page.items.map((r) => ({ key: `${o.plural}/${r.id}`, kind: 'record', title: recordTitle(o, r), note: '', icon: o.icon ?? o.object, to: `/${o.plural}/${r.id}` })) };
  }));
  return answers.filter((g) => g.items.length);
}

export function usePaletteItems(typed: string): { groups: PaletteGroup[]; loading: boolean } {
  const { meta } = useCatalogue();
  const text = useDebounced(typed.trim(), 150);
  const objects = menuOf(meta.objects.filter(mayRead)).flatMap((g) => g.objects);
  const searched = objects.filter((o) => !hasTrait(o, 'coded') && o.fields.some((f) => f.name === titleField(o) && f.type === 'text')).slice(0, OBJECTS);
  const query = useQuery({ queryKey: ['palette', text, searched.map((o) => o.plural)], queryFn: ({ signal }) => search(searched, text, signal), enabled: text !== '', placeholderData: keepPreviousData, staleTime: 10_000 });
  const word = typed.trim().toLowerCase();
  const fits = (o: ObjectMeta) => !word || [pluralLabel(o), objectLabel(o), o.plural].some((n) => n.toLowerCase().includes(word));
  const places = objects.filter(fits).map((o): PaletteItem => ({ key: `go-${o.plural}`, kind: 'place', title: pluralLabel(o), note: t('palette.place'), icon: o.icon ?? o.object, to: `/${o.plural}` }));
  const creates = objects.filter((o) => fits(o) && mayCreate(o) && !hasTrait(o, 'coded')).slice(0, 5).map((o): PaletteItem => ({ key: `new-${o.plural}`, kind: 'create', title: t('action.new_object', { object: inSentence(objectLabel(o)) }), note: '', to: `/${o.plural}?new=1` }));
  const fixed = [{ title: t('palette.places'), items: places }, { title: t('palette.actions'), items: creates }].filter((g) => g.items.length);
  return { groups: [...(text ? query.data ?? [] : []), ...fixed], loading: query.isFetching };
}
