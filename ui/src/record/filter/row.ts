// One condition as people set it: field, operator, values. What is not of that form has no row and stays text.
import { tokens, type Token } from './expression';

export const PERIODS = ['today', 'yesterday', 'tomorrow', 'this_week', 'last_week', 'next_week', 'this_month', 'last_month', 'next_month', 'this_quarter', 'last_quarter', 'next_quarter', 'this_year', 'last_year', 'next_year'] as const;
export type Period = (typeof PERIODS)[number];

export type RowOperator =
  | 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'contains' | 'contains_not' | 'starts' | 'ends' | 'in' | 'not_in' | 'within' | 'not_within'
  | 'between' | 'null' | 'not_null' | 'period' | 'last_days' | 'next_days' | 'before_days';

/** `values` are literals as the language writes them; of a period its name, of days their number. */
export interface Row { kind: 'row'; path: string; operator: RowOperator; values: string[] }

const SIGNS: [RowOperator, string][] = [['eq', '='], ['ne', '!='], ['lt', '<'], ['le', '<='], ['gt', '>'], ['ge', '>='], ['contains', '~'], ['starts', 'starts'], ['ends', 'ends']];
const SIGN_OF = new Map(SIGNS);
const OF_SIGN = new Map(SIGNS.map(([operator, sign]) => [sign, operator]));
export const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'is', 'null', 'true', 'false', 'between', 'starts', 'ends', 'outer']);
const SETS = /^my_(departments|teams)\(\)$/;

const UNITS: Record<string, (n: number) => string> = {
  day: (n) => (n === 0 ? 'today()' : `days_${n < 0 ? 'ago' : 'ahead'}(${Math.abs(n)})`),
  week: (n) => (n === 0 ? 'start_of("week", today())' : `add_days(start_of("week", today()), ${n * 7})`),
  month: (n) => (n === 0 ? 'start_of("month", today())' : `add_months(start_of("month", today()), ${n})`),
  quarter: (n) => (n === 0 ? 'start_of("quarter", today())' : `add_months(start_of("quarter", today()), ${n * 3})`),
  year: (n) => (n === 0 ? 'start_of("year", today())' : `add_months(start_of("year", today()), ${n * 12})`),
};
const SHIFT: Record<string, number> = { this: 0, last: -1, next: 1 };

/** First day of a period and the first behind it: right for dates and for instants. */
function bounds(period: Period): [string, string] {
  const day = { today: 0, yesterday: -1, tomorrow: 1 }[period as string];
  const [which, unit] = day === undefined ? period.split('_') as [string, string] : ['', 'day'];
  const n = day ?? SHIFT[which]!;
  return [UNITS[unit]!(n), UNITS[unit]!(n + 1)];
}

const PERIOD_OF = new Map(PERIODS.map((p) => [bounds(p).join(' '), p]));

/** The text of tokens with one space where the language wants one: the same for the same condition, however it was typed. */
export function plain(all: Token[]): string {
  let text = '';
  all.forEach((token, i) => {
    const before = all[i - 1]?.text;
    const tight = i === 0 || token.text === ')' || token.text === ',' || before === '(' || (token.text === '(' && all[i - 1]!.kind === 'name' && !KEYWORDS.has(before!)) || (before === '-' && isSign(all, i - 1));
    text += tight ? token.text : ` ${token.text}`;
  });
  return text;
}

/** A minus in front of a value, not between two. */
const isSign = (all: Token[], at: number): boolean => { const left = all[at - 1]; return !left || (left.kind === 'op' && left.text !== ')') || KEYWORDS.has(left.text); };

function splitAt(all: Token[], word: string): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of all) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth === 0 && token.text === word && token.kind !== 'string') parts.push([]); else parts.at(-1)!.push(token);
  }
  return parts;
}

const isValue = (all: Token[]): boolean => all.length > 0 && !splitAt(all, 'and')[1] && all.every((token, i) => token.kind !== 'name' || /^(true|false)$/.test(token.text) || !KEYWORDS.has(token.text) || (i > 0 && token.text === 'outer'));
/** Who asks may stand in a list as well as what is written out. */
const isLiteral = (all: Token[]): boolean => /^(me|my_department)\(\)$/.test(plain(all)) || all.length === 1 && (all[0]!.kind === 'string' || all[0]!.kind === 'number' || /^(true|false)$/.test(all[0]!.text)) || (all.length === 2 && all[0]!.text === '-' && all[1]!.kind === 'number');

const DAYS: [RowOperator, RowOperator, RegExp][] = [['ge', 'last_days', /^days_ago\((\d+)\)$/], ['lt', 'before_days', /^days_ago\((\d+)\)$/]];

