import { formatDay, fullDay } from '@/lib/dates';
import { asText, emptyToNull, ORDER_OPERATORS, quote, type DisplayProps, type FieldKit } from '../kit';

const DateDisplay = ({ field, value }: DisplayProps) => <span className="cut" title={fullDay(asText(field, value))}>{formatDay(asText(field, value))}</span>;

export const date: FieldKit = { Display: DateDisplay, text: (f, v) => (v ? formatDay(asText(f, v)) : ''), wire: emptyToNull, literal: quote, operators: ORDER_OPERATORS, width: 124 };
