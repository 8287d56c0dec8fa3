import { expect, it } from 'vitest';
import { bodyOf } from './field-drawer';
import { identifierOf, initialsOf, isIdentifier, pluralIdentifier } from './names';
import { objectBody } from './object-drawer';

it('makes identifiers of labels', () => {
  expect([identifierOf('Campaign visit'), identifierOf('2nd Café (big)'), identifierOf('到访')]).toEqual(['campaign_visit', 'nd_cafe_big', '']);
  expect([pluralIdentifier('visit'), pluralIdentifier('category'), pluralIdentifier('box'), pluralIdentifier('day')]).toEqual(['visits', 'categories', 'boxes', 'days']);
  expect([isIdentifier('a_1'), isIdentifier('1a'), isIdentifier('A'), isIdentifier('')]).toEqual([true, false, false, false]);
  expect(initialsOf('campaign_visit')).toBe('CV');
});

it('sends of a field only what its type needs', () => {
  const left = { name: 'x', label: { 'zh-CN': ' 甲 ', en: '' }, to: 'thing', choices: [{ value: 'a' }, { value: ' ' }], of: 'a + b', search: true };
  expect(bodyOf({ ...left, type: 'choice' })).toEqual({ name: 'x', type: 'choice', label: { 'zh-CN': '甲' }, choices: [{ value: 'a' }] });
  expect(bodyOf({ ...left, type: 'link' })).toEqual({ name: 'x', type: 'link', label: { 'zh-CN': '甲' }, to: 'thing' });
  expect(bodyOf({ ...left, type: 'formula' })).toMatchObject({ of: 'a + b', result: 'money' });
});

it('gives every object a name, and numbers only where asked', () => {
  const draft = { label: { en: 'Visit' }, object: 'visit', plural: 'visits', area: 'custom', icon: 'box', owned: true, numbered: true };
  expect(objectBody(draft)).toMatchObject({ traits: ['owned', 'numbered'], number: 'V{YYYY}{0000}', title: 'name', fields: [{ name: 'name', required: true }] });
  expect(objectBody({ ...draft, numbered: false, owned: false })).not.toHaveProperty('number');
});
