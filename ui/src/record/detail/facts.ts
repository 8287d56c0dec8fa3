// Which fields tell a record apart at a glance. A layout of kind card or panel decides; else type and trait do.
import { fieldOf, layoutOf, ownFields, titleField } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';

const filled = (record: Rec, f: FieldMeta): boolean => {
  const v = record[f.name];
  return v !== null && v !== undefined && v !== '' && v !== false;
};

export const chipFields = (object: ObjectMeta, record: Rec): FieldMeta[] =>
  [...ownFields(object).filter((f) => f.name === object.record_type && filled(record, f)),
    ...ownFields(object).filter((f) => f.type === 'choice' && f.name !== object.record_type && filled(record, f) && f.choices?.some((c) => c.color)).slice(0, 1)];

export function metaFields(object: ObjectMeta, record: Rec): FieldMeta[] {
  const chips = new Set(chipFields(object, record).map((f) => f.name));
  const number = object.fields.filter((f) => f.type === 'auto_number');
  const listed = new Set([...(layoutOf(object, 'list')?.fields ?? []), ...(layoutOf(object, 'form', record)?.sections?.[0]?.fields ?? [])]);
  const classes = ownFields(object).filter((f) => f.type === 'choice' && !chips.has(f.name) && listed.has(f.name));
  return [...number, ...classes].filter((f) => filled(record, f)).slice(0, 4);
}

const FACT: Record<string, number> = { money: 2, date: 3, link: 1, percent: 4, formula: 5 };

export function factFields(object: ObjectMeta, record: Rec): FieldMeta[] {
  const named = layoutOf(object, 'card', record)?.card ?? layoutOf(object, 'card', record)?.fields ?? layoutOf(object, 'panel', record)?.fields;
  const chips = new Set(chipFields(object, record).map((f) => f.name));
  const shown = (named ?? []).map((n) => fieldOf(object, n)).filter((f): f is FieldMeta => !!f && f.name !== titleField(object) && !chips.has(f.name) && filled(record, f));
  if (shown.length) return shown;
  const owner = fieldOf(object, 'owner');
  const rest = ownFields(object).filter((f) => f.name !== 'owner' && FACT[f.type] && filled(record, f));
  const ranked = rest.map((f, i) => ({ f, i })).sort((a, b) => FACT[a.f.type]! - FACT[b.f.type]! || a.i - b.i).map((x) => x.f);
  return owner && filled(record, owner) ? [owner, ...ranked] : ranked;
}
