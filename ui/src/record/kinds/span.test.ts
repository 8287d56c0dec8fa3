import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';
import { describe, expect, it } from 'vitest';
import type { AggregateRow, FieldMeta, Rec } from '@/lib/types';
import { csvOf, headsOf, MAX_PIVOT, pivotOf } from './pivot';
import { changeOf, endsOf, partOf, takenOf, ticksOf, windowOf } from './span';

dayjs.extend(utc);
dayjs.extend(timezone);

const field = (name: string, type = 'date'): FieldMeta => ({ name, type });
const [start, end] = [field('starts_on'), field('ends_on')];
const row = (a: string | null, b: string | null): Rec => ({ id: '1', version: 1, starts_on: a, ends_on: b }) as Rec;

describe('timeline', () => {
  it('knows what a record takes: both dates, one as a point, none', () => {
    expect(takenOf(start, end, row('2026-03-02', '2026-03-05'))).toEqual({ from: '2026-03-02', to: '2026-03-05', open: false });
    expect(takenOf(start, end, row(null, '2026-03-05'))).toEqual({ from: '2026-03-05', to: '2026-03-05', open: true });
    expect(takenOf(start, end, row('2026-03-05', '2026-03-02'))).toEqual({ from: '2026-03-05', to: '2026-03-05', open: false });
    expect(takenOf(start, end, row(null, null))).toBeNull();
  });
  it('writes both dates when carried, one when drawn, and never an end before its beginning', () => {
    const r = row('2026-03-02', '2026-03-05');
    expect(changeOf('move', 2, start, end, r)).toEqual({ starts_on: '2026-03-04', ends_on: '2026-03-07' });
    expect(changeOf('end', -9, start, end, r)).toEqual({ ends_on: '2026-03-02' });
    expect(changeOf('start', 9, start, end, r)).toEqual({ starts_on: '2026-03-05' });
    expect(changeOf('move', 0, start, end, r)).toEqual({});
    expect(changeOf('move', 1, start, end, row('2026-03-02', null))).toEqual({ starts_on: '2026-03-03' });
  });
  it('draws the part inside of what is shown', () => {
    const shown = { from: '2026-03-01', days: 10 };
    expect(partOf(shown, { from: '2026-02-20', to: '2026-03-02', open: false })).toEqual({ left: 0, width: 0.2 });
    expect(partOf(shown, { from: '2026-03-10', to: '2026-05-01', open: false })).toEqual({ left: 0.9, width: 0.1 });
    expect(partOf(shown, { from: '2026-05-01', to: '2026-05-02', open: false }).width).toBe(0);
  });
  it('covers the day that was asked for and marks weeks, months, quarters', () => {
    expect(windowOf('month', '2026-03-15')).toEqual({ from: '2025-12-01', days: 365 });
    expect(ticksOf('month', windowOf('month', '2026-03-15'))).toHaveLength(12);
    expect(ticksOf('quarter', windowOf('quarter', '2026-03-15')).map((x) => x.label).slice(0, 2)).toEqual(['2025 Q2', '2025 Q3']);
    expect(ticksOf('week', windowOf('week', '2026-03-15'))).toHaveLength(15);
  });
  it('takes the chosen dates, else those that are named so', () => {
    const all = [field('closed_on'), start, end];
    expect(endsOf(all, [])).toEqual([start, all[0]]);
    expect(endsOf(all, ['starts_on', 'ends_on'])).toEqual([start, end]);
    expect(endsOf(all, ['ends_on', 'stage'])).toEqual([end, end]);
    expect(endsOf([], [])).toBeNull();
  });
});

describe('pivot', () => {
  const [kind, month] = [field('kind', 'choice'), field('due')];
  const figure = (r: AggregateRow) => r.count ?? 0;
  it('orders groups by size and months by time, and finds each cell', () => {
    const rows = headsOf([{ kind: 'a', count: 1 }, { kind: 'b', count: 5 }], kind, figure);
    const cols = headsOf([{ due: '2026-03', count: 9 }, { due: '2026-01', count: 1 }], month, figure);
    expect(rows.map((h) => h.value)).toEqual(['b', 'a']);
    expect(cols.map((h) => h.value)).toEqual(['2026-01', '2026-03']);
    const pivot = pivotOf([{ kind: 'a', due: '2026-03', count: 7 }], rows, cols, [kind, month]);
    expect(pivot.at(rows[1]!, cols[1]!)?.count).toBe(7);
    expect(pivot.at(rows[0]!, cols[1]!)).toBeUndefined();
  });
  it('tells how many groups it leaves out', () => {
    const many = headsOf(Array.from({ length: MAX_PIVOT.rows + 3 }, (_, i) => ({ kind: `k${i}`, count: i })), kind, figure);
    expect(pivotOf([], many, [], [kind, undefined]).more).toEqual({ rows: 3, cols: 0 });
  });
  it('writes text that a spreadsheet does not calculate', () => {
    expect(csvOf([['=1+1', 'a,"b"'], ['-5', '']])).toBe('\uFEFF\'=1+1,"a,""b"""\r\n-5,\r\n');
  });
});
