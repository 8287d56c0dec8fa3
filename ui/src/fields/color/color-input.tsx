import { Select } from 'antd';
import type { InputProps } from '../kit';
import { TintDot, tintName, TINTS } from './color';

export const ColorInput = ({ field, value, onChange, id, invalid, autoFocus, openAtOnce, describedBy }: InputProps) => (
  <Select id={id} value={(value as string | null) ?? undefined} onChange={(v) => onChange(v ?? null)} allowClear={!field.required} defaultOpen={openAtOnce} status={invalid ? 'error' : undefined}
    autoFocus={autoFocus} aria-describedby={describedBy} options={TINTS.map((x) => ({ value: x.code, label: <span className="choice"><TintDot code={x.code} /><span>{tintName(x.code)}</span></span> }))} />
);
