// The filter as text is the truth; this reads it far enough to show its top-level conditions as chips and to add or drop one.
// What is not `field operator value` stays a chip of plain expression.
import type { Operator } from '@/fields/kit';

export interface Token { text: string; kind: 'string' | 'number' | 'name' | 'op'; at: number }
export interface Clause { text: string; path?: string; operator?: Operator | 'in'; values?: string[] }

const PATTERN = /\s+|"(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?|[A-Za-z_][\w.]*|!=|<=|>=|[=<>~(),+\-*/%]/y;

/** Tokens, or null when the text cannot be one (an open string, a strange sign). */
export function tokens(text: string): Token[] | null {
  const found: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const at = PATTERN.lastIndex;
    const match = PATTERN.exec(text);
    if (!match) return null;
    const piece = match[0];
    if (/^\s/.test(piece)) continue;
    const kind = piece[0] === '"' ? 'string' : /^\d/.test(piece) ? 'number' : /^[A-Za-z_]/.test(piece) ? 'name' : 'op';
    found.push({ text: piece, kind, at });
  }
  return found;
}

/** Splits at every `and` of the outermost level; the `and` of `between` belongs to its condition. */
export function splitAnd(text: string): string[] | null {
  const all = tokens(text);
  if (!all) return null;
  const parts: string[] = [];
  let depth = 0;
  let between = 0;
  let start = 0;
  for (const token of all) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth < 0) return null;
    if (depth > 0 || token.kind !== 'name') continue;
    if (token.text === 'or') return [text.trim()];
    if (token.text === 'between') between++;
    if (token.text !== 'and') continue;
    if (between > 0) { between--; continue; }
    parts.push(text.slice(start, token.at).trim());
    start = token.at + 3;
  }
  if (depth !== 0) return null;
  const last = text.slice(start).trim();
  return last ? [...parts, last] : parts;
}

const OPERATORS: Record<string, Operator> = { '=': 'eq', '!=': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '~': 'contains', starts: 'starts' };
const SIGNS: Record<Exclude<Operator, 'null' | 'not_null' | 'has' | 'has_not'>, string> = { eq: '=', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=', contains: '~', starts: 'starts' };
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'is', 'null', 'true', 'false', 'between', 'starts', 'ends', 'outer']);

export function parseClause(text: string): Clause {
  const all = tokens(text) ?? [];
  const [path, op, ...rest] = all;
  if (!path || path.kind !== 'name' || KEYWORDS.has(path.text) || !op) return { text };
  const words = rest.map((r) => r.text).join(' ');
  if (op.text === 'is' && words === 'null') return { text, path: path.text, operator: 'null', values: [] };
  if (op.text === 'is' && words === 'not null') return { text, path: path.text, operator: 'not_null', values: [] };
  if (op.text === 'in' && rest[0]?.text === '(' && rest.at(-1)?.text === ')' && !rest.slice(1, -1).some((r) => r.kind === 'name' || r.text === '(')) {
    return { text, path: path.text, operator: 'in', values: rest.slice(1, -1).filter((r) => r.text !== ',').map((r) => r.text) };
  }
  const operator = OPERATORS[op.text];
  if (!operator || !rest.length || rest.some((r) => r.kind === 'name' && KEYWORDS.has(r.text) && !/^(true|false)$/.test(r.text))) return { text };
  return { text, path: path.text, operator, values: [text.slice(rest[0]!.at).trim()] };
}

export function clausesOf(filter: string): Clause[] {
  if (!filter.trim()) return [];
  return (splitAnd(filter) ?? [filter.trim()]).map(parseClause);
}

/** Joins conditions; one that holds an `or` of its own gets parentheses. */
export function joinAnd(parts: (string | null | undefined)[]): string {
  const kept = parts.map((p) => p?.trim() ?? '').filter(Boolean);
  if (kept.length === 1) return kept[0]!;
  return kept.map((p) => (hasTopLevelOr(p) ? `(${p})` : p)).join(' and ');
}

function hasTopLevelOr(text: string): boolean {
  let depth = 0;
  for (const token of tokens(text) ?? []) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth === 0 && token.text === 'or' && token.kind === 'name') return true;
  }
  return false;
}

export function conditionText(path: string, operator: Operator, literal: string): string {
  if (operator === 'null') return `${path} is null`;
  if (operator === 'not_null') return `${path} is not null`;
  if (operator === 'has') return `${path} in (${literal})`;
  if (operator === 'has_not') return `${path} not in (${literal})`;
  return `${path} ${SIGNS[operator]} ${literal}`;
}

/** The text around an error: the word that stands at its character (counted in code points, as the server does). */
export function aroundError(text: string, at: number): { before: string; there: string; after: string } {
  const points = [...text];
  const where = Math.max(0, Math.min(at, points.length));
  const rest = points.slice(where).join('');
  const there = /^("(?:[^"\\]|\\.)*"?|[\w.]+|.)/su.exec(rest)?.[0] ?? ' ';
  return { before: points.slice(0, where).join(''), there, after: rest.slice(there.length) };
}

/** A literal as people read it: strings lose their quotes. */
export function literalValue(literal: string): string {
  if (!literal.startsWith('"')) return literal;
  try { return String(JSON.parse(literal)); } catch { return literal; }
}
