import { expect, it } from 'vitest';
import { exact, minus, plus, rounded, times } from './decimal';

const of = (text: string) => exact(text)!;

it('adds and multiplies without losing a digit', () => {
  expect(rounded(plus(of('0.1'), of('0.2')), 2)).toBe('0.30');
  expect(rounded(minus(of('1'), of('1.05')), 2)).toBe('-0.05');
  expect(rounded(times(of('12345678901234.56'), of('3.3333')), 6)).toBe('41151851481485.158848');
});

it('rounds half to even', () => {
  expect(['0.125', '0.135', '-0.125', '2.5', '3.5', '7'].map((x) => rounded(of(x), x.startsWith('0') || x.startsWith('-') ? 2 : 0))).toEqual(['0.12', '0.14', '-0.12', '2', '4', '7']);
  expect(rounded(of('0.004'), 2)).toBe('0.00');
});

it('takes only plain decimals', () => {
  expect([exact('x'), exact(''), exact(null), exact('1e5'), exact('.5')]).toEqual([null, null, null, null, null]);
  expect(exact(3)).toEqual({ n: 3n, scale: 0 });
});
