// What I may do with this record: by the object's rights alone where they hold for all records, else the server is asked.
import { useQuery } from '@tanstack/react-query';
import { useSignedIn } from '@/lib/me';
import type { ObjectMeta, Rec } from '@/lib/types';
import { linkOf } from '@/fields/link/link';
import { fetchMine, type Doing } from './access-api';

export const mineKey = (plural: string, id: string) => ['access', plural, id, 'me'];

const scopeOf = (object: ObjectMeta, doing: Doing): unknown => (object.rights ? object.rights[doing] ?? 'none' : 'all');

/** What is not decided for all records alike. */
const isOpen = (object: ObjectMeta, doing: Doing): boolean => !['none', 'all', false, true].includes(scopeOf(object, doing) as string | boolean);

export function useMay(object: ObjectMeta, record: Rec): (doing: Doing) => boolean {
  const { user } = useSignedIn();
  const unsure = (['update', 'delete', 'share'] as Doing[]).some((d) => isOpen(object, d));
  const query = useQuery({ queryKey: [...mineKey(object.plural, record.id), record.version], queryFn: ({ signal }) => fetchMine(object.plural, record.id, signal), enabled: unsure, staleTime: 30_000 });
  const mine = linkOf(record.owner)?.id === user.id;
  return (doing) => (isOpen(object, doing) ? query.data?.[doing] ?? mine : scopeOf(object, doing) === 'all' || scopeOf(object, doing) === true);
}
