import { Input } from 'antd';
import { useState } from 'react';
import type { InputProps } from '../kit';

/** What is stored is never put into the form: writing replaces it, leaving it empty keeps it. */
export function SecretInput({ field, value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const [stored] = useState(value);
  const written = value === stored ? '' : String(value ?? '');
  return <Input.Password id={id} value={written} placeholder={stored ? String(stored) : undefined} onChange={(e) => onChange(e.target.value === '' ? stored : e.target.value)} status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-required={field.required} aria-describedby={describedBy} autoComplete="new-password" />;
}
