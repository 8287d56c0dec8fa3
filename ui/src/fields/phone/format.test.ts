import { expect, it } from 'vitest';
import { groupPhone } from './format';

it('groups Chinese mobile numbers and leaves others', () => {
  expect(groupPhone('13805127746')).toBe('138 0512 7746');
  expect(groupPhone('+8613805127746')).toBe('+86 138 0512 7746');
  expect(groupPhone('138-0512-7746')).toBe('138 0512 7746');
  expect(groupPhone('057485426469')).toBe('0574-8542 6469');
  expect(groupPhone('01079025892')).toBe('010-7902 5892');
  expect(groupPhone('0512-6288 4410')).toBe('0512-6288 4410');
});
