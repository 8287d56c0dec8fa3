// What a board is made of: the field that gives the columns, the parent that chooses them, the sum, the card.
import { fieldOf, hasTrait, layoutOf, ownFields, titleField, type Catalogue } from '@/lib/meta';
import type { FieldMeta, Layout, LinkValue, ObjectMeta } from '@/lib/types';
import { isMoney } from '@/fields/fields';

export interface BoardSpec { group: FieldMeta; groupBy: FieldMeta | null; sum: FieldMeta | null; card: FieldMeta[] }

const MIN_CHOICES = 3;
const MAX_CHOICES = 9;

function groupField(object: ObjectMeta, layout: Layout | undefined): FieldMeta | undefined {
  const named = layout?.group ?? object.views?.find((v) => v.kind === 'board')?.group;
  if (named) return fieldOf(object, named);
  const usable = (f: FieldMeta) => f.type === 'choice' && !f.system && (f.choices ?? []).filter((c) => !c.retired).length >= MIN_CHOICES && (f.choices ?? []).length <= MAX_CHOICES;
  return object.fields.find((f) => usable(f) && /(^|_)(status|phase|stage|state)$/.test(f.name)) ?? undefined;
}

function cardFields(object: ObjectMeta, layout: Layout | undefined, group: FieldMeta, sum: FieldMeta | null): FieldMeta[] {
  const title = titleField(object);
  if (layout?.card?.length) return layout.card.map((n) => fieldOf(object, n)).filter((f): f is FieldMeta => !!f && f.name !== title && f !== sum);
  const offered = ownFields(object).filter((f) => f !== group && f !== sum && f.name !== title);
  const pick = (test: (f: FieldMeta) => boolean) => offered.find(test);
  const found = [pick((f) => f.type === 'link' && f.name !== 'owner'), pick((f) => f.type === 'date'), pick((f) => f.name === 'owner')];
  return found.filter((f): f is FieldMeta => !!f);
}

export function boardOf(object: ObjectMeta): BoardSpec | null {
  const layout = layoutOf(object, 'board');
  const group = groupField(object, layout);
  if (!group || (group.type !== 'choice' && group.type !== 'link')) return null;
  const sum = layout?.sum && fieldOf(object, layout.sum)?.summable !== false ? fieldOf(object, layout.sum) ?? null : object.fields.find((f) => isMoney(f) && f.type === 'money' && f.summable !== false) ?? null;
  const groupBy = layout?.group_by ? fieldOf(object, layout.group_by) ?? null : null;
  return { group, groupBy, sum, card: cardFields(object, layout, group, sum) };
}

/** How a link is written in an expression: entries of coded lists by code, others by id. */
export const linkLiteral = (catalogue: Catalogue, to: string | undefined, link: LinkValue): string => {
  const target = to ? catalogue.byName.get(to) : undefined;
  return JSON.stringify(target && hasTrait(target, 'coded') && link.code ? link.code : link.id);
};

/** The field of the column's object that leads to the parent: stage → pipeline. */
export const parentFieldOf = (target: ObjectMeta, groupBy: FieldMeta): FieldMeta | undefined =>
  target.fields.find((f) => f.type === 'link' && f.to === groupBy.to && !f.system);
