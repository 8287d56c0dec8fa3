import { describe, expect, it } from 'vitest';
import { PERIODS, rowText, type Row, type RowOperator } from './row';
import { group, readTree, writeTree, type Group, type Node } from './tree';

/** A generator with a seed, so that what failed can be run again. */
function random(seed: number) {
  let state = seed >>> 0;
  const next = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32; };
  const below = (n: number) => Math.floor(next() * n);
  return { below, pick: <T>(from: readonly T[]): T => from[below(from.length)]! };
}
type Dice = ReturnType<typeof random>;

const PATHS = ['name', 'amount', 'account.region', 'owner.department.name', 'address.province', 'closed_on'];
const TEXTS = ['"北京"', '"a and (b"', '"say \\"or\\""', '"\\\\"', '""', '"ＡＢＣ 繁體"'];
const LITERALS = [...TEXTS, '12', '12.5', '-3', 'true', 'false'];
const VALUES = [...LITERALS, 'me()', 'my_department()', 'today()', 'days_ahead(3)', 'start_of("month", today())', 'amount * 2', 'coalesce(a, 0) + 1'];
const ODD = ['amount + 1 > 2', 'count(contacts) >= 2', 'length(name) > 3', '"vip" in tags', 'done', 'x in (me(), other)', 'outer.x = 1', 'any(a.b)', 'name = null', 'any(contacts, outer.owner = owner and a > 1 + 2)'];

const COUNTS: Partial<Record<RowOperator, 'literal' | 'days' | 'period' | 'set' | 'none'>> = { null: 'none', not_null: 'none', within: 'set', not_within: 'set', period: 'period', last_days: 'days', next_days: 'days', before_days: 'days', in: 'literal', not_in: 'literal' };
const OPERATORS: RowOperator[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains', 'contains_not', 'starts', 'ends', 'in', 'not_in', 'within', 'not_within', 'between', 'null', 'not_null', 'period', 'last_days', 'next_days', 'before_days'];

function anyRow(dice: Dice): Row {
  const operator = dice.pick(OPERATORS);
  const of = COUNTS[operator] ?? 'value';
  const values = of === 'none' ? [] : of === 'set' ? [dice.pick(['my_departments()', 'my_teams()'])] : of === 'period' ? [dice.pick(PERIODS)] : of === 'days' ? [String(1 + dice.below(90))]
    : of === 'literal' ? Array.from({ length: 1 + dice.below(4) }, () => dice.pick(LITERALS)) : Array.from({ length: operator === 'between' ? 2 : 1 }, () => dice.pick(VALUES));
  return { kind: 'row', path: dice.pick(PATHS), operator, values };
}

/** A tree as it reads itself: groups of one thing or of nothing are not there. */
function anyNode(dice: Dice, depth: number, above: string): Node {
  const what = dice.below(depth > 0 ? 10 : 6);
  if (what < 5) return anyRow(dice);
  if (what === 5) return { kind: 'text', text: dice.pick(ODD.slice(0, 6)) };
  if (what === 6) return { kind: 'children', quantifier: dice.pick(['any', 'none', 'all'] as const), relation: 'contacts', group: anyGroup(dice, depth - 1, 1, '') };
  return anyGroup(dice, depth - 1, 2, above);
}
function anyGroup(dice: Dice, depth: number, least: number, above: string): Group {
  const join = dice.pick(['and', 'or'] as const);
  const not = above !== '' && dice.below(4) === 0;
  const items = Array.from({ length: (not ? 1 : least) + dice.below(3) }, () => anyNode(dice, depth, join));
  return { kind: 'group', join: items.length === 1 ? 'and' : join, not, items };
}
/** What reading makes of it: a chain of one is its only item, a negated group of a group is that one negated. */
function settled(node: Node, top = true): Node {
  if (node.kind === 'children') return { ...node, group: settled(node.group, true) as Group };
  if (node.kind !== 'group') return node;
  const items = node.items.map((item) => settled(item, false));
  const [only] = items;
  if (items.length === 1 && only) {
    if (node.not) return only.kind === 'row' && only.operator === 'contains' ? node : only.kind === 'group' && !only.not ? { ...only, not: true } : { ...node, join: 'and', items };
    return top ? (only.kind === 'group' && !only.not ? only : group([only])) : only;
  }
  return { ...node, items };
}
const isPlain = (node: Node): boolean => node.kind !== 'group' || (!(node.not && node.items.length === 1) && node.items.every(isPlain));

describe('rows', () => {
  it('reads back every operator with every value it takes', () => {
    const dice = random(7);
    for (let i = 0; i < 400; i++) {
      const row = anyRow(dice);
      if (row.operator === 'ge' || row.operator === 'lt') row.values = [dice.pick(LITERALS)];
      expect(readTree(rowText(row)), rowText(row)).toEqual(group([row]));
    }
  });
  it('tells days and periods from the comparisons they are written as', () => {
    expect(readTree('created_at >= days_ago(30)')!.items).toEqual([{ kind: 'row', path: 'created_at', operator: 'last_days', values: ['30'] }]);
    expect(readTree('a = 1 and (d >= start_of("month", today()) and d < add_months(start_of("month", today()), 1))')!.items[1]).toEqual({ kind: 'row', path: 'd', operator: 'period', values: ['this_month'] });
    expect(readTree('(d >= start_of("month", today()) and e < add_months(start_of("month", today()), 1))')!.items).toHaveLength(2);
  });
});

describe('trees', () => {
  it('writes and reads generated trees back as they were', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const dice = random(seed);
      const tree = anyGroup(dice, 3, 1, '');
      const text = writeTree(tree);
      const again = readTree(text);
      expect(again, `seed ${seed}: ${text}`).not.toBeNull();
      expect(writeTree(again!), `seed ${seed}: ${text}`).toBe(text);
      if (isPlain(tree)) expect(again, `seed ${seed}: ${text}`).toEqual(settled(tree));
    }
  });
  it('writes what it read word by word, but for parentheses that say nothing', () => {
    for (const text of [...ODD, 'a = 1 and b = 2 or c = 3 and not (d = 4)', 'not a ~ "x" and not b = 1', 'a between 1 and 2 and b not in (1, 2)', '(a = 1 or b = 2) and (c = 3 or any(lines, x = 1 or y = 2))', 'none(contacts)', 'all(contacts, mobile is not null)', 'amount - 1 > -2', 'a = "\\u4e2d"']) {
      const tree = readTree(text)!;
      const written = writeTree(tree);
      expect(readTree(written), text).toEqual(tree);
    }
    expect(writeTree(readTree('a = 1 and b = 2 or c = 3')!)).toBe('(a = 1 and b = 2) or c = 3');
    expect(writeTree(readTree('  ( a=1 )  and(b  =2)')!)).toBe('a = 1 and b = 2');
  });
  it('leaves alone what is no whole expression', () => {
    for (const text of ['a = "open', '(a = 1', 'a = 1)', 'a = 1 and', 'or', '#', 'a = 1 , b = 2']) expect(readTree(text), text).toBeNull();
    expect(readTree('')).toEqual(group());
  });
  it('puts text of one\'s own in parentheses where something stands beside it', () => {
    expect(writeTree(group([{ kind: 'text', text: 'a = 1 or b = 2' }, { kind: 'text', text: ' ' }, { kind: 'text', text: 'c = 3' }]))).toBe('(a = 1 or b = 2) and c = 3');
    expect(writeTree(group([{ kind: 'text', text: 'a = 1 or b = 2' }]))).toBe('a = 1 or b = 2');
    expect(writeTree(group([group([]), group([], 'or', true)]))).toBe('');
  });
});
