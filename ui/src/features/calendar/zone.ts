// Minutes of a day in the reader's zone ↔ instants.
import { dayOf, timeOf } from '@/lib/dates';

const MINUTE = 60_000;

/** 09:30 → 570. */
export function minuteOf(instant: number): number {
  const [h, m] = timeOf(instant).split(':').map(Number) as [number, number];
  return h * 60 + m;
}

const localMs = (instant: number): number => Date.parse(`${dayOf(instant)}T00:00:00Z`) + minuteOf(instant) * MINUTE;

/** The instant at which the reader's clock shows this; 1,440 is the next midnight. */
export function instantAt(day: string, minute: number): number {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE;
  const guess = wanted - (localMs(wanted) - wanted);
  return guess - (localMs(guess) - wanted); // the offset may differ on the other side of a change of clocks
}
