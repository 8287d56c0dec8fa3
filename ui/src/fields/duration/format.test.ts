import { expect, it } from 'vitest';
import { durationOf, durationText } from './format';

it('shows hours and minutes', () => {
  expect(durationText('PT1H30M')).toBe('1:30');
  expect(durationText('P1DT5S')).toBe('24:00:05');
  expect(durationText('-PT90M')).toBe('-1:30');
  expect(durationText('P1M')).toBe('P1M');
});

it('reads what people write', () => {
  expect(durationOf('1:30')).toBe('PT1H30M0S');
  expect(durationOf('90')).toBe('PT90M');
  expect(durationOf('PT5S')).toBe('PT5S');
  for (const wrong of ['', '1:60', 'x', 'P', 'PT', '1.5']) expect(durationOf(wrong)).toBeNull();
});
