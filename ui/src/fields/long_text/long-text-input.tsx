import { Input } from 'antd';
import type { InputProps } from '../kit';

export const LongTextInput = ({ field, value, onChange, id, invalid, autoFocus, describedBy }: InputProps) => (
  <Input.TextArea id={id} value={(value as string | null) ?? ''} onChange={(e) => onChange(e.target.value)} rows={3} className="growing"
    status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-required={field.required} aria-describedby={describedBy} />
);
