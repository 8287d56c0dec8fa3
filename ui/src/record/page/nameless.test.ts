import { expect, test } from 'vitest';
import type { ObjectMeta, Rec } from '@/lib/types';
import { namelessTitle } from './nameless';

const visit = { object: 'visit', fields: [{ name: 'account', type: 'link' }, { name: 'planned_at', type: 'datetime' }] } as unknown as ObjectMeta;
const rec = (more: Record<string, unknown>) => ({ id: '7', ...more }) as unknown as Rec;

test('a visit is called by whom and when; what is not seen is not told', () => {
  expect(namelessTitle(visit, rec({ account: { id: '1', title: '恒锐精密' }, planned_at: '2020-03-01T01:30:00Z' }))).toMatch(/^恒锐精密 · .*2020.* \d\d:\d\d$/);
  expect(namelessTitle(visit, rec({ account: { id: '1', title: '恒锐精密' } }))).toBe('恒锐精密');
  expect(namelessTitle(visit, rec({ account: { id: '1', title: null }, planned_at: '2020-03-01T01:30:00Z' }))).toBeNull();
});
