import { expect, it } from 'vitest';
import { phoneParts } from './format';

it('parts Chinese numbers and leaves others', () => {
  expect(phoneParts('13805127746')).toEqual(['138', '0512', '7746']);
  expect(phoneParts('+8613805127746')).toEqual(['+86', '138', '0512', '7746']);
  expect(phoneParts('057485426469')).toEqual(['0574', '8542', '6469']);
  expect(phoneParts('01079025892')).toEqual(['010', '7902', '5892']);
  expect(phoneParts('0512-6288 4410')).toEqual(['0512-6288 4410']);
});

it('loses no sign: what is copied is what was written', () => {
  for (const number of ['13805127746', '057485426469', '+1 555 0100', '400-800-9000']) expect(phoneParts(number).join('')).toBe(number);
});
