import { Input } from 'antd';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import type { InputProps } from '../kit';

const pretty = (value: unknown): string => (value === null || value === undefined ? '' : JSON.stringify(value, null, 2));

/** The text is only passed on while it is JSON; until then the field says so. */
export function JsonInput({ value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const [text, setText] = useState(() => pretty(value));
  const [wrong, setWrong] = useState(false);
  const change = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() ? JSON.parse(next) : null);
      setWrong(false);
    } catch { setWrong(true); }
  };
  return (
    <>
      <Input.TextArea id={id} value={text} onChange={(e) => change(e.target.value)} rows={4} className="growing mono" status={invalid || wrong ? 'error' : undefined} autoFocus={autoFocus} aria-invalid={wrong} aria-describedby={describedBy} spellCheck={false} />
      {wrong && <span className="cap err">{t('json.wrong')}</span>}
    </>
  );
}
