// Records of several objects as entries of one calendar, and what a move of one writes.
import { durationParts } from '@/fields/duration/format';
import { linkOf, linkTitle } from '@/fields/link/link';
import { dayOf } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { choiceLabel, fieldOf, isEditable, mayUpdate, type Catalogue } from '@/lib/meta';
import type { LinkValue, ObjectMeta, Rec } from '@/lib/types';
import { dayAfter } from '@/record/kinds/days';
import type { CalendarAnswer } from './calendar-api';

export const KINDS = ['meeting', 'visit', 'call', 'task', 'followup'] as const;
export type Kind = (typeof KINDS)[number];

export interface Entry {
  key: string; kind: Kind; object: ObjectMeta; record: Rec; start: number; end: number; allDay: boolean; title: string; where: string;
  people: LinkValue[]; done: boolean; /** One of several that were made by a rule. */ repeats: boolean; /** Others' time of which nothing is told. */ busy: boolean; /** The field of its time; undefined: it stays where it is. */ at?: string; sizable: boolean;
}

/** What has no end of its own is drawn so long. */
export const NOMINAL = 30 * 60_000;

type Reader = (record: Rec, object: ObjectMeta) => Partial<Entry>;
const time = (value: unknown): number => Date.parse(String(value ?? ''));
const facts = (...parts: unknown[]): string => parts.map((p) => (typeof p === 'string' ? p : linkTitle(linkOf(p)))).filter(Boolean).join(' · ');
const choice = (object: ObjectMeta, name: string, value: unknown): string => { const f = fieldOf(object, name); return f && value ? choiceLabel(f, String(value)) : ''; };
export const durationMs = (value: unknown): number => { const d = durationParts(String(value ?? '')); return d ? ((d.hours * 60 + d.minutes) * 60 + d.seconds) * 1000 : 0; };

const ofMeeting: Reader = (r) => ({ kind: 'meeting', at: 'starts_at', end: time(r.ends_at), allDay: r.is_all_day === true, title: String(r.subject ?? ''), where: facts(r.account, r.place), done: r.status === 'held', sizable: true });
const ofDate: Reader = (r) => ({ kind: 'followup', at: 'next_followup_at', title: t('cal.follow_up', { name: String(r.name || r.company || `#${r.id}`) }), where: facts(r.account, r.company) });

/** Cards of the answer: how their records read. */
const READERS: Record<string, Reader> = {
  meetings: ofMeeting,
  busy: (r) => ({ kind: 'meeting', at: 'starts_at', end: time(r.ends_at), allDay: r.is_all_day === true, title: t('cal.busy'), where: '', busy: true }),
  visits: (r, o) => ({ kind: 'visit', at: 'planned_at', end: time(r.planned_at) + (durationMs(r.planned_duration) || 60 * 60_000), title: t('cal.visit', { what: choice(o, 'purpose', r.purpose) }), where: facts(r.account ?? r.lead), done: r.status === 'done', sizable: true }),
  tasks: (r) => ({ kind: 'task', at: 'due_at', allDay: r.is_all_day === true, title: String(r.subject ?? ''), where: facts(r.account ?? r.about), done: r.status === 'done' }),
  calls: (r, o) => ({ kind: 'call', at: 'started_at', end: time(r.ended_at), title: t('cal.call', { what: choice(o, 'direction', r.direction) }), where: facts(r.account ?? r.lead ?? r.contact), done: time(r.started_at) < Date.now() }),
  accounts_due: ofDate, leads_due: ofDate, opportunities_due: ofDate,
};

function entryOf(record: Rec, object: ObjectMeta, read: Partial<Entry>, people: LinkValue[]): Entry {
  const at = read.at!;
  const start = time(record[at]);
  const field = fieldOf(object, at);
  const mayMove = !read.busy && mayUpdate(object) && !!field && isEditable(field);
  const end = read.end && read.end > start ? read.end : start + NOMINAL;
  return {
    key: `${object.object}-${record.id}`, kind: read.kind!, object, record, start, end, allDay: read.allDay ?? false, title: read.title ?? '', where: read.where ?? '',
    people, done: read.done ?? false, repeats: Boolean(record.series), busy: read.busy ?? false, at: mayMove ? at : undefined, sizable: mayMove && !read.allDay && (read.sizable ?? false),
  };
}

