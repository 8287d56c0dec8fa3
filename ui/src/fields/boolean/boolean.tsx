import { Check, Minus } from 'lucide-react';
import { t } from '@/lib/i18n';
import { same, type DisplayProps, type FieldKit } from '../kit';

const word = (value: unknown): string => (value === true ? t('value.yes') : value === false ? t('value.no') : '');

const BooleanDisplay = ({ value }: DisplayProps) =>
  <span className={value ? 'row gap4' : 'row gap4 muted'}>{value ? <Check size={14} strokeWidth={1.75} aria-hidden /> : <Minus size={14} strokeWidth={1.75} aria-hidden />}{word(value)}</span>;

export const boolean: FieldKit = { Display: BooleanDisplay, text: (_, value) => word(value), wire: same, literal: (value) => String(value === true), operators: ['eq', 'null', 'not_null'], width: 80 };
