// Time from left to right: how much of it is shown, where its marks stand, and which part of it a record takes.
import { dayOf } from '@/lib/dates';
import { language } from '@/lib/i18n';
import type { FieldMeta, Rec } from '@/lib/types';
import { dayAfter, daysBetween, monday, monthAfter } from './days';

export type Zoom = 'day' | 'week' | 'month' | 'quarter';
export const ZOOMS: Zoom[] = ['day', 'week', 'month', 'quarter'];
export interface Window { from: string; days: number }
export interface Tick { day: string; at: number; label: string }
export interface Taken { from: string; to: string; open: boolean }

const quarterOf = (day: string): string => monthAfter(day, -((Number(day.slice(5, 7)) - 1) % 3));

/** A fifth or so of what is shown lies before the day. */
export function windowOf(zoom: Zoom, day: string, phone = false): Window {
  if (zoom === 'day') return { from: phone ? dayAfter(day, -1) : monday(dayAfter(day, -3)), days: phone ? 7 : 28 };
  if (zoom === 'week') return { from: monday(dayAfter(day, phone ? -7 : -21)), days: phone ? 28 : 105 };
  const from = zoom === 'month' ? monthAfter(day, phone ? -1 : -3) : monthAfter(quarterOf(day), phone ? -3 : -9);
  const months = (zoom === 'month' ? 12 : 36) / (phone ? 3 : 1);
  return { from, days: daysBetween(from, monthAfter(from, months)) };
}

export function stepOf(zoom: Zoom, day: string, by: number): string {
  if (zoom === 'day') return dayAfter(day, 7 * by);
  if (zoom === 'week') return dayAfter(day, 28 * by);
  return monthAfter(day, (zoom === 'month' ? 3 : 12) * by);
}

const named = (day: string, how: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(language(), { ...how, timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`));

function tickLabel(zoom: Zoom, day: string): string {
  if (zoom === 'quarter') return `${day.slice(0, 4)} Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
  if (zoom === 'month') return day.slice(5, 7) === '01' ? named(day, { year: 'numeric', month: 'short' }) : named(day, { month: 'short' });
  return zoom === 'week' || day.slice(8) === '01' ? named(day, { month: 'short', day: 'numeric' }) : String(Number(day.slice(8)));
}

export function ticksOf(zoom: Zoom, { from, days }: Window): Tick[] {
  const after = (day: string) => (zoom === 'day' ? dayAfter(day, 1) : zoom === 'week' ? dayAfter(day, 7) : monthAfter(day, zoom === 'month' ? 1 : 3));
  const ticks: Tick[] = [];
  for (let day = from; daysBetween(from, day) < days; day = after(day)) ticks.push({ day, at: daysBetween(from, day) / days, label: tickLabel(zoom, day) });
  return ticks;
}

export const dayIn = (field: FieldMeta, row: Rec): string => { const v = String(row[field.name] ?? ''); return field.type === 'date' ? v : v && dayOf(Date.parse(v)); };

/** One date alone is a point; an end before the beginning is told as a point at the beginning. */
export function takenOf(start: FieldMeta, end: FieldMeta, row: Rec): Taken | null {
  const [a, b] = [dayIn(start, row), dayIn(end, row)];
  if (!a && !b) return null;
  return { from: a || b, to: a && b && b > a ? b : a || b, open: start !== end && (!a || !b) };
}

/** The same time of day so many days later. */
export const shifted = (field: FieldMeta, row: Rec, by: number): string =>
  (field.type === 'date' ? dayAfter(dayIn(field, row), by) : new Date(Date.parse(String(row[field.name])) + by * 86_400_000).toISOString());

export type Hold = 'move' | 'start' | 'end';

/** What a drag of so many days writes; an end never comes before its beginning. */
export function changeOf(hold: Hold, by: number, start: FieldMeta, end: FieldMeta, row: Rec): Record<string, string> {
  const taken = takenOf(start, end, row);
  if (!taken || !by) return {};
  const length = daysBetween(taken.from, taken.to);
  if (hold === 'start') return row[start.name] ? { [start.name]: shifted(start, row, Math.min(by, length)) } : {};
  if (hold === 'end') return row[end.name] ? { [end.name]: shifted(end, row, Math.max(by, -length)) } : {};
  return Object.fromEntries([...new Set([start, end])].filter((f) => row[f.name]).map((f) => [f.name, shifted(f, row, by)]));
}

export function partOf({ from, days }: Window, taken: Taken): { left: number; width: number } {
  const left = Math.max(0, daysBetween(from, taken.from));
  const right = Math.min(days, daysBetween(from, taken.to) + 1);
  return { left: left / days, width: Math.max(0, right - left) / days };
}

const namedLike = (fields: FieldMeta[], words: RegExp, not?: FieldMeta): FieldMeta | undefined => fields.find((f) => f !== not && words.test(f.name));

/** The chosen fields, else those that are named like a beginning and an end. */
export function endsOf(fields: FieldMeta[], chosen: string[]): [FieldMeta, FieldMeta] | null {
  const [a, b] = chosen.map((name) => fields.find((f) => f.name === name)).filter((f) => !!f);
  if (a) return [a, b ?? a];
  const start = namedLike(fields, /start|begin|(^|_)from|placed|planned|signed/) ?? fields[0];
  if (!start) return null;
  return [start, namedLike(fields, /end|clos|due|finish|until|expir|deliver|(^|_)to$/, start) ?? fields.find((f) => f !== start && !f.system) ?? start];
}