/** A meeting stands with its owner and with all who take part. */
function takingPart(answer: CalendarAnswer): Map<string, LinkValue[]> {
  const found = new Map<string, LinkValue[]>();
  for (const row of answer.cards.attendees?.list.items ?? []) {
    const [meeting, person] = [linkOf(row.meeting), linkOf(row.person)];
    if (meeting && person) found.set(meeting.id, [...(found.get(meeting.id) ?? []), person]);
  }
  return found;
}

export function entriesOf(answer: CalendarAnswer, { byName }: Catalogue): Entry[] {
  const parts = takingPart(answer);
  return Object.entries(READERS).flatMap(([name, read]) => {
    const card = answer.cards[name];
    const object = card && byName.get(card.object);
    if (!card || !object) return [];
    return card.list.items.map((r) => {
      const people = [linkOf(r.owner), ...(object.object === 'meeting' ? parts.get(r.id) ?? [] : [])].filter((p): p is LinkValue => !!p);
      return entryOf(r, object, read(r, object), [...new Map(people.map((p) => [p.id, p])).values()]);
    });
  }).sort((a, b) => a.start - b.start || a.key.localeCompare(b.key));
}

/** Whether a list of the answer was cut. */
export const isCut = (answer: CalendarAnswer): boolean => Object.values(answer.cards).some((c) => c?.list.next);

/** The days on which it stands, of those that are shown; midnight ends the day before. */
export function daysOfEntry(e: Entry, days: string[]): string[] {
  const [first, last] = [dayOf(e.start), dayOf(Math.max(e.start, e.end - 1))];
  return days.filter((d) => d >= first && d <= last);
}
export const spansDays = (e: Entry): boolean => dayOf(e.start) !== dayOf(Math.max(e.start, e.end - 1));

const iso = (ms: number): string => new Date(ms).toISOString();
const minutes = (ms: number): string => `PT${Math.round(ms / 60_000)}M`;

/** What is written where it shall begin and end then. */
export function changeOf(e: Entry, start: number, end: number): Record<string, unknown> {
  if (!e.at) return {};
  const values: Record<string, unknown> = { [e.at]: iso(start) };
  const by = start - e.start;
  const sized = end - start !== e.end - e.start;
  if (e.kind === 'meeting') values.ends_at = iso(end);
  if (e.kind === 'visit' && sized) values.planned_duration = minutes(end - start);
  if (e.kind === 'call' && e.record.ended_at) values.ended_at = iso(time(e.record.ended_at) + by);
  if (e.kind === 'task' && e.record.start_at) values.start_at = iso(time(e.record.start_at) + by);
  return values;
}

/** What a new record of a kind begins with, on empty time. */
export function presetOf(kind: Kind, start: number, end: number): Record<string, unknown> {
  if (kind === 'meeting') return { starts_at: iso(start), ends_at: iso(end) };
  if (kind === 'visit') return { planned_at: iso(start), planned_duration: minutes(end - start) };
  return kind === 'call' ? { started_at: iso(start), direction: 'out' } : { due_at: iso(start) };
}

export interface Lane { entry: Entry; lane: number; lanes: number }

/** Entries that overlap stand beside each other: each takes the first lane that is free; all of a bunch share the width. */
export function lanesOf(entries: Entry[]): Lane[] {
  const out: Lane[] = [];
  let bunch: Lane[] = [];
  let ends: number[] = [];
  const close = () => { for (const l of bunch) l.lanes = ends.length; out.push(...bunch); bunch = []; ends = []; };
  for (const entry of [...entries].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (bunch.length && ends.every((end) => end <= entry.start)) close();
    const free = ends.findIndex((end) => end <= entry.start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = Math.max(entry.end, entry.start + NOMINAL);
    bunch.push({ entry, lane, lanes: 1 });
  }
  close();
  return out;
}

/** The seven days of the week, or as many as asked for. */
export const daysFrom = (first: string, n: number): string[] => Array.from({ length: n }, (_, i) => dayAfter(first, i));
