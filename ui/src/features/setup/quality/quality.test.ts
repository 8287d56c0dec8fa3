import { describe, expect, it } from 'vitest';
import { points } from './sparkline';
import { share } from './quality-api';

describe('share', () => {
  it('never rounds up to whole', () => expect(share(9999, 10000)).toBe(99.9));
  it('knows nothing of nothing', () => expect(share(0, 0)).toBeNull());
});

describe('points', () => {
  it('spread over the width, the greatest at the top', () => expect(points([0, 50, 100], 100, 20)).toBe('0,18 50,10 100,2'));
  it('lie in the middle where all are alike', () => expect(points([3, 3], 10, 20)).toBe('0,10 10,10'));
});
