import { describe, expect, it } from 'vitest';
import { backoff, unionOf } from './live';

describe('live stream', () => {
  it('watches what all tabs watch, once, in order, at most 200', () => {
    expect(unionOf([['b', 'a'], ['a', 'c']])).toEqual(['a', 'b', 'c']);
    expect(unionOf([Array.from({ length: 300 }, (_, i) => `x${i}`)])).toHaveLength(200);
  });
  it('waits longer after each failure, at most half a minute', () => {
    expect([0, 1, 2, 5, 50].map(backoff)).toEqual([1000, 2000, 4000, 30000, 30000]);
  });
});
