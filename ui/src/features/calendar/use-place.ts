// What the address of the page says: view, day, whose.
import { useSearchParams } from 'react-router';
import { today } from '@/lib/dates';
import type { LinkValue } from '@/lib/types';
import { dayAfter, daysOf, monthAfter } from '@/record/kinds/days';
import type { Whose } from './calendar-api';
import { daysFrom } from './entries';

export const VIEWS = ['day', 'week', 'month', 'team'] as const;
export const PHONE_VIEWS = ['agenda', 'day'] as const;
export type View = (typeof VIEWS)[number] | (typeof PHONE_VIEWS)[number];
const AGENDA_DAYS = 14;

const namedIn = (text: string): LinkValue[] => text.split('|').filter((p) => /^\d+/.test(p)).map((p) => { const [id, ...title] = p.split('~'); return { id: id!, title: title.join('~') || null }; });
const named = (links: LinkValue[]): string => links.map((l) => `${l.id}~${(l.title ?? '').replace(/[|~]/g, ' ')}`).join('|');

function whoseOf(params: URLSearchParams): Whose {
  const people = namedIn(params.get('people') ?? '');
  const [department] = namedIn(params.get('department') ?? '');
  const kind = params.get('whose');
  return kind === 'ours' || kind === 'people' || kind === 'department' ? { kind, people, department } : { kind: 'mine', people, department };
}

export function spanOf(view: View, day: string): string[] {
  if (view === 'day') return [day];
  if (view === 'agenda') return daysFrom(day, AGENDA_DAYS);
  return daysOf(view === 'month' ? 'month' : 'week', day);
}

export function stepOf(view: View, day: string, n: number): string {
  if (view === 'month') return monthAfter(day, n);
  return dayAfter(day, view === 'day' ? n : (view === 'agenda' ? AGENDA_DAYS : 7) * n);
}

export function usePlace(phone: boolean) {
  const [params, setParams] = useSearchParams();
  const put = (values: Record<string, string | null>) => setParams((old) => { const next = new URLSearchParams(old); for (const [k, v] of Object.entries(values)) if (v) next.set(k, v); else next.delete(k); return next; }, { replace: true });
  const asked = params.get('view') as View | null;
  const offered: readonly View[] = phone ? PHONE_VIEWS : VIEWS;
  const view: View = asked && offered.includes(asked) ? asked : phone ? 'agenda' : 'week';
  const given = params.get('day') ?? '';
  const day = /^\d{4}-\d{2}-\d{2}$/.test(given) && !Number.isNaN(Date.parse(given)) ? given : today();
  const setWhose = ({ kind, people, department }: Whose) => put({ whose: kind === 'mine' ? null : kind, people: people?.length ? named(people) : null, department: department ? named([department]) : null });
  return { view, day, offered, whose: whoseOf(params), put, setWhose };
}
