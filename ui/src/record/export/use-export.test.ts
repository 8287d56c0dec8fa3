import { describe, expect, it } from 'vitest';
import { exportBody, formatsOf, groupsOf, type ExportChoices } from './use-export';

const shown = { filter: 'amount > 1', sort: '-amount', fields: 'name,amount' };

describe('exportBody', () => {
  it('asks for what the page shows', () => {
    expect(exportBody(shown, { format: 'xlsx', values: 'labels', columns: 'shown', watermark: false })).toEqual({ ...shown, format: 'xlsx', values: 'labels' });
  });
  it('asks for a mark where rows have room for it, and for no columns of cards', () => {
    expect(exportBody(shown, { format: 'csv', values: 'labels', columns: 'all', watermark: true }).watermark).toBe(true);
    expect(exportBody(shown, { format: 'vcard', values: 'labels', columns: 'shown', watermark: true })).toEqual({ filter: shown.filter, sort: shown.sort, format: 'vcard', values: 'labels' });
  });
  it('offers cards for what can be reached and calendars for what has a time', () => {
    const object = (fields: [string, string][]) => ({ object: 'x', plural: 'xs', title: 'name', fields: fields.map(([name, type]) => ({ name, type })) }) as unknown as Parameters<typeof formatsOf>[0];
    expect(formatsOf(object([['name', 'text'], ['mail', 'email']]))).toContain('vcard');
    expect(formatsOf(object([['name', 'text'], ['due_at', 'datetime']])).slice(5)).toEqual(['ics']);
    expect(formatsOf(object([['name', 'text']]))).toEqual(['xlsx', 'csv', 'jsonl', 'sav', 'zsav']);
  });
  it('leaves fields out for all of them, and what is empty', () => {
    expect(exportBody({ ...shown, filter: '', sort: undefined }, { format: 'csv', values: 'codes', columns: 'all', watermark: false })).toEqual({ format: 'csv', values: 'codes' });
  });
  it('says what was searched for, and at what time', () => {
    expect(exportBody({ q: 'ink', asOf: '2026-03-01' }, { format: 'csv', values: 'labels', columns: 'all', watermark: false })).toEqual({ format: 'csv', values: 'labels', q: 'ink', as_of: '2026-03-01' });
  });
});

describe('groupsOf', () => {
  const object = { object: 'deal', plural: 'deals', title: 'name', fields: [{ name: 'name', type: 'text' }, { name: 'stage', type: 'choice' }, { name: 'day', type: 'date' }, { name: 'amount', type: 'money' }, { name: 'unit_price', type: 'money' }] } as unknown as Parameters<typeof groupsOf>[0];
  const choices: ExportChoices = { format: 'xlsx', values: 'labels', columns: 'shown', watermark: false, groups: true };
  it('has the groups of the list and the sums of its columns', () => {
    expect(groupsOf(object, { fields: 'name,amount,unit_price,account.name', group: 'stage' })).toEqual({ group: ['stage'], sums: ['amount'] });
    expect(groupsOf(object, { fields: 'name', group: 'day' })).toEqual({ group: [{ field: 'day', bucket: 'month' }], group_sort: ['-day'], sums: [] });
    expect(groupsOf(object, { fields: 'name' })).toBeUndefined();
  });
  it('goes with tables for people alone, and where it is wanted', () => {
    const groups = groupsOf(object, { fields: 'name,amount', group: 'stage' });
    expect(exportBody({}, choices, groups)).toEqual({ format: 'xlsx', values: 'labels', group: ['stage'], sums: ['amount'] });
    for (const other of [{ format: 'jsonl' }, { format: 'sav' }, { values: 'codes' }, { groups: false }] as const) expect(exportBody({}, { ...choices, ...other }, groups).group).toBeUndefined();
  });
});
