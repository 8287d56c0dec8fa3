import { describe, expect, it } from 'vitest';
import { exportBody, formatsOf } from './use-export';

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
    expect(formatsOf(object([['name', 'text'], ['due_at', 'datetime']])).slice(4)).toEqual(['ics']);
    expect(formatsOf(object([['name', 'text']]))).toEqual(['xlsx', 'csv', 'jsonl', 'sav']);
  });
  it('leaves fields out for all of them, and what is empty', () => {
    expect(exportBody({ ...shown, filter: '', sort: undefined }, { format: 'csv', values: 'codes', columns: 'all', watermark: false })).toEqual({ format: 'csv', values: 'codes' });
  });
});
