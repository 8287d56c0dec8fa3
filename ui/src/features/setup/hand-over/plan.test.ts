import { expect, it } from 'vitest';
import { bodyOf, choiceOf, movedBy, named, type Part, type Plan } from './plan';

const plan: Plan = { to: { id: '2' }, choices: { account: { way: 'pool' }, lead: { way: 'to', to: { id: '3' } }, task: { way: 'leave' }, order: { way: 'to', to: null } }, deactivate: true, leftOn: '2026-11-30' };

it('says of parts only what differs, and of leaving only when it runs', () => {
  const parts = { account: { pool: true }, lead: { to: '3' }, task: { leave: true } };
  expect(bodyOf(plan, true)).toEqual({ to: '2', parts, dry_run: true });
  expect(bodyOf(plan, false)).toEqual({ to: '2', parts, deactivate: true, left_on: '2026-11-30' });
  expect(bodyOf({ ...plan, choices: {}, deactivate: false }, false)).toEqual({ to: '2', deactivate: false });
});

it('shows the choice, else what the server would do', () => {
  expect(choiceOf(plan, { part: 'account', way: 'to' })).toEqual({ way: 'pool' });
  expect(choiceOf(plan, { part: 'followup', way: 'leave' })).toEqual({ way: 'leave' });
  expect(choiceOf(plan, { part: 'contact', way: 'to', to: { id: '9' } })).toEqual({ way: 'to', to: { id: '9' } });
  expect(choiceOf(plan, { part: 'contact', way: 'to', to: null })).toEqual({ way: 'to', to: { id: '2' } });
});

it('counts what goes, not what stays, and shows names alone', () => {
  const part = (name: string, way: Part['way'], count: number): Part => ({ part: name, object: name, field: 'owner', owned: true, count, exact: true, way, to: null, pooled: false, samples: [] });
  expect(movedBy(plan, [part('account', 'to', 4), part('task', 'to', 7), part('followup', 'leave', 9), part('contact', 'to', 2)])).toBe(6);
  expect(named([{ id: '1', title: '1' }, { id: '2', title: 'Two' }, { id: '3', title: null }])).toEqual([{ id: '2', title: 'Two' }]);
});
