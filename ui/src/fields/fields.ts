// Field types as a table; TypeScript fails if one is missing. Types that later issues bring are shown as text until then.
import type { FieldMeta, FieldType } from '@/lib/types';
import { anyLink } from './any_link/any-link';
import { address } from './address/address';
import { autoNumber } from './auto_number/auto-number';
import { boolean } from './boolean/boolean';
import { choice } from './choice/choice';
import { choices } from './choices/choices';
import { color } from './color/color';
import { date } from './date/date';
import { datetime } from './datetime/datetime';
import { duration } from './duration/duration';
import { email } from './email/email';
import { file, image } from './file/file';
import { formula } from './formula/formula';
import { geo } from './geo/geo';
import { json } from './json/json';
import type { FieldKit } from './kit';
import { link } from './link/link';
import { links } from './links/links';
import { longText } from './long_text/long-text';
import { money } from './money/money';
import { decimal, integer, percent } from './number/number';
import { phone } from './phone/phone';
import { rating } from './rating/rating';
import { richText } from './rich_text/rich-text';
import { rollup } from './rollup/rollup';
import { secret } from './secret/secret';
import { tags } from './tags/tags';
import { text } from './text/text';
import { url } from './url/url';

export const fields: Record<FieldType, FieldKit> = {
  any_link: anyLink, file, image, rollup,
  address, auto_number: autoNumber, choices, color, duration, geo, json, rating, rich_text: richText, secret, tags, url,
  boolean, choice, date, datetime, decimal, email, formula, integer, link, links, long_text: longText, money, percent, phone, text,
};

const resultType = (field: FieldMeta): string => (field.type === 'formula' || field.type === 'rollup' ? field.result ?? field.type : field.type);

export const kitOf = (field: FieldMeta): FieldKit => (fields as Record<string, FieldKit>)[field.type] ?? text;
export const isRight = (field: FieldMeta): boolean => (fields as Record<string, FieldKit>)[resultType(field)]?.right ?? false;
export const isMoney = (field: FieldMeta): boolean => resultType(field) === 'money';
export const fieldText = (field: FieldMeta, value: unknown): string => kitOf(field).text(field, value);
