import { formatNumber, formatPercent } from '@/lib/numbers';
import { asText, emptyToNull, ORDER_OPERATORS, type DisplayProps, type FieldKit } from '../kit';

const literal = (value: unknown): string => String(value ?? '0');
const shared = { operators: ORDER_OPERATORS, literal, right: true } as const;

/** "1.5000" holds no more than "1.5"; years and codes of four digits take no separator. */
const trimZeros = (value: string): string => (value.includes('.') ? value.replace(/\.?0+$/, '') : value);
const looksLikeYear = (name: string): boolean => /(^|_)year$/.test(name);

const NumberDisplay = ({ field, value }: DisplayProps) =>
  <span>{looksLikeYear(field.name) ? asText(field, value) : formatNumber(trimZeros(String(value)), field.scale)}</span>;
const PercentDisplay = ({ value }: DisplayProps) => <span>{formatPercent(trimZeros(String(value)))}</span>;

export const integer: FieldKit = { ...shared, Display: NumberDisplay, text: asText, wire: (v) => { const x = emptyToNull(v); return typeof x === 'string' && x.length <= 15 ? Number(x) : x; }, width: 88 };
export const decimal: FieldKit = { ...shared, Display: NumberDisplay, text: (f, v) => trimZeros(asText(f, v)), wire: emptyToNull, width: 104 };
export const percent: FieldKit = { ...shared, Display: PercentDisplay, text: (f, v) => (v === null || v === undefined ? '' : `${trimZeros(asText(f, v))}%`), wire: emptyToNull, width: 84 };
