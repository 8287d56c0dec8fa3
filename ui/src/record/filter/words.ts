// A condition in words: label of the field (through links), operator, value.
import { kitOf } from '@/fields/fields';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, type Catalogue } from '@/lib/meta';
import { groupDigits } from '@/lib/numbers';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { literalValue, type Clause } from './expression';

/** The field a dotted path ends in, with the labels on the way. */
export function resolvePath(catalogue: Catalogue, object: ObjectMeta, path: string): { field: FieldMeta; words: string } | null {
  let at: ObjectMeta | undefined = object;
  let field: FieldMeta | undefined;
  const words: string[] = [];
  for (const name of path.split('.')) {
    field = at ? fieldOf(at, name) : undefined;
    if (!field) return null;
    words.push(fieldLabel(field));
    at = field.to ? catalogue.byName.get(field.to) : undefined;
  }
  return field ? { field, words: words.join(' · ') } : null;
}

function valueWords(field: FieldMeta, literal: string): string {
  const value = literalValue(literal);
  if (value === 'me()') return t('filter.me');
  if (literal === 'true' || literal === 'false') return t(literal === 'true' ? 'value.yes' : 'value.no');
  if (/^\d/.test(literal)) return groupDigits(value);
  if (!literal.startsWith('"') || field.type === 'link') return value;
  return kitOf(field).text(field, value) || value;
}

export interface ChipWords { field: string; operator: string; value: string }

export function chipWords(catalogue: Catalogue, object: ObjectMeta, clause: Clause): ChipWords | null {
  if (!clause.path || !clause.operator) return null;
  const found = resolvePath(catalogue, object, clause.path);
  if (!found) return null;
  const value = (clause.values ?? []).map((v) => valueWords(found.field, v)).join(t('list.separator'));
  return { field: found.words, operator: t(`operator.${clause.operator}`), value };
}
