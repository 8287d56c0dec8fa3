import { formatInstant, fullInstant } from '@/lib/dates';
import { asText, emptyToNull, ORDER_OPERATORS, quote, type DisplayProps, type FieldKit } from '../kit';

const DatetimeDisplay = ({ field, value }: DisplayProps) => <span className="cut" title={fullInstant(asText(field, value))}>{formatInstant(asText(field, value))}</span>;

export const datetime: FieldKit = { Display: DatetimeDisplay, text: (f, v) => (v ? formatInstant(asText(f, v)) : ''), wire: emptyToNull, literal: quote, operators: ORDER_OPERATORS, width: 148 };
