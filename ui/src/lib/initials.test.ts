import { expect, it } from 'vitest';
import { initials } from './initials';

it('gives the first letters of words, other characters as they are', () => {
  expect([initials('客户'), initials('商机'), initials('跟进记录'), initials('工作台'), initials('订单'), initials('竞争对手'), initials('谁写了什么'), initials('VIP 客户')])
    .toEqual(['kh', 'sj', 'gjjl', 'gzt', 'dd', 'jzds', 'sxlsm', 'vip kh']);
  expect(initials('阿八才大额发干海家开来马那欧怕起人三他外下一在')).toBe('abcdefghjklmnopqrstwxyz');
});
