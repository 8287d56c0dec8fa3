import { Input } from 'antd';
import type { InputProps } from '../kit';

export const TextInput = ({ field, value, onChange, id, invalid, autoFocus, describedBy }: InputProps) => (
  <Input id={id} value={(value as string | null) ?? ''} onChange={(e) => onChange(e.target.value)} status={invalid ? 'error' : undefined} autoFocus={autoFocus}
    maxLength={typeof field.max === 'number' ? field.max : undefined} aria-required={field.required} aria-describedby={describedBy} autoComplete="off" />
);
