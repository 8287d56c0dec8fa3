// One request per view: what stands on these days for these people.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from '@/lib/api';
import type { LinkValue, Page } from '@/lib/types';

export interface CalendarCard { object: string; filter: string; list: Page }
export interface CalendarAnswer { from: string; to: string; people: LinkValue[]; people_more: boolean; off: string[]; work: string[]; cards: Record<string, CalendarCard | undefined> }

/** Whose days: mine, those of my department, of a department, of people. */
export interface Whose { kind: 'mine' | 'ours' | 'department' | 'people'; department?: LinkValue; people?: LinkValue[] }

export const calendarKey = ['calendar'];

/** null: nothing is chosen yet. */
export function whoseParams({ kind, department, people }: Whose): Record<string, string> | null {
  if (kind === 'mine') return {};
  if (kind === 'ours') return { department: 'mine' };
  if (kind === 'department') return department ? { department: department.id } : null;
  return people?.length ? { people: people.map((p) => p.id).join(',') } : null;
}

export function useCalendar(from: string, to: string, whose: Whose) {
  const params = whoseParams(whose);
  return useQuery({
    queryKey: [...calendarKey, from, to, params], enabled: params !== null, staleTime: 10_000, placeholderData: keepPreviousData,
    queryFn: ({ signal }): Promise<CalendarAnswer> => get<CalendarAnswer>('/me/calendar', { from, to, ...params }, signal),
  });
}
