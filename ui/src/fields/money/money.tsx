import { formatMoney, isZero } from '@/lib/numbers';
import type { FieldMeta, MoneyValue } from '@/lib/types';
import { ORDER_OPERATORS, quote, type DisplayProps, type FieldKit } from '../kit';

const of = (value: unknown): MoneyValue | null => (value && typeof value === 'object' && 'value' in value ? value as MoneyValue : null);

const MoneyDisplay = ({ field, value }: DisplayProps) => {
  const money = of(value);
  if (!money || isZero(money.value)) return <span className="muted">–</span>;
  return <span>{formatMoney(money, field.scale ?? 2)}</span>;
};

const moneyText = (field: FieldMeta, value: unknown): string => {
  const money = of(value);
  return money ? formatMoney(money, field.scale ?? 2) : '';
};

export const money: FieldKit = {
  Display: MoneyDisplay,
  text: moneyText,
  wire: (value) => { const m = of(value); return m && m.value !== '' ? m : null; },
  literal: (value) => { const m = of(value); return m ? (/^-?\d/.test(m.value) ? m.value : quote(m.value)) : '0'; },
  operators: ORDER_OPERATORS,
  width: 124,
  right: true,
};
