// What a layout says of a related list: its columns, and in which order its records come.
import { fieldOf } from '@/lib/meta';
import type { ObjectMeta, Relation } from '@/lib/types';

const exists = (target: ObjectMeta, key: string): boolean => {
  const field = fieldOf(target, key.replace(/^-/, ''));
  return !!field && field.sortable !== false;
};

export function relatedLayout(object: ObjectMeta, relation: Relation, target: ObjectMeta): { fields?: string[]; sort: string } {
  const said = object.layouts?.flatMap((l) => l.related ?? []).find((r) => r.relation === relation.name);
  return { fields: said?.fields, sort: (said?.sort ?? []).filter((key) => exists(target, key)).join(',') };
}
