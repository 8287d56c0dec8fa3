// Inputs by field type. Loaded with forms and editors only, never with a list.
import type { ComponentType } from 'react';
import type { FieldMeta, FieldType } from '@/lib/types';
import { BooleanInput } from './boolean/boolean-input';
import { ChoiceInput } from './choice/choice-input';
import { DateInput } from './date/date-input';
import { DatetimeInput } from './datetime/datetime-input';
import type { InputProps } from './kit';
import { LinkInput } from './link/link-input';
import { LinksInput } from './links/links-input';
import { LongTextInput } from './long_text/long-text-input';
import { MoneyInput } from './money/money-input';
import { NumberInput } from './number/number-input';
import { TextInput } from './text/text-input';

const inputs: Record<Exclude<FieldType, 'auto_number' | 'formula'>, ComponentType<InputProps>> = {
  boolean: BooleanInput, choice: ChoiceInput, date: DateInput, datetime: DatetimeInput, decimal: NumberInput, email: TextInput, integer: NumberInput,
  link: LinkInput, links: LinksInput, long_text: LongTextInput, money: MoneyInput, percent: NumberInput, phone: TextInput, text: TextInput,
};

export const inputOf = (field: FieldMeta): ComponentType<InputProps> | undefined => (inputs as Record<string, ComponentType<InputProps>>)[field.type];
export const hasInput = (field: FieldMeta): boolean => inputOf(field) !== undefined;

export function FieldInput(props: InputProps) {
  const Input = inputOf(props.field) ?? TextInput;
  return <Input {...props} />;
}
