// What the children of a record are called: by the relation, else by their object.
import { label } from '@/lib/i18n';
import { objectLabel, pluralLabel } from '@/lib/meta';
import type { ObjectMeta, Relation } from '@/lib/types';

export function relationLabel(relation: Relation, target: ObjectMeta | undefined): string {
  const own = relation.label && Object.keys(relation.label).length > 0 ? label(relation.label, '') : '';
  const singular = target ? objectLabel(target) : '';
  if (own && own !== singular) return own;
  return target ? pluralLabel(target) : relation.name;
}
