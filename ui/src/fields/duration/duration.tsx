import { asText, emptyToNull, ORDER_OPERATORS, quote, type DisplayProps, type FieldKit } from '../kit';
import { durationOf, durationText } from './format';

const DurationDisplay = ({ field, value }: DisplayProps) => <span className="num">{durationText(asText(field, value))}</span>;

const iso = (value: unknown): unknown => (typeof value === 'string' ? durationOf(value) ?? value : value);

export const duration: FieldKit = { Display: DurationDisplay, text: (f, v) => durationText(asText(f, v)), wire: (v) => emptyToNull(iso(v)), literal: (v) => quote(iso(v)), operators: ORDER_OPERATORS, width: 96, right: true };
