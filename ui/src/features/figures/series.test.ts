import { describe, expect, it } from 'vitest';
import { daysOfRows, monthsOf, peopleByMonth, segmentOf } from './series';

const money = (value: string) => ({ value, currency: 'CNY' });

describe('figures', () => {
  it('fills months and days that have no row', () => {
    expect(monthsOf([{ closed_on: '2026-01', count: 2, sum_amount: money('10') }], 'closed_on', 3, 'amount', '2026-02-15')).toEqual([
      { key: '2025-12', value: 0, count: 0 }, { key: '2026-01', value: 10, count: 2 }, { key: '2026-02', value: 0, count: 0 }]);
    expect(daysOfRows([{ occurred_at: '2026-02-28', count: 4 }], 'occurred_at', 2, '2026-03-01').map((p) => [p.key, p.value])).toEqual([['2026-02-28', 4], ['2026-03-01', 0]]);
  });
  it('stands people beside months, the largest first', () => {
    const row = (id: string, month: string, value: string) => ({ owner: { id, title: id }, expected_close_on: month, count: 1, sum_amount: money(value) });
    const { months, people } = peopleByMonth([row('a', '2026-03', '5'), row('b', '2026-04', '9'), row('a', '2026-09', '99')], 2, '2026-03-10');
    expect(months).toEqual(['2026-03', '2026-04']);
    expect(people.map((p) => [p.who?.id, p.cells.map((c) => c.value), p.total])).toEqual([['b', [0, 9], 9], ['a', [5, 0], 5]]);
  });
  it('names every cell of five by five', () => {
    const names = new Set(Array.from({ length: 25 }, (_, i) => segmentOf(Math.floor(i / 5) + 1, (i % 5) + 1)));
    expect([...names].sort()).toEqual(['best', 'fading', 'fresh', 'lost', 'loyal']);
    expect([segmentOf(5, 5), segmentOf(5, 1), segmentOf(1, 5), segmentOf(1, 1)]).toEqual(['best', 'fresh', 'fading', 'lost']);
  });
});
