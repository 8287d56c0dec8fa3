import { describe, expect, it } from 'vitest';
import type { Rec } from '@/lib/types';
import type { Card, HomeAnswer } from './api';
import { splitUnit } from './figures';
import { lunarDay, lunarNumber } from '@/lib/lunar';
import { stagesOf } from './pipeline';
import { todoCount, todosOf } from './todo-items';
import { putOff } from './put-off';
import { weekOf } from './week';

const card = (object: string, items: Partial<Rec>[], exact = true): Card => ({ object, filter: '', list: { items: items as Rec[], next: null, count: { value: items.length, exact } } });

describe('home', () => {
  it('puts to-dos of all kinds in one order and counts all', () => {
    const home: HomeAnswer = { at: '', scope: 'mine', cards: {
      tasks: card('task', [{ id: '2', subject: 'b', kind: 'call', due_at: '2026-03-02T01:00:00Z', about: { id: '9', object: 'lead', title: 'L' } }, { id: '1', subject: 'a', kind: 'other', due_at: '2026-03-01T01:00:00Z' }]),
      leads_due: card('lead', [{ id: '3', name: '王', next_followup_at: '2026-03-01T09:00:00Z' }], false),
      accounts_pool: card('account', [{ id: '4', name: '甲', recycle_at: '2026-02-01T00:00:00Z' }]),
    } };
    const todos = todosOf(home);
    expect(todos.map((x) => [x.key, x.group])).toEqual([['task-1', 'tasks'], ['due-3', 'followups'], ['task-2', 'followups'], ['pool-4', 'pool']]);
    expect(todos[2]!.about).toEqual({ object: 'lead', id: '9' });
    expect(todos[0]!.about).toBeUndefined();
    expect(todoCount(home)).toEqual({ value: 4, over: true });
  });
  it('adds stages of one code over pipelines', () => {
    const row = (id: string, code: string, count: number, value: string) => ({ stage: { id, code, title: code }, count, sum_amount: { value, currency: 'CNY' } });
    expect(stagesOf([row('1', 'identify', 2, '10'), row('2', 'signing', 1, '5'), row('3', 'identify', 3, '1.5')]).map((s) => [s.code, s.count, s.sum])).toEqual([['identify', 5, 11.5], ['signing', 1, 5]]);
  });
  it('begins the week on Monday', () => {
    expect(weekOf('2026-03-01')).toEqual(['2026-02-23', '2026-02-24', '2026-02-25', '2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01']);
    expect(weekOf('2026-11-30')[0]).toBe('2026-11-30');
  });
  it('puts off to tomorrow, however long it was due', () => {
    const now = new Date(2026, 2, 10, 15, 0).getTime();
    expect(putOff(new Date(2026, 1, 1, 9, 30).toISOString(), now)).toBe(new Date(2026, 2, 11, 9, 30).toISOString());
  });
  it('tells the lunar day as it is written', () => {
    expect([1, 10, 11, 19, 20, 21, 29, 30].map(lunarNumber)).toEqual(['初一', '初十', '十一', '十九', '二十', '廿一', '廿九', '三十']);
    expect(lunarDay(new Date('2026-02-17T04:00:00Z'), 'Asia/Shanghai')).toBe('正月初一');
  });
  it('splits the unit of a sum from its number', () => {
    expect([splitUnit('¥143.0万'), splitUnit('¥0'), splitUnit('¥1.43M')]).toEqual([['¥143.0', '万'], ['¥0', ''], ['¥1.43M', '']]);
  });
});
