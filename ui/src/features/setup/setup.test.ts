import { expect, it } from 'vitest';
import zhSetup from '@/locales/zh-CN/setup.json';
import zhFilter from '@/locales/zh-CN/filter.json';
import zhUi from '@/locales/zh-CN/ui.json';
import { setMessages } from '@/lib/i18n';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import type { IndexState } from './api';
import { itemsOf } from './bin-page';
import { accept, fromServer, stillMeant, toServer, typeWords } from '@/record/expression/completion';
import { valueText } from './diff-table';
import { attributesOf, bodyOf, changesOf, draftOf, EMPTY } from './field-draft';
import { indexOf, matches } from './field-table';
import { becomes, CREATABLE, OPTIONS } from './field-types';
import { filesOf } from './files-page';
import { isDeclared } from './indexes-part';
import { addField, addSection, dropSection, moveField, moveSection, rowsOf, sectionsOf } from './layout-draft';
import { usesOf } from './lists-page';
import { identifierOf, initialsOf, isIdentifier, pluralIdentifier } from './names';
import { objectBody, START } from './object-draft';
import { grouped } from './objects-page';
import { withRule } from './rules-part';
import { sampleText } from '@/record/expression/sample';
import { moved } from './sortable';

setMessages('zh-CN', { ...zhUi, ...zhFilter, ...zhSetup });

it('makes identifiers of labels', () => {
  expect([identifierOf('Campaign visit'), identifierOf('2nd Café (big)'), identifierOf('到访')]).toEqual(['campaign_visit', 'nd_cafe_big', '']);
  expect([pluralIdentifier('visit'), pluralIdentifier('category'), pluralIdentifier('box'), pluralIdentifier('day')]).toEqual(['visits', 'categories', 'boxes', 'days']);
  expect([isIdentifier('a_1'), isIdentifier('1a'), isIdentifier('A'), isIdentifier('')]).toEqual([true, false, false, false]);
  expect(initialsOf('campaign_visit')).toBe('CV');
});

it('sends of a new field only what its type needs', () => {
  const left = { ...EMPTY, name: 'x', label: { 'zh-CN': ' 甲 ', en: '' }, to: ['thing'], choices: [{ value: 'a' }, { value: ' ' }], of: 'a + b', search: true, unique: true, scale: '2', max: '10', accept: 'image/', number: 'A{0}' };
  expect(bodyOf({ ...left, type: 'choice' })).toEqual({ name: 'x', type: 'choice', label: { 'zh-CN': '甲' }, choices: [{ value: 'a', label: {} }], unique: true });
  expect(bodyOf({ ...left, type: 'choice', list: 'city', depends_on: 'province' })).toMatchObject({ list: 'city', depends_on: 'province' });
  expect(bodyOf({ ...left, type: 'link', unique: false })).toEqual({ name: 'x', type: 'link', label: { 'zh-CN': '甲' }, to: 'thing' });
  expect(bodyOf({ ...left, type: 'any_link' })).toMatchObject({ to: ['thing'] });
  expect(bodyOf({ ...left, type: 'formula', result: 'money' })).toEqual({ name: 'x', type: 'formula', label: { 'zh-CN': '甲' }, of: 'a + b', result: 'money', scale: 2 });
  expect(bodyOf({ ...left, type: 'money', min: '0.5' })).toMatchObject({ scale: 2, min: '0.5', max: '10' });
  expect(bodyOf({ ...left, type: 'integer', min: '1' })).toMatchObject({ min: 1, max: 10 });
  expect(bodyOf({ ...left, type: 'file', multiple: true, max_size: '1.5' })).toMatchObject({ multiple: true, accept: ['image/'], max_size: 1572864 });
  expect(bodyOf({ ...left, type: 'auto_number' })).toMatchObject({ number: 'A{0}', search: true });
  expect(bodyOf({ ...left, type: 'boolean', default: 'false' })).toMatchObject({ name: 'x', type: 'boolean' });
});

