// The catalogue in the browser: fetched once, revalidated by ETag, read through small helpers. No object is known by name.
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { getIfChanged } from './api';
import { label, plural } from './i18n';
import type { Choice, FieldMeta, Layout, Meta, ObjectMeta, Rec } from './types';

export const metaKey = ['meta'];

export interface Catalogue { meta: Meta; byName: Map<string, ObjectMeta>; byPlural: Map<string, ObjectMeta> }

const last: { etag: string | null; catalogue: Catalogue | null } = { etag: null, catalogue: null };

/** What a person may do less with a field than write it stands in the rights of the object: the field knows it from here on. */
function restrict(object: ObjectMeta) {
  const type = object.fields.find((f) => f.name === object.record_type);
  if (type && object.rights?.create_types) type.only = object.rights.create_types;
  for (const field of object.fields) {
    const right = object.rights?.fields?.[field.name];
    if (!right) continue;
    field.right = right;
    if (right !== 'read') Object.assign(field, { filterable: false, sortable: false, summable: false });
  }
}

export function catalogueOf(meta: Meta): Catalogue {
  meta.objects.forEach(restrict);
  const lists = new Map((meta.lists ?? []).map((l) => [l.list, l.entries]));
  for (const object of meta.objects) {
    for (const field of object.fields) if (!field.choices && field.list) field.choices = lists.get(field.list) ?? [];
  }
  const byName = new Map(meta.objects.map((o) => [o.object, o]));
  const said = meta.objects.flatMap((o) => (o.verbs ?? []).flatMap((v) => v.params.filter((p) => 'type' in p)));
  for (const field of said) if (!field.choices && field.list) field.choices = lists.get(field.list) ?? [];
  for (const field of [...meta.objects.flatMap((o) => o.fields), ...said]) {
    const to = field.to ? byName.get(field.to) : undefined;
    if (to) field.target = { coded: to.traits?.includes('coded') ?? false, icon: to.icon ?? to.object };
  }
  return { meta, byName, byPlural: new Map(meta.objects.map((o) => [o.plural, o])) };
}

async function fetchMeta(): Promise<Catalogue> {
  const answer = await getIfChanged<Meta>('/meta', last.catalogue ? last.etag : null);
  if (answer) Object.assign(last, { etag: answer.etag, catalogue: catalogueOf(answer.data) });
  return last.catalogue!;
}

/** Forget the catalogue of the person who has signed out. */
export const forgetMeta = () => { Object.assign(last, { etag: null, catalogue: null }); };

export const useMetaQuery = (enabled: boolean) =>
  useQuery({ queryKey: metaKey, queryFn: fetchMeta, enabled, staleTime: 60_000, refetchInterval: 120_000, refetchOnWindowFocus: true });

const Context = createContext<Catalogue | null>(null);
export const CatalogueProvider = Context.Provider;

export function useCatalogue(): Catalogue {
  const found = useContext(Context);
  if (!found) throw new Error('catalogue used outside its provider');
  return found;
}

export const titleField = (object: ObjectMeta): string =>
  object.title ?? object.fields.find((f) => f.type === 'text' && !f.system)?.name ?? 'id';
export const objectLabel = (object: ObjectMeta): string => label(object.label, object.object);
export const pluralLabel = (object: ObjectMeta): string => (object.plural_label ? label(object.plural_label, object.plural) : plural(objectLabel(object)));
export const fieldLabel = (field: FieldMeta): string => label(field.label, field.name);
export const fieldOf = (object: ObjectMeta, name: string): FieldMeta | undefined => object.fields.find((f) => f.name === name);
/** The layout for the person and the record: what is meant for fewer goes before what is meant for all. */
export function layoutOf(object: ObjectMeta, kind: Layout['kind'], record?: Rec | Record<string, unknown>): Layout | undefined {
  const type = object.record_type ? record?.[object.record_type] : undefined;
  return (object.shown ?? object.layouts)?.find((l) => l.kind === kind && (!l.for?.record_type || l.for.record_type === type));
}
/** A record's type says which fields there are: it goes before the role. */
const aim = ({ for: who }: Layout): number => (who?.record_type ? 2 : 0) + (who?.roles?.length ? 1 : 0);
export function chooseLayouts({ meta }: Catalogue, roles: string[]): void {
  for (const object of meta.objects)
    object.shown = object.layouts?.filter((l) => !l.for?.roles?.length || l.for.roles.some((r) => roles.includes(r))).map((l, i) => ({ l, i })).sort((a, b) => aim(b.l) - aim(a.l) || a.i - b.i).map((x) => x.l);
}
export const hasTrait = (object: ObjectMeta, trait: string): boolean => object.traits?.includes(trait) ?? false;
export const choiceLabel = (field: FieldMeta, value: string): string => label(choiceOf(field, value)?.label, value);
/** Entries of a list by name: parts of an address take theirs from lists, not from the field. */
export const entriesOf = (list: string): Choice[] => last.catalogue?.meta.lists?.find((l) => l.list === list)?.entries ?? [];
export const entryLabel = (list: string, value: string): string => label(entriesOf(list).find((c) => c.value === value)?.label, value);
export const choiceOf = (field: FieldMeta, value: string): Choice | undefined => field.choices?.find((c) => c.value === value);

const granted = (right: unknown): boolean => right !== undefined && right !== null && right !== false && right !== 'none';
export const mayRead = (object: ObjectMeta): boolean => !object.rights || granted(object.rights.read);
export const mayCreate = (object: ObjectMeta): boolean => !object.rights || granted(object.rights.create);
export const mayUpdate = (object: ObjectMeta): boolean => !object.rights || granted(object.rights.update);
export const mayExport = (object: ObjectMeta): boolean => !object.rights || granted(object.rights.export);
export const mayImport = (object: ObjectMeta): boolean => !object.rights || (granted(object.rights.import) && (mayCreate(object) || mayUpdate(object)));
export const mayShare = (object: ObjectMeta): boolean => !object.rights || granted(object.rights.share);
export const mayDelete = (object: ObjectMeta): boolean => !object.rights || granted(object.rights.delete);

const READ_ONLY_TYPES = new Set(['auto_number', 'formula', 'rollup']);
export const isEditable = (field: FieldMeta): boolean => !field.readonly && !field.right && !READ_ONLY_TYPES.has(field.type);
/** Fields that belong to the business, not to the machine. */
export const ownFields = (object: ObjectMeta): FieldMeta[] =>
  object.fields.filter((f) => !f.system || f.name === 'owner');
