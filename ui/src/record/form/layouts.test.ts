import { expect, it } from 'vitest';
import { catalogueOf, chooseLayouts, layoutOf } from '@/lib/meta';
import { formSections, startValues } from './sections';
import type { Layout, ObjectMeta } from '@/lib/types';

const layout = (name: string, who?: Layout['for'], kind: Layout['kind'] = 'form'): Layout => ({ layout: `deal.${name}`, kind, for: who, sections: [{ fields: ['name', ...(name === 'service' ? ['visit'] : []), 'kind'] }] });
const choices = ['goods', 'service'].map((value) => ({ value, label: { en: value } }));

function deal(roles: string[], layouts: Layout[], types?: string[]): ObjectMeta {
  const catalogue = catalogueOf({ version: 1, objects: [{
    object: 'deal', plural: 'deals', title: 'name', record_type: 'kind', layouts, rights: { read: 'all', create: true, create_types: types },
    fields: [{ name: 'name', type: 'text' }, { name: 'kind', type: 'choice', default: 'goods', choices }, { name: 'visit', type: 'text' }],
  }] } as unknown as Parameters<typeof catalogueOf>[0]);
  chooseLayouts(catalogue, roles);
  return catalogue.byName.get('deal')!;
}

it('takes the layout for the type before the one for the role, both before either, else the one for all', () => {
  const all = [layout('form'), layout('role', { roles: ['seller'] }), layout('service', { record_type: 'service' }), layout('both', { roles: ['seller'], record_type: 'service' })];
  const named = (roles: string[], kind?: string) => layoutOf(deal(roles, all), 'form', kind ? { kind } : undefined)?.layout;
  expect([named(['seller'], 'service'), named(['seller'], 'goods'), named(['seller']), named(['finance'], 'service'), named(['finance'], 'goods'), named([])])
    .toEqual(['deal.both', 'deal.role', 'deal.role', 'deal.service', 'deal.form', 'deal.form']);
});

it('asks for the type first and begins with one that the person may make', () => {
  const object = deal([], [layout('form'), layout('service', { record_type: 'service' })], ['service']);
  expect(startValues(object).kind).toBe('service');
  expect(formSections(object, undefined, { kind: 'service' })[0]!.fields.map((f) => f.name)).toEqual(['kind', 'name', 'visit']);
  expect(formSections(object, undefined, { kind: 'goods' })[0]!.fields.map((f) => f.name)).toEqual(['kind', 'name']);
  expect(object.fields.find((f) => f.name === 'kind')?.only).toEqual(['service']);
});
