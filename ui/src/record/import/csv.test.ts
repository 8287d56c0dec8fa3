import { describe, expect, it } from 'vitest';
import { decode, distinct, parseRows, readSample, separatorOf } from './csv';

describe('csv sample', () => {
  it('reads quotes, doubled quotes, breaks in cells', () => {
    expect(parseRows('a,b\r\n"x, ""y""","1\n2"\r\n', ',', true)).toEqual([['a', 'b'], ['x, "y"', '1\n2']]);
  });
  it('drops the row that the cut left open', () => expect(parseRows('a,b\n1,2\n3,', ',', false)).toEqual([['a', 'b'], ['1', '2']]));
  it('keeps the last row of a whole file without a break', () => expect(parseRows('a\n1', ',', true)).toEqual([['a'], ['1']]));
  it('finds the separator', () => {
    expect(separatorOf('a;b;c\n1,2;3;4')).toBe(';');
    expect(separatorOf('a\tb\n')).toBe('\t');
  });
  it('falls back to GB18030', () => {
    expect(decode(new Uint8Array([0xbf, 0xcd, 0xbb, 0xa7]), true)).toEqual({ text: '客户', encoding: 'gb18030' });
    expect(decode(new TextEncoder().encode('客户'), true).encoding).toBe('utf-8');
  });
  it('drops the byte order mark and trims heads', async () => {
    const sample = await readSample(new File(['\uFEFFname , city\nA,B\nC,B\n'], 'x.csv'));
    expect(sample.columns).toEqual(['name', 'city']);
    expect(distinct(sample, 1, 10)).toEqual(['B']);
  });
});
