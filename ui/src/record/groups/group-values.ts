// What lists can be grouped by, what a group is called, and the condition that means its records.
import { fieldText } from '@/fields/fields';
import { linkOf, linkTitle } from '@/fields/link/link';
import { language, t } from '@/lib/i18n';
import type { Catalogue } from '@/lib/meta';
import type { AggregateRow, FieldMeta, ObjectMeta } from '@/lib/types';
import { linkLiteral } from '../board/board-meta';
import { resultOf } from '../filter/words';

const TYPES = new Set(['choice', 'link', 'boolean', 'date', 'datetime', 'integer', 'rating', 'text', 'phone', 'email']);
const SUMMED = new Set(['money', 'integer', 'decimal']);

export const isDated = (field: FieldMeta): boolean => resultOf(field) === 'date' || resultOf(field) === 'datetime';

/** Choices, links and days first: they make few groups; plain text last. */
export function groupable(object: ObjectMeta): FieldMeta[] {
  const rank = (f: FieldMeta) => ['choice', 'link', 'boolean', 'date', 'datetime'].indexOf(f.type);
  const known = object.fields.filter((f) => TYPES.has(f.type) && f.filterable !== false && f.sortable !== false && f.name !== 'version' && !['id', 'external_id'].includes(f.name));
  return known.map((f, i) => ({ f, i, r: rank(f) < 0 ? 9 : rank(f) })).sort((a, b) => a.r - b.r || a.i - b.i).map((x) => x.f);
}

/** A price per piece adds up to nothing. */
export const isSummed = (f: FieldMeta): boolean => SUMMED.has(resultOf(f)) && f.summable !== false && !f.right && !f.system && !/(^|_)(price|cost|rate|year|position|score|version)$/.test(f.name);

export const groupSpec = (field: FieldMeta): unknown => (isDated(field) ? { field: field.name, bucket: 'month' } : field.name);

/** The day a group of a month begins with, as the server tells it: "2026-03" or "2026-03-01". */
export const monthOf = (value: unknown): string | null => { const found = /^(\d{4})-(\d{2})/.exec(String(value ?? '')); return found ? `${found[1]}-${found[2]}-01` : null; };

export function monthWords(first: string): string {
  const [y, m] = first.split('-').map(Number) as [number, number];
  return language() === 'zh-CN' ? `${y}年${m}月` : new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.UTC(y, m - 1, 1));
}

export function groupLabel(field: FieldMeta, value: unknown): string {
  if (value === null || value === undefined || value === '') return t('group.empty');
  if (isDated(field)) { const first = monthOf(value); return first ? monthWords(first) : String(value); }
  if (field.type === 'link') return linkTitle(linkOf(value));
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  return fieldText(field, value) || String(value);
}

export const groupKey = (row: AggregateRow, field: FieldMeta): string => JSON.stringify(linkOf(row[field.name])?.id ?? row[field.name] ?? null);

export function groupCondition(catalogue: Catalogue, field: FieldMeta, value: unknown): string {
  const { name } = field;
  if (value === null || value === undefined) return `${name} is null`;
  const first = isDated(field) ? monthOf(value) : null;
  if (first) return `(${name} >= "${first}" and ${name} < add_months("${first}", 1))`;
  const link = field.type === 'link' ? linkOf(value) : null;
  if (link) return `${name} = ${linkLiteral(catalogue, field.to, link)}`;
  return `${name} = ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
}