it('sends of a changed field what differs, and null for what goes', () => {
  const field: FieldMeta = { name: 'x', type: 'money', label: { en: 'X' }, scale: 2, max: '100.00', visible_when: 'a > 1', default: { value: '1.00', currency: 'CNY' } };
  const before = draftOf(field);
  expect(changesOf(before, before)).toEqual({});
  expect(changesOf(before, { ...before, label: { en: 'Y' }, max: '', visible_when: ' ', required: true })).toEqual({ label: { en: 'Y' }, max: null, visible_when: null, required: true });
  const choice = draftOf({ name: 'c', type: 'choice', choices: [{ value: 'a', label: { en: 'A' } }, { value: 'b', label: { en: 'B' } }] });
  expect(changesOf(choice, { ...choice, choices: [...choice.choices].reverse() })).toEqual({ choices: [{ value: 'b', label: { en: 'B' } }, { value: 'a', label: { en: 'A' } }] });
});

it('has a form for every type that can be made', () => {
  expect(CREATABLE).toHaveLength(31);
  expect(new Set(CREATABLE).size).toBe(31);
  for (const type of CREATABLE) {
    expect(zhSetup, type).toHaveProperty([`typehelp.${type}`]);
    expect(Object.keys(attributesOf({ ...EMPTY, type })), type).toEqual(expect.arrayContaining(['label', 'visible_when']));
    for (const other of becomes(type)) expect(CREATABLE, `${type} → ${other}`).toContain(other);
  }
  expect(Object.keys(OPTIONS).every((type) => (CREATABLE as string[]).includes(type))).toBe(true);
});

it('gives every object a name, and numbers only where asked', () => {
  const draft = { ...START, label: { en: 'Visit' }, object: 'visit', plural: 'visits', numbered: true };
  expect(objectBody(draft)).toMatchObject({ traits: ['owned', 'numbered'], number: 'V{YYYY}{0000}', title: 'name', history: true, fields: [{ name: 'name', required: true }] });
  expect(objectBody({ ...draft, numbered: false, owned: false })).not.toHaveProperty('number');
});

it('takes an offered name into the text where the cursor stands', () => {
  const codes = [{ text: 'key', kind: 'code', label: '大客户' }, { text: 'important', kind: 'code', label: '重要客户' }];
  expect(stillMeant(codes, 'level = "impo', 8, 13).map((c) => c.text)).toEqual(['important']);
  expect(stillMeant(codes, 'level = "大', 8, 10).map((c) => c.text)).toEqual(['key']);
  expect(stillMeant(codes, 'level = "', 8, 9)).toEqual(codes);
  expect(stillMeant(codes, 'level = "key" and na', 0, 20)).toEqual([]);
  expect(accept('na', 0, 2, { text: 'name', kind: 'field' })).toEqual({ text: 'name', cursor: 4 });
  expect(accept('co and x', 0, 2, { text: 'count', kind: 'function' })).toEqual({ text: 'count() and x', cursor: 6 });
  expect(accept('stage = "ne"', 9, 11, { text: 'new', kind: 'code' })).toEqual({ text: 'stage = "new"', cursor: 13 });
  expect(accept('stage = "ne', 9, 11, { text: 'new', kind: 'code' })).toEqual({ text: 'stage = "new"', cursor: 13 });
  expect(accept('a = "😀" and na', 12, 15, { text: 'name', kind: 'field' })).toEqual({ text: 'a = "😀" and name', cursor: 17 });
  expect([toServer('😀a', 3), fromServer('😀a', 2)]).toEqual([2, 3]);
  expect([typeWords('money'), typeWords('real'), typeWords(undefined)]).toEqual(['金额', '小数', '空']);
  expect([sampleText(null), sampleText(true), sampleText({ value: '1.00', currency: 'CNY' }), sampleText(14)]).toEqual(['空', '是', '1.00 CNY', '14']);
});

