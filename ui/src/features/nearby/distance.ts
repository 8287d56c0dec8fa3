// How far, in words, and the way to a map.
import type { Place } from '@/fields/geo/geo';
import { t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';

const KM = 1000;
const NEAR_KM = 10;

export const distanceText = (metres: number): string => {
  if (metres < KM) return t('nearby.m', { n: formatNumber(metres) });
  return t('nearby.km', { n: (metres / KM).toFixed(metres < NEAR_KM * KM ? 1 : 0) });
};

/** The map application of the phone where there is one, else its page. */
export const mapUrl = (place: Place, name: string): string =>
  `https://uri.amap.com/marker?position=${place.lng},${place.lat}&coordinate=wgs84&callnative=1&name=${encodeURIComponent(name)}`;
