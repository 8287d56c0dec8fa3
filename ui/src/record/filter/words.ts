// A condition in words: label of the field (through links), operator, value.
import { kitOf } from '@/fields/fields';
import { hasMessage, t } from '@/lib/i18n';
import { entriesOf, fieldLabel, fieldOf, type Catalogue } from '@/lib/meta';
import { groupDigits } from '@/lib/numbers';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { literalValue } from './expression';
import type { Row } from './row';

/** Of a computed field the type of what it gives. */
export const resultOf = (field: FieldMeta): string => (field.type === 'formula' || field.type === 'rollup' ? field.result ?? 'text' : field.type);

/** Province and city of an address are choices of the shared lists, its other parts texts. */
function partOf(field: FieldMeta, part: string): FieldMeta | undefined {
  if (field.type !== 'address' || !hasMessage(`address.${part}`)) return undefined;
  const listed = part === 'province' || part === 'city';
  const words = t(`address.${part}`);
  return { name: part, type: listed ? 'choice' : 'text', label: { 'zh-CN': words, en: words }, ...(listed ? { choices: entriesOf(part) } : {}) };
}

/** The field a dotted path ends in, with the labels on the way. */
export function resolvePath(catalogue: Catalogue, object: ObjectMeta, path: string): { field: FieldMeta; words: string } | null {
  let at: ObjectMeta | undefined = object;
  let field: FieldMeta | undefined;
  const words: string[] = [];
  for (const name of path.split('.')) {
    field = at ? fieldOf(at, name) : field && partOf(field, name);
    if (!field) return null;
    words.push(fieldLabel(field));
    at = field.type === 'link' && field.to ? catalogue.byName.get(field.to) : undefined;
  }
  return field ? { field, words: words.join(' · ') } : null;
}

/** Functions without values have words: me(), my_departments(), today(). */
const CALLS: Record<string, string> = { 'me()': 'filter.me', 'my_department()': 'filter.my_department', 'my_departments()': 'filter.my_departments()', 'my_teams()': 'filter.my_teams()', 'today()': 'period.today' };

function valueWords(field: FieldMeta, literal: string, titles: ReadonlyMap<string, string>): string {
  const value = literalValue(literal);
  if (CALLS[literal]) return t(CALLS[literal]);
  if (literal === 'true' || literal === 'false') return t(literal === 'true' ? 'value.yes' : 'value.no');
  if (/^-?\d/.test(literal)) return groupDigits(value);
  if (!literal.startsWith('"')) return value;
  if (field.type === 'link' || field.type === 'links') return titles.get(value) ?? value;
  return kitOf(field).text(field, field.type === 'choices' || field.type === 'tags' ? [value] : value) || value;
}

export interface ChipWords { field: string; operator: string; value: string }
const NONE: ReadonlyMap<string, string> = new Map();

/** `titles`: names of linked records by the id or code that stands in the condition. */
export function chipWords(catalogue: Catalogue, object: ObjectMeta, row: Row, titles = NONE): ChipWords | null {
  const found = resolvePath(catalogue, object, row.path);
  if (!found) return null;
  const operator = t(`operator.${row.operator}`);
  const [first = ''] = row.values;
  const value = row.operator === 'period' ? t(`period.${first}`) : /_days$/.test(row.operator) ? t('filter.n_days', { n: Number(first) })
    : row.values.map((v) => valueWords(found.field, v, titles)).join(row.operator === 'between' ? ' – ' : t('list.separator'));
  return { field: found.words, operator, value };
}
