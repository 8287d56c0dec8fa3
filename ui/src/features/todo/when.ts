// Days in words: where a to-do stands, and what a line typed in haste means by 明天 9点 or "fri 15:00".
import { dayNumber, dayOf, today } from '@/lib/dates';
import { dayAfter, monday } from '@/record/kinds/days';
import { instantAt } from '../calendar/zone';

export const GROUPS = ['overdue', 'today', 'tomorrow', 'week', 'later', 'undated'] as const;
export type When = (typeof GROUPS)[number];

export function whenOf(at: string, allDay: boolean, now = Date.now()): When {
  const instant = Date.parse(at);
  if (Number.isNaN(instant)) return 'undated';
  const [day, current] = [dayOf(instant), today(now)];
  const apart = dayNumber(day) - dayNumber(current);
  if (apart < 0 || (apart === 0 && !allDay && instant < now)) return 'overdue';
  if (apart <= 1) return apart === 0 ? 'today' : 'tomorrow';
  return day < dayAfter(monday(current), 7) ? 'week' : 'later';
}

const MORNING = 9 * 60;
const EVENING = 18 * 60;
const DAYS: [RegExp, number][] = [[/^(今天|today\b)/i, 0], [/^(明天|tomorrow\b)/i, 1], [/^(后天)/, 2]];
const WEEKDAY_ZH = '一二三四五六日';
const WEEKDAY_EN = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

interface Found { rest: string; day?: string; minute?: number }

/** 周五 is the next Friday from today on, 下周五 the one of the week behind this. */
function weekdayIn(text: string, current: string): Found | null {
  const zh = /^(下)?(?:周|星期)([一二三四五六日天])/.exec(text);
  const en = /^(next )?(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\b/i.exec(text);
  const found = zh ?? en;
  if (!found) return null;
  const at = zh ? WEEKDAY_ZH.indexOf(zh[2] === '天' ? '日' : zh[2]!) : WEEKDAY_EN.indexOf(en![2]!.toLowerCase());
  const here = dayAfter(monday(current), at);
  const day = found[1] ? dayAfter(here, 7) : here < current ? dayAfter(here, 7) : here;
  return { rest: text.slice(found[0].length), day };
}

function dayIn(text: string, current: string): Found | null {
  for (const [pattern, n] of DAYS) { const found = pattern.exec(text); if (found) return { rest: text.slice(found[0].length), day: dayAfter(current, n) }; }
  return weekdayIn(text, current);
}

function timeIn(text: string): Found | null {
  const found = /^(上午|下午|晚上)?(\d{1,2})(?::(\d{2})|点(?:(\d{1,2})分?|(半))?)(?=\s|$|[^\d])/.exec(text);
  if (!found) return null;
  const hour = Number(found[2]) + (found[1] && found[1] !== '上午' && Number(found[2]) < 12 ? 12 : 0);
  const minute = found[5] ? 30 : Number(found[3] ?? found[4] ?? 0);
  return hour > 23 || minute > 59 ? null : { rest: text.slice(found[0].length), minute: hour * 60 + minute };
}

/** Words in front of the line say when; without any it is due this evening, or tomorrow's if that has passed. */
export function readLine(line: string, now = Date.now()): { subject: string; at: string } {
  const current = today(now);
  let text = line.trim();
  const day = dayIn(text, current);
  if (day) text = day.rest.trim();
  const time = timeIn(text);
  if (time) text = time.rest.trim();
  const minute = time?.minute ?? (day?.day && day.day > current ? MORNING : EVENING);
  let at = instantAt(day?.day ?? current, minute);
  if (!day && at < now) at = instantAt(dayAfter(current, 1), time?.minute ?? MORNING);
  return { subject: text || line.trim(), at: new Date(at).toISOString() };
}

/** The same time of day on another day; what had none, or was due all day, in the morning. */
export function onDay(at: string, day: string): string {
  const instant = Date.parse(at);
  return new Date(Number.isNaN(instant) ? instantAt(day, MORNING) : instant + (instantAt(day, 0) - instantAt(dayOf(instant), 0))).toISOString();
}

export const putOffDays = (now = Date.now()): { key: 'tomorrow' | 'next_week'; day: string }[] => [{ key: 'tomorrow', day: dayAfter(today(now), 1) }, { key: 'next_week', day: dayAfter(monday(today(now)), 7) }];
