import { Select } from 'antd';
import { label } from '@/lib/i18n';
import type { InputProps } from '../kit';
import { textsOf } from './choices';

export function ChoicesInput({ field, value, onChange, id, invalid, autoFocus, openAtOnce, describedBy }: InputProps) {
  const chosen = textsOf(value);
  const offered = (field.choices ?? []).filter((c) => !c.retired || chosen.includes(c.value));
  return (
    <Select mode="multiple" id={id} value={chosen} onChange={onChange} options={offered.map((c) => ({ value: c.value, label: label(c.label, c.value) }))} showSearch={{ optionFilterProp: 'label' }}
      defaultOpen={openAtOnce} status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-describedby={describedBy} popupMatchSelectWidth={false} />
  );
}
