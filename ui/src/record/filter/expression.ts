// The filter as text is the truth; this reads its words, and the conditions of the outermost level to show, add or drop one.
export interface Token { text: string; kind: 'string' | 'number' | 'name' | 'op'; at: number }

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

/** The conditions that all must hold, each as it is written. */
export const clausesOf = (filter: string): string[] => (filter.trim() ? splitAnd(filter) ?? [filter.trim()] : []);

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