function compared(path: string, operator: RowOperator, value: string): Row {
  for (const [from, to, shape] of DAYS) {
    const days = operator === from ? shape.exec(value)?.[1] : undefined;
    if (days) return { kind: 'row', path, operator: to, values: [days] };
  }
  return { kind: 'row', path, operator, values: [value] };
}

function listed(path: string, negated: boolean, rest: Token[]): Row | null {
  if (rest[0]?.text === '(' && rest.at(-1)?.text === ')') {
    const parts = splitAt(rest.slice(1, -1), ',');
    return parts.every(isLiteral) ? { kind: 'row', path, operator: negated ? 'not_in' : 'in', values: parts.map(plain) } : null;
  }
  return SETS.test(plain(rest)) ? { kind: 'row', path, operator: negated ? 'not_within' : 'within', values: [plain(rest)] } : null;
}

function tested(path: string, rest: Token[]): Row | null {
  const words = plain(rest);
  return words === 'null' || words === 'not null' ? { kind: 'row', path, operator: words === 'null' ? 'null' : 'not_null', values: [] } : null;
}

function ranged(path: string, rest: Token[]): Row | null {
  const parts = splitAt(rest, 'and');
  return parts.length === 2 && parts.every(isValue) ? { kind: 'row', path, operator: 'between', values: parts.map(plain) } : null;
}

function valued(path: string, sign: string, rest: Token[]): Row | null {
  const operator = OF_SIGN.get(sign);
  return operator && isValue(rest) ? compared(path, operator, plain(rest)) : null;
}

const isPath = (token: Token): boolean => token.kind === 'name' && !KEYWORDS.has(token.text) && !token.text.startsWith('outer.');

/** The row of these tokens, or null. */
export function rowOf(all: Token[]): Row | null {
  const [first, second, ...rest] = all;
  if (!first || !second) return null;
  if (first.text === 'not' && first.kind === 'name') {
    const inner = rowOf(all.slice(1));
    return inner?.operator === 'contains' ? { ...inner, operator: 'contains_not' } : null;
  }
  if (!isPath(first) || second.kind === 'string' || second.kind === 'number') return null;
  if (second.text === 'is') return tested(first.text, rest);
  if (second.text === 'between') return ranged(first.text, rest);
  if (second.text === 'in') return listed(first.text, false, rest);
  if (second.text === 'not') return rest[0]?.text === 'in' ? listed(first.text, true, rest.slice(1)) : null;
  return valued(first.text, second.text, rest);
}

/** `x >= start and x < end` in parentheses is a period; `x >= today() and x < days_ahead(n)` the next days. */
export function spanOf(a: Row, b: Row): Row | null {
  if (a.path !== b.path || a.operator !== 'ge' && a.operator !== 'last_days' || b.operator !== 'lt' && b.operator !== 'before_days') return null;
  const from = a.operator === 'last_days' ? `days_ago(${a.values[0]})` : a.values[0]!;
  const to = b.operator === 'before_days' ? `days_ago(${b.values[0]})` : b.values[0]!;
  const period = PERIOD_OF.get(`${from} ${to}`);
  if (period) return { kind: 'row', path: a.path, operator: 'period', values: [period] };
  const days = from === 'today()' ? /^days_ahead\((\d+)\)$/.exec(to)?.[1] : undefined;
  return days && Number(days) > 1 ? { kind: 'row', path: a.path, operator: 'next_days', values: [String(Number(days) - 1)] } : null;
}

export function rowText({ path, operator, values }: Row): string {
  const [a = '', b = ''] = values;
  if (operator === 'null') return `${path} is null`;
  if (operator === 'not_null') return `${path} is not null`;
  if (operator === 'in' || operator === 'not_in') return `${path} ${operator === 'in' ? 'in' : 'not in'} (${values.join(', ')})`;
  if (operator === 'within' || operator === 'not_within') return `${path} ${operator === 'within' ? 'in' : 'not in'} ${a}`;
  if (operator === 'between') return `${path} between ${a} and ${b}`;
  if (operator === 'contains_not') return `not ${path} ~ ${a}`;
  if (operator === 'last_days') return `${path} >= days_ago(${a})`;
  if (operator === 'before_days') return `${path} < days_ago(${a})`;
  if (operator === 'next_days') return `(${path} >= today() and ${path} < days_ahead(${Number(a) + 1}))`;
  if (operator === 'period') { const [from, to] = bounds(a as Period); return `(${path} >= ${from} and ${path} < ${to})`; }
  return `${path} ${SIGN_OF.get(operator)!} ${a}`;
}

export const readRow = (text: string): Row | null => { const all = tokens(text); return all && rowOf(all); };
