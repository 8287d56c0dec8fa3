import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { quote, type DisplayProps, type FieldKit } from '../kit';

export interface Place { lat: number; lng: number }

export const placeOf = (value: unknown): Place | null => {
  const place = value as Place | null;
  return place && typeof place === 'object' && typeof place.lat === 'number' && typeof place.lng === 'number' ? place : null;
};

/** Where the records of an object are, unless only a device tells. */
export const placeField = (object: ObjectMeta): FieldMeta | undefined => object.fields.find((f) => f.type === 'geo' && !f.readonly && f.filterable !== false);

/** "30.2741, 120.1551" → a place; undefined if it is none. */
export function placeFrom(words: string): Place | undefined {
  const match = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,，]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(words);
  return match ? { lat: Number(match[1]), lng: Number(match[2]) } : undefined;
}

export const placeText = (value: unknown): string => {
  const place = placeOf(value);
  return place ? `${place.lat}, ${place.lng}` : '';
};

const GeoDisplay = ({ value }: DisplayProps) => <span className="cut num">{placeText(value)}</span>;

export const geo: FieldKit = { Display: GeoDisplay, text: (_, v) => placeText(v), wire: (v) => (typeof v === 'string' ? placeFrom(v) ?? (v.trim() || null) : placeOf(v)), literal: (v) => quote(placeText(v)), operators: ['null', 'not_null'], width: 176 };
