import { Button, Input, Space } from 'antd';
import { CircleAlert, LocateFixed } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import type { InputProps } from '../kit';
import { placeFrom, placeText } from './geo';

const WAIT_MS = 15_000;

export function GeoInput({ value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const [words, setWords] = useState(() => (typeof value === 'string' ? value : placeText(value)));
  const change = (text: string) => {
    setWords(text);
    onChange(text.trim() ? placeFrom(text) ?? text : null);
  };
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState('');
  /** What the device tells, or why it does not: a refusal is said and nothing is made up. */
  const here = () => {
    if (!('geolocation' in navigator) || !window.isSecureContext) return setRefused(t('geo.insecure'));
    setAsking(true);
    setRefused('');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { setAsking(false); change(`${coords.latitude.toFixed(7)}, ${coords.longitude.toFixed(7)}`); },
      (e) => { setAsking(false); setRefused(t(e.code === 1 ? 'geo.refused' : 'geo.unknown')); },
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 30_000 },
    );
  };
  return (
    <>
      <Space.Compact block>
        <Input id={id} value={words} onChange={(e) => change(e.target.value)} placeholder="30.2741, 120.1551" status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-describedby={describedBy} autoComplete="off" />
        <Button icon={<LocateFixed size={14} />} loading={asking} onClick={here} aria-label={t('geo.here')} title={t('geo.here')} />
      </Space.Compact>
      {refused && <div className="err" role="alert"><CircleAlert size={14} strokeWidth={1.75} aria-hidden /><span>{refused}</span></div>}
    </>
  );
}
