// Inputs by field type. Loaded with forms and editors only, never with a list.
import type { ComponentType } from 'react';
import type { FieldMeta, FieldType } from '@/lib/types';
import { AnyLinkInput } from './any_link/any-link-input';
import { AddressInput } from './address/address-input';
import { BooleanInput } from './boolean/boolean-input';
import { ChoiceInput } from './choice/choice-input';
import { ChoicesInput } from './choices/choices-input';
import { ColorInput } from './color/color-input';
import { DateInput } from './date/date-input';
import { DatetimeInput } from './datetime/datetime-input';
import { DurationInput } from './duration/duration-input';
import { FileInput } from './file/file-input';
import { GeoInput } from './geo/geo-input';
import { JsonInput } from './json/json-input';
import type { InputProps } from './kit';
import { LinkInput } from './link/link-input';
import { LinksInput } from './links/links-input';
import { LongTextInput } from './long_text/long-text-input';
import { MoneyInput } from './money/money-input';
import { NumberInput } from './number/number-input';
import { RatingInput } from './rating/rating-input';
import { RichTextInput } from './rich_text/rich-text-input';
import { SecretInput } from './secret/secret-input';
import { TagsInput } from './tags/tags-input';
import { TextInput } from './text/text-input';

const inputs: Record<Exclude<FieldType, 'auto_number' | 'formula' | 'rollup'>, ComponentType<InputProps>> = {
  any_link: AnyLinkInput, file: FileInput, image: FileInput,
  address: AddressInput, choices: ChoicesInput, color: ColorInput, duration: DurationInput, geo: GeoInput, json: JsonInput, rating: RatingInput, rich_text: RichTextInput, secret: SecretInput, tags: TagsInput, url: TextInput,
  boolean: BooleanInput, choice: ChoiceInput, date: DateInput, datetime: DatetimeInput, decimal: NumberInput, email: TextInput, integer: NumberInput,
  link: LinkInput, links: LinksInput, long_text: LongTextInput, money: MoneyInput, percent: NumberInput, phone: TextInput, text: TextInput,
};

export const inputOf = (field: FieldMeta): ComponentType<InputProps> | undefined => (inputs as Record<string, ComponentType<InputProps>>)[field.type];
export const hasInput = (field: FieldMeta): boolean => inputOf(field) !== undefined;

export function FieldInput(props: InputProps) {
  const Input = inputOf(props.field) ?? TextInput;
  return <Input {...props} />;
}
