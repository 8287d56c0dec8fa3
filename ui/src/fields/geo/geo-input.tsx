import { Button, Input, Space } from 'antd';
import { CircleAlert, LocateFixed } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import type { InputProps } from '../kit';
import { placeFrom, placeText } from './geo';
import { useHere } from './use-here';

export function GeoInput({ value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const [words, setWords] = useState(() => (typeof value === 'string' ? value : placeText(value)));
  const change = (text: string) => {
    setWords(text);
    onChange(text.trim() ? placeFrom(text) ?? text : null);
  };
  const { ask, asking, refused } = useHere((place) => change(placeText(place)));
  return (
    <>
      <Space.Compact block>
        <Input id={id} value={words} onChange={(e) => change(e.target.value)} placeholder="30.2741, 120.1551" status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-describedby={describedBy} autoComplete="off" />
        <Button icon={<LocateFixed size={14} />} loading={asking} onClick={ask} aria-label={t('geo.here')} title={t('geo.here')} />
      </Space.Compact>
      {refused && <div className="err" role="alert"><CircleAlert size={14} strokeWidth={1.75} aria-hidden /><span>{refused}</span></div>}
    </>
  );
}
