// The day of the farmers' calendar, as Chinese readers expect it beside the date: 十月廿二.
import { region } from '@/lib/region';

const TENS = ['初', '十', '廿', '三'];
const ONES = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/** 1 → 初一, 10 → 初十, 20 → 二十, 21 → 廿一, 30 → 三十. */
export function lunarNumber(day: number): string {
  if (day === 20) return `二${ONES[9]}`;
  if (day === 30) return `三${ONES[9]}`;
  return TENS[Math.floor((day - 1) / 10)]! + ONES[(day - 1) % 10]!;
}

export function lunarDay(now: Date = new Date(), timeZone = region().timeZone): string {
  const parts = new Intl.DateTimeFormat('zh-CN-u-ca-chinese', { month: 'long', day: 'numeric', timeZone }).formatToParts(now);
  const month = parts.find((p) => p.type === 'month')?.value ?? '';
  const day = Number(parts.find((p) => p.type === 'day')?.value);
  return month && day ? month + lunarNumber(day) : '';
}

/** Of a day, as calendars print it: 初一 is told by its month. */
export const lunarWord = (day: string): string => { const words = lunarDay(new Date(`${day}T12:00:00Z`), 'UTC'); return words.endsWith('初一') ? words.slice(0, -2) : words.slice(-2); };
