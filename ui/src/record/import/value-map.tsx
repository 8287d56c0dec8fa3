// Words of the file → values of the field.
import { Input, Select } from 'antd';
import { ArrowRight } from 'lucide-react';
import { Fragment } from 'react';
import { label, t } from '@/lib/i18n';
import type { Target } from './mapping';

interface Props { target: Target; found: string[]; values: Record<string, string>; onChange: (values: Record<string, string>) => void }

export function ValueMap({ target, found, values, onChange }: Props) {
  const words = [...new Set([...found, ...Object.keys(values)])];
  const choices = target.field.choices?.map((c) => ({ value: c.value, label: label(c.label, c.value) }));
  const set = (word: string, value: string | undefined) => onChange({ ...values, [word]: value ?? '' });
  return (
    <div className="values">
      {words.map((word) => (
        <Fragment key={word}>
          <span className="cut" title={word}>{word}</span>
          <ArrowRight size={12} strokeWidth={1.75} className="muted" aria-hidden />
          {choices
            ? <Select size="small" value={values[word] || undefined} onChange={(v?: string) => set(word, v)} options={choices} allowClear placeholder={t('import.as_is')} aria-label={word} />
            : <Input size="small" value={values[word] ?? ''} onChange={(e) => set(word, e.target.value)} placeholder={t('import.as_is')} aria-label={word} />}
        </Fragment>
      ))}
    </div>
  );
}
