import { Select } from 'antd';
import { label } from '@/lib/i18n';
import type { InputProps } from '../kit';

export function ChoiceInput({ field, value, onChange, id, invalid, autoFocus, openAtOnce, describedBy, record }: InputProps) {
  const parent = field.depends_on ? record?.[field.depends_on] : undefined;
  const offered = (field.choices ?? []).filter((c) => (!c.retired || c.value === value) && (!field.only || field.only.includes(c.value) || c.value === value) && (!parent || !c.parent || c.parent === parent));
  const options = offered.map((c) => ({ value: c.value, label: label(c.label, c.value) }));
  return (
    <Select id={id} value={(value as string | null) ?? undefined} onChange={(v) => onChange(v ?? null)} options={options} showSearch={options.length > 7 && { optionFilterProp: 'label' }}
      allowClear={!field.required} defaultOpen={openAtOnce} status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-required={field.required} aria-describedby={describedBy} popupMatchSelectWidth={false} />
  );
}
