// Where the device is; a refusal is said and nothing is made up.
import { useState } from 'react';
import { t } from '@/lib/i18n';
import type { Place } from './geo';

const WAIT_MS = 15_000;

export function useHere(found: (place: Place) => void) {
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState('');
  const ask = () => {
    if (!('geolocation' in navigator) || !window.isSecureContext) return setRefused(t('geo.insecure'));
    setAsking(true);
    setRefused('');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { setAsking(false); found({ lat: Number(coords.latitude.toFixed(7)), lng: Number(coords.longitude.toFixed(7)) }); },
      (e) => { setAsking(false); setRefused(t(e.code === 1 ? 'geo.refused' : 'geo.unknown')); },
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 30_000 },
    );
  };
  return { ask, asking, refused };
}
