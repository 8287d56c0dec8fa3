// Who wrote what on a day: the follow-ups of everybody one sees, newest first, and how many each wrote.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { linkOf } from '@/fields/link/link';
import { useLive } from '@/lib/use-live';
import type { LinkValue, ObjectMeta, Page, Rec } from '@/lib/types';
import { fetchPage, fetchSums } from '@/record/data/records';

const FIELDS = 'about,account,contact,method,result,content,occurred_at,next_at,next_plan,owner,photos,attachments';
const PAGE = 100;

/** In the reader's zone, as the expression language counts days. */
export const dayFilter = (day: string): string => `occurred_at >= ${JSON.stringify(day)} and occurred_at < add_days(date(${JSON.stringify(day)}), 1)`;

export interface Person { who: LinkValue | null; count: number }

export function useDay(object: ObjectMeta, day: string, owner: string | null) {
  const base = dayFilter(day);
  const filter = owner ? `${base} and owner = ${JSON.stringify(owner)}` : base;
  const list = useInfiniteQuery({
    queryKey: ['followup-day', day, owner], initialPageParam: null as string | null, getNextPageParam: (last: Page) => last.next,
    queryFn: ({ pageParam, signal }) => fetchPage(`/${object.plural}`, { filter, sort: '-occurred_at', fields: FIELDS, limit: PAGE, count: 'none' }, pageParam, signal),
  });
  const people = useQuery({ queryKey: ['followup-day', day, 'people'], queryFn: () => fetchSums(object.plural, ['count'], base, ['owner']) });
  useLive([object.plural], () => { void list.refetch(); void people.refetch(); });
  const counts: Person[] = (people.data?.rows ?? []).map((row) => ({ who: linkOf(row.owner), count: row.count ?? 0 })).sort((a, b) => b.count - a.count);
  return { list, records: list.data?.pages.flatMap((p) => p.items) ?? [], counts };
}

/** By person, in the order of the counts; within one as the list gives them. */
export function byPerson(records: Rec[], counts: Person[]): { person: Person; records: Rec[] }[] {
  const idOf = (r: Rec) => linkOf(r.owner)?.id ?? '';
  return counts.map((person) => ({ person, records: records.filter((r) => idOf(r) === (person.who?.id ?? '')) })).filter((g) => g.records.length);
}
