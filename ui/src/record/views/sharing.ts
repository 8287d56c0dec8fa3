// With whom a view is shared: the server's "all", "role:…", "user:…" as people and groups of rights to choose.
import { useQuery } from '@tanstack/react-query';
import { get } from '@/lib/api';
import { fieldOf, titleField } from '@/lib/meta';
import type { FieldMeta, LinkValue, ObjectMeta, Page } from '@/lib/types';

export type Reach = 'me' | 'people' | 'groups' | 'all';

export function reachOf(shared: string[] | null | undefined): Reach {
  if (!shared?.length) return 'me';
  if (shared.includes('all')) return 'all';
  return shared.some((p) => p.startsWith('role:')) ? 'groups' : 'people';
}

export const namesAfter = (kind: 'role:' | 'user:', shared: string[] | null | undefined): string[] =>
  (shared ?? []).filter((p) => p.startsWith(kind)).map((p) => p.slice(kind.length));

export function principalsOf(reach: Reach, people: LinkValue[], codes: string[]): string[] {
  if (reach === 'all') return ['all'];
  const single = people.map((p) => `user:${p.id}`);
  if (reach === 'people') return single;
  return reach === 'groups' ? [...codes.map((c) => `role:${c}`), ...single] : [];
}

export interface Sharing { people?: ObjectMeta; groups?: ObjectMeta; picker?: FieldMeta }

/** Who made a record is a person; what gives a person permissions is a group of rights. */
export function sharingOf(object: ObjectMeta, byName: Map<string, ObjectMeta>): Sharing {
  const people = byName.get(fieldOf(object, 'created_by')?.to ?? '');
  const targets = people?.fields.filter((f) => f.type === 'links').map((f) => byName.get(f.to ?? '')) ?? [];
  const groups = targets.find((o) => o && fieldOf(o, 'permissions') && fieldOf(o, 'code'));
  return { people, groups, picker: people && { name: 'people', type: 'links', to: people.object, target: { coded: false, icon: people.icon ?? people.object } } };
}

/** With people as one likes; with groups and all by the right to manage views. */
export const reachesOf = ({ people, groups }: Sharing, wide: boolean): Reach[] =>
  ['me', ...(people ? ['people' as const] : []), ...(wide && groups ? ['groups' as const] : []), ...(wide ? ['all' as const] : [])];

/** Names of the people that a view is shared with already. */
export function useSharedPeople({ people }: Sharing, ids: string[]): LinkValue[] {
  const title = people ? titleField(people) : '';
  const query = useQuery({
    queryKey: ['sharing', people?.plural, ids], enabled: !!people && ids.length > 0,
    queryFn: ({ signal }) => get<Page>(`/${people!.plural}`, { filter: `id in (${ids.map((i) => JSON.stringify(i)).join(', ')})`, fields: title, count: 'none' }, signal),
  });
  return ids.map((id) => ({ id, title: String(query.data?.items.find((r) => r.id === id)?.[title] ?? '') }));
}

export function useGroups({ groups }: Sharing, wanted: boolean): { value: string; label: string }[] {
  const title = groups ? titleField(groups) : '';
  const query = useQuery({
    queryKey: ['sharing', groups?.plural], enabled: !!groups && wanted,
    queryFn: ({ signal }) => get<Page>(`/${groups!.plural}`, { fields: `${title},code`, sort: 'id', limit: 200, count: 'none' }, signal),
  });
  return (query.data?.items ?? []).map((r) => ({ value: String(r.code), label: String(r[title] ?? r.code) }));
}
