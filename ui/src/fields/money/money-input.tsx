import { currencySign } from '@/lib/numbers';
import { region } from '@/lib/region';
import type { MoneyValue } from '@/lib/types';
import type { InputProps } from '../kit';
import { GroupedInput } from '../number/grouped-input';

export function MoneyInput({ field, value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const money = value as MoneyValue | null | undefined;
  const currency = money?.currency || region().currency;
  return (
    <GroupedInput id={id} value={money?.value ?? ''} onChange={(v) => onChange(v === '' ? null : { value: v, currency })} invalid={invalid} autoFocus={autoFocus}
      required={field.required} describedBy={describedBy} prefix={<span className="muted">{currencySign(currency)}</span>} />
  );
}
