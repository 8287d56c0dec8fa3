import { expect, it } from 'vitest';
import type { Rec } from '@/lib/types';
import { flat, freshPassword, placesFor, stepsFrom, treeOf, visible } from './tree';

const d = (id: string, parent: string | null, more: Record<string, unknown> = {}): Rec => ({ id, version: 1, name: `部门${id}`, parent: parent ? { id: parent } : null, headcount: 1, ...more });
const records = [d('3', '2'), d('2', '1', { position: 2 }), d('1', null), d('4', '1', { position: 1 }), d('5', '99')];
const ids = (nodes: { id: string }[]) => nodes.map((n) => n.id).join(' ');

it('puts children under parents in their order, and those of unseen parents at the top', () => {
  expect(ids(flat(treeOf(records)))).toBe('1 4 2 3 5');
  expect(treeOf(records)[0]).toMatchObject({ depth: 0, people: 1, all: 4 });
  expect(flat(treeOf(records)).find((n) => n.id === '3')).toMatchObject({ depth: 2, parent: '2' });
});

it('loses nobody in a circle', () => {
  expect(flat(treeOf([d('1', '2'), d('2', '1'), d('3', '3')])).map((n) => n.id).sort()).toEqual(['1', '2', '3']);
});

it('hides what is closed, and shows hits with all above them', () => {
  const tree = treeOf(records);
  expect(ids(visible(tree, new Set(['2']), ''))).toBe('1 4 2 5');
  expect(ids(visible(tree, new Set(['1']), '部门3'))).toBe('1 2 3');
});

it('moves nothing below itself', () => {
  expect(ids(placesFor(treeOf(records), '2'))).toBe('1 4 5');
});

it('knows the steps of a person', () => {
  expect([stepsFrom('active'), stepsFrom('left'), stepsFrom('invited')]).toEqual([['suspended', 'left'], ['active'], ['active', 'left']]);
});

it('makes passwords with each kind of character and none twice', () => {
  const made = Array.from({ length: 50 }, () => freshPassword());
  for (const p of made) expect(p).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[^lIO01o]{16}$/);
  expect(new Set(made).size).toBe(50);
});
