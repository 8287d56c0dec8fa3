import { expect, test } from 'vitest';
import { clock } from '@/lib/clock';
import { levelOf, refusalOfMicrophone } from './use-recorder';

test('the level is the loudest swing around the middle', () => {
  expect(levelOf(new Uint8Array([128, 128, 128]))).toBe(0);
  expect(levelOf(new Uint8Array([128, 64, 160]))).toBe(0.5);
  expect(levelOf(new Uint8Array([0, 128]))).toBe(1);
});

test('what keeps one from recording is told apart', () => {
  expect(refusalOfMicrophone(new DOMException('', 'NotAllowedError'))).toBe('refused');
  expect(refusalOfMicrophone(new DOMException('', 'NotFoundError'))).toBe('missing');
  expect(refusalOfMicrophone(new DOMException('', 'NotReadableError'))).toBe('unknown');
  expect(refusalOfMicrophone(new TypeError('x'))).toBe('unknown');
});

test('lengths read as minutes and seconds', () => {
  expect([0, 9.9, 72.4, 300].map(clock)).toEqual(['0:00', '0:09', '1:12', '5:00']);
});
