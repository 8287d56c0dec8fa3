import { Input } from 'antd';
import { Eraser } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import type { InputProps } from '../kit';

/** What is stored is never put into the form: writing replaces it, leaving it empty keeps it, the rubber takes it away. */
export function SecretInput({ field, value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const [stored] = useState(value);
  const kept = stored !== null && stored !== undefined && stored !== '';
  const written = value === stored ? '' : String(value ?? '');
  const held = kept && value === stored;
  const hint = kept && value === null ? t('secret.removed') : held ? t('secret.kept') : undefined;
  return (
    <span className="row gap4">
      <Input.Password id={id} value={written} placeholder={hint} onChange={(e) => onChange(e.target.value === '' ? stored ?? null : e.target.value)} status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-required={field.required} aria-describedby={describedBy} autoComplete="new-password" />
      {held && !field.required && <IconButton icon={Eraser} className="secret-clear" label={t('secret.clear')} onClick={(e) => { onChange(null); e.currentTarget.closest('span')?.querySelector('input')?.focus(); }} />}
    </span>
  );
}
