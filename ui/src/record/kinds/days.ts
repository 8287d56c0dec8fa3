// Days of a calendar, counted in whole days; weeks begin on Monday.
const DAY = 86_400_000;
const ms = (day: string): number => Date.parse(`${day}T00:00:00Z`);
export const dayAfter = (day: string, n: number): string => new Date(ms(day) + n * DAY).toISOString().slice(0, 10);
export const monday = (day: string): string => dayAfter(day, -((new Date(ms(day)).getUTCDay() + 6) % 7));
export const firstOf = (day: string): string => `${day.slice(0, 8)}01`;

export function monthAfter(day: string, n: number): string {
  const [y, m] = day.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(y, m - 1 + n, 1)).toISOString().slice(0, 10);
}

export type Span = 'month' | 'week';

/** Whole weeks that hold the month, or the one week. */
export function daysOf(span: Span, day: string): string[] {
  const from = monday(span === 'month' ? firstOf(day) : day);
  const weeks = span === 'week' ? 1 : Math.ceil((ms(monthAfter(day, 1)) - ms(from)) / DAY / 7);
  return Array.from({ length: weeks * 7 }, (_, i) => dayAfter(from, i));
}

export const daysBetween = (a: string, b: string): number => Math.round((ms(b) - ms(a)) / DAY);
