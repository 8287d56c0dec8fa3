// Days and moments as people and spreadsheets write them, and as this client writes them itself.
import dayjs from 'dayjs';
import { today } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { region } from '@/lib/region';
import { dayAfter } from '../kinds/days';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const NEAR: [string, string[], number][] = [['date.today', ['今天', 'today'], 0], ['date.tomorrow', ['明天', 'tomorrow'], 1], ['date.yesterday', ['昨天', 'yesterday'], -1]];

/** A day that exists; month 31 and 30 February do not. */
function exact(year: string, month: string | number, day: string): string | null {
  const text = `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : text;
}

const monthOf = (word: string): number => MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1;

/** 3/4/2026 is March to some and April to others: taken only where it can be one of them. */
function eitherWay(a: string, b: string, year: string): string | null {
  const [one, other] = [exact(year, a, b), exact(year, b, a)];
  return one && other && one !== other ? null : one ?? other;
}

export function dayOf(raw: string): string | null {
  const text = raw.normalize('NFKC').trim().replace(/[\s,(]*(?:星期[一二三四五六日天]|周[一二三四五六日天]|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\)?$/i, '').trim();
  const near = NEAR.find(([key, words]) => text === t(key) || words.includes(text.toLowerCase()));
  if (near) return dayAfter(today(), near[2]);
  const year = today().slice(0, 4);
  let m = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (m) return exact(m[1]!, m[2]!, m[3]!);
  m = /^(\d{1,2})\s*月\s*(\d{1,2})\s*日$/.exec(text);
  if (m) return exact(year, m[1]!, m[2]!);
  m = /^(\d{1,2})[\s.-]+([a-z]{3,9})\.?(?:[\s,-]+(\d{4}))?$/i.exec(text);
  if (m) return exact(m[3] ?? year, monthOf(m[2]!), m[1]!);
  m = /^([a-z]{3,9})\.?\s+(\d{1,2})(?:[\s,]+(\d{4}))?$/i.exec(text);
  if (m) return exact(m[3] ?? year, monthOf(m[1]!), m[2]!);
  m = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
  return m ? eitherWay(m[1]!, m[2]!, m[3]!) : null;
}

function hourOf(hour: string, half: string | undefined): number {
  const n = Number(hour);
  if (!half) return n;
  if (n < 1 || n > 12) return 24;
  return /^(?:pm|下午|晚上)$/i.test(half) ? (n % 12) + 12 : n % 12;
}

export function instantOf(raw: string): string | null {
  const text = raw.normalize('NFKC').trim();
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/.test(text)) return dayjs(text).isValid() ? dayjs(text).toISOString() : null;
  const m = /^(.*?)[T\s]+(上午|下午|晚上)?\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(am|pm)?$/i.exec(text);
  const day = dayOf(m ? m[1]! : text);
  const hour = m ? hourOf(m[3]!, m[2] ?? m[6]) : 0;
  if (!day || hour > 23 || (m && (m[4]! > '59' || (m[5] ?? '0') > '59'))) return null;
  return dayjs.tz(`${day}T${String(hour).padStart(2, '0')}:${m?.[4] ?? '00'}:${m?.[5] ?? '00'}`, region().timeZone).toISOString();
}
