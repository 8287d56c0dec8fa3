import { expect, it } from 'vitest';
import { decimal, integer, percent } from './number';

const field = { name: 'n', type: 'decimal' };

it('tells numbers without idle zeros', () => {
  expect(percent.text(field, '100.00')).toBe('100%');
  expect(percent.text(field, '12.50')).toBe('12.5%');
  expect(percent.text(field, null)).toBe('');
  expect(decimal.text(field, '0.1200')).toBe('0.12');
  expect(decimal.text(field, '100')).toBe('100');
});

it('writes integers as numbers while they are exact, else as text', () => {
  expect(integer.wire('42')).toBe(42);
  expect(integer.wire('9007199254740993')).toBe('9007199254740993');
  expect(integer.wire('')).toBeNull();
});
