import { describe, expect, it } from 'vitest';
import { bodyOf } from '../data/save';
import { formSections } from './sections';
import { catalogueOf, isEditable, mayImport } from '@/lib/meta';
import type { Meta, ObjectMeta } from '@/lib/types';

const meta = (rights: ObjectMeta['rights']): Meta => ({
  version: 1,
  objects: [{ object: 'thing', plural: 'things', title: 'name', rights, fields: [{ name: 'name', type: 'text' }, { name: 'phone', type: 'phone' }, { name: 'limit', type: 'money', summable: true, sortable: true }, { name: 'site', type: 'url' }] }],
});

describe('rights of fields', () => {
  const object = catalogueOf(meta({ read: 'all', update: 'own', fields: { phone: 'reveal', limit: 'masked', site: 'read' } })).byName.get('thing')!;
  const of = (name: string) => object.fields.find((f) => f.name === name)!;

  it('leaves only what may be written editable', () => {
    expect(object.fields.filter(isEditable).map((f) => f.name)).toEqual(['name']);
    expect(formSections(object).flatMap((s) => s.fields).map((f) => f.name)).toEqual(['name']);
    expect(bodyOf(object, { name: 'x' }, ['name'])).toEqual({ name: 'x' });
  });

  it('neither filters, sorts nor sums what is masked; what is read only may be', () => {
    expect([of('phone').filterable, of('limit').sortable, of('limit').summable]).toEqual([false, false, false]);
    expect([of('site').filterable, of('name').filterable]).toEqual([undefined, undefined]);
  });
});

it('offers import to who may create or change by it', () => {
  const may = (rights: ObjectMeta['rights']) => mayImport(meta(rights).objects[0]!);
  expect([may({ import: true, create: true }), may({ import: true, create: false, update: 'own' }), may({ import: true, create: false, update: 'none' }), may({ import: false, create: true }), may(undefined)]).toEqual([true, true, false, false, true]);
});
