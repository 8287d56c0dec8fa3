// What conditions can be set on: fields of the object and, through its links, of others; which comparisons a field has; which rows the builder can show.
import { kitOf } from '@/fields/fields';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, hasTrait, type Catalogue } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { resolvePath, resultOf } from '../filter/words';
import { PERIODS, type Period, type Row, type RowOperator } from '../filter/row';

const DEPTH = 2;
const TEXTS = new Set(['text', 'long_text', 'email', 'phone', 'url', 'auto_number', 'rich_text']);
const NUMBERS = new Set(['integer', 'decimal', 'percent', 'money', 'rating', 'duration']);
const MANY = new Set(['links', 'choices', 'tags']);
const EMPTY: RowOperator[] = ['null', 'not_null'];
const KIT: Record<string, RowOperator> = { has: 'in', has_not: 'not_in' };

/** Values as a condition takes them: never empty, a formula is of what it gives. */
export const asFilterField = (field: FieldMeta): FieldMeta => ({ ...field, required: true, readonly: false, fixed: true, depends_on: null, type: resultOf(field) === 'auto_number' ? 'text' : resultOf(field) });

const isPeopleOf = (object: ObjectMeta, field: FieldMeta): boolean => !!field.to && field.to === fieldOf(object, 'created_by')?.to;
/** Beside people, what the system links an owned record to is where its owner belongs. */
const isDepartmentOf = (object: ObjectMeta, field: FieldMeta): boolean => field.type === 'link' && hasTrait(object, 'owned') && !isPeopleOf(object, field) && object.fields.some((f) => f.system && f.type === 'link' && f.to === field.to);

/** Who is asking, as a value. */
export const selvesOf = (object: ObjectMeta, field: FieldMeta): string[] => (isPeopleOf(object, field) ? ['me()'] : isDepartmentOf(object, field) ? ['my_department()'] : []);

export function operatorsOf(object: ObjectMeta, found: FieldMeta): RowOperator[] {
  const type = resultOf(found);
  if (TEXTS.has(type)) return ['contains', 'contains_not', 'eq', 'ne', 'starts', 'ends', 'in', 'not_in', ...EMPTY];
  if (NUMBERS.has(type)) return ['ge', 'le', 'eq', 'ne', 'gt', 'lt', 'between', ...EMPTY];
  if (type === 'date') return ['period', 'last_days', 'next_days', 'before_days', 'ge', 'le', 'eq', 'ne', 'gt', 'lt', 'between', ...EMPTY];
  if (type === 'datetime') return ['period', 'last_days', 'next_days', 'before_days', 'ge', 'lt', 'gt', 'le', 'between', ...EMPTY];
  if (type === 'boolean') return ['eq', 'ne', ...EMPTY];
  if (MANY.has(type)) return ['in', 'not_in', ...EMPTY];
  if (type === 'choice') return ['eq', 'ne', 'in', 'not_in', ...EMPTY];
  if (type === 'link') return ['eq', 'ne', 'in', 'not_in', ...(isDepartmentOf(object, found) ? ['within', 'not_within'] as RowOperator[] : []), ...EMPTY];
  return kitOf(found).operators.map((o) => KIT[o] ?? o as RowOperator);
}

export const isMany = (found: FieldMeta): boolean => MANY.has(resultOf(found));
export const takesMany = (operator: RowOperator): boolean => operator === 'in' || operator === 'not_in';
export const takesNothing = (operator: RowOperator): boolean => operator === 'null' || operator === 'not_null' || operator === 'within' || operator === 'not_within';
export const takesDays = (operator: RowOperator): boolean => operator === 'last_days' || operator === 'next_days' || operator === 'before_days';

/** What stands at first when a comparison is chosen. */
export function startValues(field: FieldMeta, operator: RowOperator): string[] {
  if (operator === 'period') return ['this_month'];
  if (takesDays(operator)) return ['30'];
  if (operator === 'within' || operator === 'not_within') return ['my_departments()'];
  return resultOf(field) === 'boolean' && (operator === 'eq' || operator === 'ne') ? ['true'] : [];
}

/** Values that still mean something with another comparison. */
export function keptValues(row: Row, field: FieldMeta, operator: RowOperator): string[] {
  const plain = (o: RowOperator) => !takesNothing(o) && !takesDays(o) && o !== 'period';
  if (plain(row.operator) && plain(operator)) return takesMany(operator) ? row.values : row.values.slice(0, operator === 'between' ? 2 : 1);
  return takesDays(row.operator) && takesDays(operator) ? row.values : startValues(field, operator);
}

export const isComplete = ({ path, operator, values }: Row): boolean =>
  path !== '' && (operator === 'null' || operator === 'not_null' || (values.length >= (operator === 'between' ? 2 : 1) && values.every((v) => v !== '')));

const QUOTED = /^"(?:[^"\\]|\\.)*"$/;
const NUMBER = /^-?\d+(\.\d+)?$/;
const DAY = /^(today\(\)|days_(ago|ahead)\(\d+\))$/;

function isShown(object: ObjectMeta, field: FieldMeta, value: string): boolean {
  const type = resultOf(field);
  if (type === 'boolean') return value === 'true' || value === 'false';
  if (type === 'duration') return QUOTED.test(value);
  if (NUMBERS.has(type)) return NUMBER.test(value);
  if (type === 'date') return QUOTED.test(value) || DAY.test(value);
  if (type === 'datetime') return QUOTED.test(value) || DAY.test(value);
  return QUOTED.test(value) || selvesOf(object, field).includes(value);
}

/** Whether the builder has inputs for this row; else it is shown as the text it is. */
export function canShow(catalogue: Catalogue, object: ObjectMeta, row: Row): boolean {
  if (!row.path) return true;
  const field = resolvePath(catalogue, object, row.path)?.field;
  if (!field || field.filterable === false || !operatorsOf(object, field).includes(row.operator)) return false;
  if (row.operator === 'period') return PERIODS.includes(row.values[0] as Period);
  return takesNothing(row.operator) ? row.values.every((v) => v === 'my_departments()') : takesDays(row.operator) || row.values.every((v) => isShown(object, field, v));
}

export interface Offer { value: string; label: string; title: string }

const usable = (object: ObjectMeta): FieldMeta[] => object.fields.filter((f) => f.name !== 'version' && f.filterable !== false && f.type !== 'secret');
const PARTS = ['province', 'city', 'district'] as const;

function offersOf(catalogue: Catalogue, object: ObjectMeta, path: string, words: string, depth: number): Offer[] {
  const own: Offer[] = [], behind: Offer[] = [];
  for (const field of usable(object)) {
    const value = path + field.name;
    const name = words + fieldLabel(field);
    if (field.type === 'address') own.push(...PARTS.map((p) => ({ value: `${value}.${p}`, label: `${name} · ${t(`address.${p}`)}`, title: `${value}.${p}` })));
    else if (operatorsOf(object, field).length) own.push({ value, label: name, title: value });
    const target = field.type === 'link' && depth > 1 ? catalogue.byName.get(field.to ?? '') : undefined;
    if (target) behind.push(...offersOf(catalogue, target, `${value}.`, `${name} · `, depth - 1));
  }
  return [...own, ...behind];
}

/** Own fields first, then what lies behind links; relations have conditions of their own. */
export const fieldOffers = (catalogue: Catalogue, object: ObjectMeta): Offer[] => offersOf(catalogue, object, '', '', DEPTH);
