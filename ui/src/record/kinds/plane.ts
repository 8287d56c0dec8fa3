// Places on a plane without a map below: the box that is seen, points in it, near ones as one, and a scale.
import type { Place } from '@/fields/geo/geo';

/** Middle, and how many degrees of latitude are seen from top to bottom. */
export interface Box { lat: number; lng: number; tall: number }
export interface Spot<T> { x: number; y: number; items: T[] }
export interface Placed { place: Place }

/** Width to height. */
export const RATIO = 1.6;
const KM_A_DEGREE = 111.195;
const LEAST = 0.002;
const MOST = 170;

const wideOf = (box: Box): number => (box.tall * RATIO) / Math.max(0.05, Math.cos((box.lat * Math.PI) / 180));

/** All of them, with a little room around. */
export function boxOf(all: Placed[]): Box {
  if (!all.length) return { lat: 35, lng: 105, tall: 40 };
  const [lats, lngs] = [all.map((a) => a.place.lat), all.map((a) => a.place.lng)];
  const [south, north, west, east] = [lats.reduce((a, b) => Math.min(a, b)), lats.reduce((a, b) => Math.max(a, b)), lngs.reduce((a, b) => Math.min(a, b)), lngs.reduce((a, b) => Math.max(a, b))];
  const lat = (south + north) / 2;
  const tall = Math.max(north - south, ((east - west) * Math.cos((lat * Math.PI) / 180)) / RATIO) * 1.2;
  return { lat, lng: (west + east) / 2, tall: Math.min(MOST, Math.max(LEAST * 10, tall)) };
}

/** As the address and a view keep it. */
export const boxText = ({ lat, lng, tall }: Box): string => [lat, lng].map((n) => String(Number(n.toFixed(5)))).concat(String(Number(tall.toPrecision(4)))).join(',');

export function boxFrom(text: string): Box | null {
  const [lat = NaN, lng = NaN, tall = NaN, more] = text.split(',').map(Number);
  const fits = Math.abs(lat) <= 90 && Math.abs(lng) <= 360 && tall >= LEAST && tall <= MOST && more === undefined;
  return fits ? { lat, lng, tall } : null;
}

/** From 0 to 1, left to right and top to bottom. */
export function pointOf(box: Box, place: Place): { x: number; y: number } {
  return { x: 0.5 + (place.lng - box.lng) / wideOf(box), y: 0.5 - (place.lat - box.lat) / box.tall };
}

export const zoomed = (box: Box, by: number): Box => ({ ...box, tall: Math.min(MOST, Math.max(LEAST, box.tall * by)) });
export const carried = (box: Box, x: number, y: number): Box => ({ ...box, lng: box.lng - x * wideOf(box), lat: Math.max(-85, Math.min(85, box.lat + y * box.tall)) });

/** What falls into one cell of a grid stands as one, in the middle of its members. */
export function spotsOf<T extends Placed>(box: Box, all: T[], across: number): Spot<T>[] {
  const cells = new Map<string, Spot<T>>();
  for (const item of all) {
    const { x, y } = pointOf(box, item.place);
    if (x < 0 || x > 1 || y < 0 || y > 1) continue;
    const key = `${Math.floor(x * across)} ${Math.floor((y * across) / RATIO)}`;
    const spot = cells.get(key) ?? { x: 0, y: 0, items: [] };
    spot.items.push(item);
    spot.x += (x - spot.x) / spot.items.length;
    spot.y += (y - spot.y) / spot.items.length;
    cells.set(key, spot);
  }
  return [...cells.values()];
}

/** A round length of at most a quarter of the width, in metres, and which part of the width it is. */
export function scaleOf(box: Box): { metres: number; part: number } {
  const width = box.tall * RATIO * KM_A_DEGREE * 1000;
  const power = 10 ** Math.floor(Math.log10(width / 4));
  const metres = [5, 2, 1].map((n) => n * power).find((m) => m <= width / 4) ?? power;
  return { metres, part: metres / width };
}
