import { describe, expect, it } from 'vitest';
import { exportBody } from './use-export';

const shown = { filter: 'amount > 1', sort: '-amount', fields: 'name,amount' };

describe('exportBody', () => {
  it('asks for what the page shows', () => {
    expect(exportBody(shown, { format: 'xlsx', values: 'labels', columns: 'shown' })).toEqual({ ...shown, format: 'xlsx', values: 'labels' });
  });
  it('leaves fields out for all of them, and what is empty', () => {
    expect(exportBody({ ...shown, filter: '', sort: undefined }, { format: 'csv', values: 'codes', columns: 'all' })).toEqual({ format: 'csv', values: 'codes' });
  });
});
