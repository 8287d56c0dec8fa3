import { beforeEach, describe, expect, it } from 'vitest';
import { setMessages } from '@/lib/i18n';
import { catalogueOf } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import type { Preview } from './preview';
import { choicesOf, fixedOf, guess, guessValues, mappingOf, mappingOfPreview, START, stems, targetsOf, unfilled, wireMapping, wireOptions } from './mapping';

const deal: ObjectMeta = { object: 'deal', plural: 'deals', fields: [
  { name: 'name', type: 'text', required: true, label: { 'zh-CN': '名称', en: 'Name' } },
  { name: 'firm', type: 'link', to: 'firm' },
  { name: 'phase', type: 'link', to: 'phase' },
  { name: 'kind', type: 'choice', choices: [{ value: 'new', label: { 'zh-CN': '新签', en: 'New' } }] },
  { name: 'amount', type: 'money' },
  { name: 'closed_on', type: 'date' },
  { name: 'total', type: 'formula', result: 'money' },
  { name: 'owner', type: 'link', to: 'person', system: true },
  { name: 'created_by', type: 'link', to: 'person', system: true, readonly: true },
] };
const firm: ObjectMeta = { object: 'firm', plural: 'firms', title: 'name', fields: [{ name: 'name', type: 'text' }] };
const phase: ObjectMeta = { object: 'phase', plural: 'phases', title: 'name', traits: ['coded'], fields: [{ name: 'name', type: 'text' }] };
const person: ObjectMeta = { object: 'person', plural: 'people', title: 'name', fields: [{ name: 'name', type: 'text' }] };
const catalogue = catalogueOf({ version: 1, objects: [deal, firm, phase, person] });

beforeEach(() => setMessages('zh-CN', {}));

describe('mapping', () => {
  it('offers links by title, coded lists as they are, no computed fields', () => {
    const paths = targetsOf(catalogue, deal).map((t) => t.path);
    expect(paths).toEqual(['name', 'firm.name', 'phase', 'kind', 'amount', 'closed_on', 'owner.name', 'created_by.name']);
  });
  it('guesses by name, label and stem, each field once', () => {
    const found = guess(deal, ['名称', 'Firm', 'deal_phase', 'close_date', 'close_value', 'sales_agent', 'x'], targetsOf(catalogue, deal));
    expect(Object.fromEntries(Object.entries(found).map(([k, v]) => [k, v.path]))).toEqual({ 名称: 'name', Firm: 'firm.name', deal_phase: 'phase', close_date: 'closed_on', close_value: 'amount', sales_agent: 'owner.name', x: null });
  });
  it('takes a column called like the object for its title', () => {
    const found = guess(firm, ['Firm', 'x'], targetsOf(catalogue, firm));
    expect(found.Firm?.path).toBe('name');
  });
  it('takes the server at its word and guesses only what it left', () => {
    const column = (name: string, field: string | null, samples: string[] = []) => ({ name, field, samples });
    const preview: Preview = { format: 'csv', encoding: 'UTF-8', separator: ',', header_row: 1, sheet: null, sheets: [], rows: [], ready: [], columns: [column('a', 'firm'), column('close_date', null), column('类型', 'kind', ['新签']), column('x', null)] };
    const found = mappingOfPreview(deal, preview, targetsOf(catalogue, deal));
    expect(found).toEqual({ a: { path: 'firm.name', values: {} }, close_date: { path: 'closed_on', values: {} }, 类型: { path: 'kind', values: { 新签: 'new' } }, x: { path: null, values: {} } });
    const options = { mapping: { a: 'firm', 类型: { field: 'kind', values: { x: 'new' } }, gone: 'name' }, set: { name: { template: '{a}' }, nothing: 1 }, mode: 'upsert', key: ['name'], duplicates: 'skip' };
    expect(mappingOf(deal, options, preview, targetsOf(catalogue, deal))).toEqual({ a: { path: 'firm.name', values: {} }, close_date: { path: null, values: {} }, 类型: { path: 'kind', values: { x: 'new' } }, x: { path: null, values: {} } });
    expect(fixedOf(deal, options)).toEqual([{ field: 'name', value: '{a}' }]);
    expect(choicesOf(options)).toEqual({ ...START, mode: 'upsert', key: ['name'], duplicates: 'skip' });
    expect(choicesOf({ mode: 'nonsense' })).toEqual(START);
  });
  it('shares stems between forms of a word', () => expect(stems('close_date')).toEqual(stems('closed_on')));
  it('maps words of a choice to its codes', () => expect(guessValues(deal.fields[3]!, ['新签', 'new', '其他'])).toEqual({ 新签: 'new' }));
  it('writes value maps only where there are some', () => {
    expect(wireMapping({ A: { path: 'phase', values: { Won: 'won', Old: '' } }, B: { path: 'name', values: {} }, C: { path: null, values: {} } }))
      .toEqual({ A: { field: 'phase', values: { Won: 'won' } }, B: 'name', C: null });
  });
  it('tells templates from fixed values', () => {
    const options = wireOptions(deal, {}, [{ field: 'name', value: '{a} {b}' }, { field: 'kind', value: 'new' }, { field: 'amount', value: null }], { ...START, mode: 'upsert', key: ['name'] });
    expect(options).toEqual({ mapping: {}, set: { name: { template: '{a} {b}' }, kind: 'new' }, mode: 'upsert', key: ['name'], dry_run: true });
  });
  it('names required fields that nothing fills', () => {
    expect(unfilled(deal, {}).map((f) => f.name)).toEqual(['name']);
    expect(unfilled(deal, {}, [{ field: 'name', value: 'x' }])).toEqual([]);
  });
});
