import { describe, expect, it } from 'vitest';
import { isMasked } from './field-display';

describe('isMasked', () => {
  it('knows the masks of the server', () => {
    for (const [type, value] of [['phone', '138****5678'], ['email', 'a***@example.com'], ['money', '***'], ['text', '张**'], ['date', '***']] as const) expect(isMasked(type, value)).toBe(true);
  });
  it('leaves values alone', () => {
    for (const [type, value] of [['phone', '13812345678'], ['money', { value: '1.00', currency: 'CNY' }], ['integer', 3], ['long_text', '**bold**'], ['text', 'a*b']] as const) expect(isMasked(type, value)).toBe(false);
  });
});
