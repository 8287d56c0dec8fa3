// Next dates in one tap: at ten in the morning of the person's zone.
import dayjs from 'dayjs';
import { region } from '@/lib/region';

export interface NextDate { key: string; at: string }

export function nextDates(now = Date.now(), zone = region().timeZone): NextDate[] {
  const ten = dayjs(now).tz(zone).hour(10).minute(0).second(0).millisecond(0);
  const monday = ten.add(((8 - ten.day()) % 7) || 7, 'day');
  const all: [string, dayjs.Dayjs][] = [['tomorrow', ten.add(1, 'day')], ['in_three', ten.add(3, 'day')], ['monday', monday], ['in_week', ten.add(7, 'day')], ['in_month', ten.add(1, 'month')]];
  const dates = all.map(([key, d]) => ({ key, at: d.toISOString() }));
  return dates.filter((d) => d.key !== 'monday' || dates.every((other) => other === d || other.at !== d.at)); // told once
}