it('moves entries and fields, across sections too', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b'], 1, -3)).toEqual(['b', 'a']);
  const sections = [{ label: { en: 'One' }, columns: 2, fields: ['a', 'b'] }, { columns: 1, collapsed: true, fields: ['c'] }];
  const rows = rowsOf(sections);
  expect(sectionsOf(rows)).toEqual(sections);
  expect(sectionsOf(moveField(rows, 2, 3)).map((s) => s.fields)).toEqual([['a'], ['b', 'c']]);
  expect(sectionsOf(moveField(rows, 1, 0)).map((s) => s.fields)).toEqual([['a', 'b'], ['c']]);
  expect(sectionsOf(moveSection(rows, 'section 1', -1)).map((s) => s.fields)).toEqual([['c'], ['a', 'b']]);
  expect(moveSection(rows, 'section 0', -1)).toBe(rows);
  expect(sectionsOf(dropSection(rows, 'section 1')).map((s) => s.fields)).toEqual([['a', 'b', 'c']]);
  expect(sectionsOf(dropSection(rows, 'section 0'))).toEqual([{ columns: 1, collapsed: true, fields: ['a', 'b', 'c'] }]);
  expect(dropSection(rowsOf([sections[0]!]), 'section 0')).toHaveLength(3);
  expect(sectionsOf(addField(addSection(rows), 'section 2', 'd')).map((s) => s.fields)).toEqual([['a', 'b'], ['c'], ['d']]);
  expect(sectionsOf(addField(rows, 'section 0', 'd'))[0]!.fields).toEqual(['a', 'b', 'd']);
});

it('finds objects, fields, uses and indexes', () => {
  const thing = { object: 'thing', plural: 'things', area: 'sales', label: { 'zh-CN': '东西' }, fields: [{ name: 'kind', type: 'choice', list: 'kinds', label: { 'zh-CN': '种类' } }], unique: [['a', 'b']] } as ObjectMeta;
  const own = { object: 'own', plural: 'owns', area: 'custom', custom: true, fields: [] } as ObjectMeta;
  expect(grouped([thing, own], '').map((g) => g.area)).toEqual(['custom', 'sales']);
  expect(grouped([thing, own], '东西').map((g) => g.objects[0]!.object)).toEqual(['thing']);
  expect([matches(thing.fields[0]!, '种'), matches(thing.fields[0]!, 'KIN'), matches(thing.fields[0]!, 'x')]).toEqual([true, true, false]);
  expect(usesOf('kinds', [thing, own])).toEqual(['东西 · 种类']);
  const index = (fields: string[], state: IndexState['state'], unique = false): IndexState => ({ name: 'i', fields, unique, state });
  expect([indexOf({ name: 'a', type: 'text' }, [index(['a'], 'ready'), index(['a', 'b'], 'pending')]), indexOf({ name: 'b', type: 'text' }, [index(['a', 'b'], 'ready')])]).toEqual(['pending', '']);
  expect([isDeclared(thing, index(['a', 'b'], 'ready', true)), isDeclared(thing, index(['a', 'b'], 'ready')), isDeclared(thing, index(['a'], 'ready', true))]).toEqual([true, false, false]);
});

it('keeps rules in their places, reads configuration files, tells what was removed', () => {
  const rule = (name: string) => ({ name, check: 'true', message: {} });
  expect(withRule([rule('a'), rule('b')], 0, rule('c')).map((r) => r.name)).toEqual(['c', 'b']);
  expect(withRule([rule('a')], -1, rule('c')).map((r) => r.name)).toEqual(['a', 'c']);
  expect(filesOf('{"files":{"a.json":{}}}')).toEqual({ 'a.json': {} });
  expect([filesOf('{"a.json":{}}'), filesOf('{}'), filesOf('[1]'), filesOf('x'), filesOf('{"a":1}')]).toEqual([{ 'a.json': {} }, null, null, null, null]);
  const bin = { days: 30, objects: [{ object: 'o', plural: 'os', label: null, removed_at: '2026-01-01T00:00:00Z' }], fields: [{ object: 'x', field: 'f', key: 'k', type: 'text', label: { 'zh-CN': '字' }, removed_at: '2026-02-01T00:00:00Z' }] };
  expect(itemsOf(bin).map((i) => i.id)).toEqual(['x.k', 'o']);
  expect([valueText(undefined), valueText('a'), valueText({ a: [1] })]).toEqual(['', 'a', '{ "a": [ 1 ] }']);
});
