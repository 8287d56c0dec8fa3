import { Input } from 'antd';
import { useState } from 'react';
import type { InputProps } from '../kit';
import { durationOf, durationText } from './format';

/** Shows 1:30, keeps ISO; what cannot be read is kept as it is, so that the server says what is wrong. */
export function DurationInput({ field, value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const [words, setWords] = useState(() => durationText(String(value ?? '')));
  const change = (text: string) => {
    setWords(text);
    onChange(text.trim() ? durationOf(text) ?? text : null);
  };
  return <Input id={id} value={words} onChange={(e) => change(e.target.value)} placeholder="1:30" inputMode="text" status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-required={field.required} aria-describedby={describedBy} autoComplete="off" />;
}
