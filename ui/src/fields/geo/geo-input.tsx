import { Button, Input, Space } from 'antd';
import { LocateFixed } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import type { InputProps } from '../kit';
import { placeFrom, placeText } from './geo';

export function GeoInput({ value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const [words, setWords] = useState(() => (typeof value === 'string' ? value : placeText(value)));
  const change = (text: string) => {
    setWords(text);
    onChange(text.trim() ? placeFrom(text) ?? text : null);
  };
  const here = () => navigator.geolocation?.getCurrentPosition(({ coords }) => change(`${coords.latitude.toFixed(7)}, ${coords.longitude.toFixed(7)}`));
  return (
    <Space.Compact block>
      <Input id={id} value={words} onChange={(e) => change(e.target.value)} placeholder="30.2741, 120.1551" status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-describedby={describedBy} autoComplete="off" />
      {'geolocation' in navigator && <Button icon={<LocateFixed size={14} />} onClick={here} aria-label={t('geo.here')} title={t('geo.here')} />}
    </Space.Compact>
  );
}
