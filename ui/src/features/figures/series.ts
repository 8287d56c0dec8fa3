// Rows of aggregates as what charts draw.
import { linkOf, linkTitle } from '@/fields/link/link';
import { today } from '@/lib/dates';
import type { AggregateRow, LinkValue } from '@/lib/types';
import { dayAfter, monthAfter } from '@/record/kinds/days';
import { sumOf } from '../home/api';

export interface Point { key: string; value: number; count: number }

const valueOf = (row: AggregateRow, field?: string): number => (field ? Number(sumOf(row, field)?.value ?? 0) : row.count ?? 0);

/** Months without a row are months of nothing. */
export function monthsOf(rows: AggregateRow[], key: string, back: number, sum?: string, from = today()): Point[] {
  const found = new Map(rows.map((r) => [String(r[key]), r]));
  return Array.from({ length: back }, (_, i) => {
    const month = monthAfter(from, i - back + 1).slice(0, 7);
    const row = found.get(month);
    return { key: month, value: row ? valueOf(row, sum) : 0, count: row?.count ?? 0 };
  });
}

export function daysOfRows(rows: AggregateRow[], key: string, back: number, from = today()): Point[] {
  const found = new Map(rows.map((r) => [String(r[key]), r]));
  return Array.from({ length: back }, (_, i) => { const day = dayAfter(from, i - back + 1); const n = found.get(day)?.count ?? 0; return { key: day, value: n, count: n }; });
}

export interface PersonRow { who: LinkValue | null; cells: Point[]; total: number }

/** People by months ahead, those with most first. */
export function peopleByMonth(rows: AggregateRow[], ahead: number, from = today()): { months: string[]; people: PersonRow[] } {
  const months = Array.from({ length: ahead }, (_, i) => monthAfter(from, i).slice(0, 7));
  const people = new Map<string, PersonRow>();
  for (const row of rows) {
    const who = linkOf(row.owner);
    const at = months.indexOf(String(row.expected_close_on));
    if (at < 0) continue;
    const known = people.get(who?.id ?? '') ?? { who, cells: months.map((key) => ({ key, value: 0, count: 0 })), total: 0 };
    const value = valueOf(row, 'amount');
    known.cells[at] = { key: months[at]!, value, count: row.count ?? 0 };
    known.total += value;
    people.set(who?.id ?? '', known);
  }
  return { months, people: [...people.values()].sort((a, b) => b.total - a.total || linkTitle(a.who).localeCompare(linkTitle(b.who))) };
}

/** To which part of five a cell of recency and frequency belongs, in words of sellers. */
export function segmentOf(r: number, f: number): 'best' | 'loyal' | 'fresh' | 'fading' | 'lost' {
  if (r >= 4) return f >= 4 ? 'best' : f >= 2 ? 'loyal' : 'fresh';
  return r >= 2 ? (f >= 3 ? 'fading' : 'lost') : f >= 4 ? 'fading' : 'lost';
}
