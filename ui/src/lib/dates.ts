// Dates as people say them: today, tomorrow, then month and day, the year only when it differs. Days are counted in the user's zone.
import { language, t } from './i18n';
import { region } from './region';

const DAY = 86_400_000;
const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let found = cache.get(key);
  if (!found) cache.set(key, found = new Intl.DateTimeFormat(locale, options));
  return found;
}

/** YYYY-MM-DD of an instant in the user's zone. */
export const dayOf = (instant: number | Date): string =>
  formatter('en-CA', { timeZone: region().timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant);

export const today = (now = Date.now()): string => dayOf(now);

export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);

function plainDay(day: string, withYear: boolean): string {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number];
  if (language() === 'zh-CN') return `${withYear ? `${y}年` : ''}${m}月${d}日`;
  const month = formatter('en', { month: 'short', timeZone: 'UTC' }).format(Date.UTC(y, m - 1, d));
  return `${d} ${month}${withYear ? ` ${y}` : ''}`;
}

export function formatDay(day: string, now = Date.now()): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return day;
  const current = today(now);
  const apart = dayNumber(day) - dayNumber(current);
  if (apart === 0) return t('date.today');
  if (apart === 1) return t('date.tomorrow');
  if (apart === -1) return t('date.yesterday');
  return plainDay(day, day.slice(0, 4) !== current.slice(0, 4));
}

export const fullDay = (day: string): string =>
  plainDay(day, true) + (language() === 'zh-CN' ? ' ' : ', ') + weekday(day);

export const weekday = (day: string): string =>
  formatter(language(), { weekday: language() === 'zh-CN' ? 'long' : 'short', timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`));

export const timeOf = (instant: string | number): string =>
  formatter('en-GB', { timeZone: region().timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(instant));

export function formatInstant(instant: string, now = Date.now()): string {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? instant : `${formatDay(dayOf(at), now)} ${timeOf(at)}`;
}

export function fullInstant(instant: string): string {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? instant : `${fullDay(dayOf(at))} ${timeOf(at)}`;
}

/** "3 minutes ago" for the latest change; days and older fall back to the date. */
export function ago(instant: string, now = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(instant)) / 60_000);
  if (minutes < 1) return t('date.just_now');
  if (minutes < 60) return t('date.minutes_ago', { n: minutes });
  if (minutes < 24 * 60) return t('date.hours_ago', { n: Math.floor(minutes / 60) });
  return formatInstant(instant, now);
}
