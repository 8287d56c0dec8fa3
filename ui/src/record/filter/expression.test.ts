import { describe, expect, it } from 'vitest';
import { aroundError, clausesOf, joinAnd, literalValue, splitAnd } from './expression';

describe('splitAnd', () => {
  it('splits at the outermost and', () => {
    expect(splitAnd('stage = "a" and (x = 1 and y = 2) and not z')).toEqual(['stage = "a"', '(x = 1 and y = 2)', 'not z']);
  });
  it('leaves the and of between alone', () => expect(splitAnd('a between 1 and 2 and b = 3')).toEqual(['a between 1 and 2', 'b = 3']));
  it('keeps an or in one piece', () => expect(splitAnd('a = 1 and b = 2 or c = 3')).toEqual(['a = 1 and b = 2 or c = 3']));
  it('does not look into strings', () => expect(splitAnd('name = "a and (b" and x = 1')).toEqual(['name = "a and (b"', 'x = 1']));
  it('gives up on what is open or strange', () => {
    expect(splitAnd('name = "open')).toBeNull();
    expect(splitAnd('(a = 1')).toBeNull();
    expect(splitAnd('a = 1)')).toBeNull();
  });
});

describe('joinAnd', () => {
  it('puts an or into parentheses when there is more', () => expect(joinAnd(['a = 1 or b = 2', 'c = 3'])).toBe('(a = 1 or b = 2) and c = 3'));
  it('leaves a single part and skips empty ones', () => expect(joinAnd(['', null, 'a = 1 or b = 2', undefined])).toBe('a = 1 or b = 2'));
  it('does not double parentheses', () => expect(joinAnd(['(a = 1 or b = 2)', 'c = 3'])).toBe('(a = 1 or b = 2) and c = 3'));
  it('undoes clausesOf', () => {
    const text = 'a = 1 and b ~ "x y" and c is null';
    expect(joinAnd(clausesOf(text))).toBe(text);
  });
});

describe('errors and literals', () => {
  it('marks the word at the character, counted in code points', () => {
    expect(aroundError('name ~ "𠮷" and regio = 1', 15)).toEqual({ before: 'name ~ "𠮷" and ', there: 'regio', after: ' = 1' });
  });
  it('marks the end when something is missing', () => expect(aroundError('a =', 3)).toEqual({ before: 'a =', there: ' ', after: '' }));
  it('reads literals', () => {
    expect(literalValue('"a\\"b"')).toBe('a"b');
    expect(literalValue('12')).toBe('12');
  });
});
