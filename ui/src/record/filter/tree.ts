// An expression as a tree of conditions, and back. What has no row stays the text it is: nothing is lost on the way.
import { tokens, type Token } from './expression';
import { rowOf, rowText, spanOf, type Row } from './row';

export type Join = 'and' | 'or';
export interface Group { kind: 'group'; join: Join; not: boolean; items: Node[] }
export type Quantifier = 'any' | 'none' | 'all';
/** Records below: at least one, none, all of a relation meet the conditions. */
export interface Children { kind: 'children'; quantifier: Quantifier; relation: string; group: Group }
export interface Text { kind: 'text'; text: string }
export type Node = Group | Children | Row | Text;

export const group = (items: Node[] = [], join: Join = 'and', not = false): Group => ({ kind: 'group', join, not, items });

class Wrong extends Error {}

/** Reads tokens from left to right; the parts of a condition stay together until a word or sign that ends it. */
class Reader {
  at = 0;
  constructor(readonly all: Token[], readonly text: string) {}
  now = (): Token | undefined => this.all[this.at];
  isWord = (word: string): boolean => { const token = this.now(); return token?.kind === 'name' && token.text === word; };
  isSign = (sign: string): boolean => { const token = this.now(); return token?.kind === 'op' && token.text === sign; };
  slice = (from: number, to: number): Token[] => this.all.slice(from, to);

  chain(word: Join, part: () => Node): Node {
    const items = [part()];
    while (this.isWord(word)) { this.at++; items.push(part()); }
    return items.length === 1 ? items[0]! : group(items, word);
  }
  or = (): Node => this.chain('or', this.and);
  and = (): Node => this.chain('and', this.negation);

  negation = (): Node => {
    if (!this.isWord('not')) return this.condition();
    const from = this.at++;
    const inner = this.condition();
    const row = rowOf(this.slice(from, this.at));
    if (row) return row;
    return inner.kind === 'group' && !inner.not ? { ...inner, not: true } : group([inner], 'and', true);
  };

  condition = (): Node => {
    const from = this.at;
    const close = this.isSign('(') ? this.closing(from) : -1;
    if (close > 0 && this.ends(close + 1)) return this.inside(from + 1, close);
    this.skip();
    if (this.at === from) throw new Wrong();
    const own = this.slice(from, this.at);
    return this.children(from, this.at) ?? rowOf(own) ?? { kind: 'text', text: this.source(from, this.at) };
  };

  source = (from: number, to: number): string => { const last = this.all[to - 1]!; return this.text.slice(this.all[from]!.at, last.at + last.text.length); };

  /** What stands in parentheses is read for itself; two bounds of one field may be a period. */
  inside(from: number, to: number): Node {
    this.at = from;
    const node = this.or();
    if (this.at !== to) throw new Wrong();
    this.at = to + 1;
    if (node.kind === 'group' && node.join === 'and' && !node.not && node.items.length === 2) {
      const [a, b] = node.items as [Node, Node];
      const span = a.kind === 'row' && b.kind === 'row' ? spanOf(a, b) : null;
      if (span) return span;
    }
    return node;
  }

  /** any(relation, condition) */
  children(from: number, to: number): Children | null {
    const [name, open, relation] = this.slice(from, from + 3);
    if (name?.kind !== 'name' || !/^(any|none|all)$/.test(name.text) || open?.text !== '(' || relation?.kind !== 'name' || relation.text.includes('.') || this.closing(from + 1) !== to - 1) return null;
    const quantifier = name.text as Quantifier;
    if (from + 4 === to) return quantifier === 'all' ? null : { kind: 'children', quantifier, relation: relation.text, group: group() };
    if (this.all[from + 3]!.text !== ',') return null;
    const after = this.at;
    this.at = from + 4;
    const node = this.or();
    const whole = this.at === to - 1;
    this.at = after;
    return whole ? { kind: 'children', quantifier, relation: relation.text, group: node.kind === 'group' && !node.not ? node : group([node]) } : null;
  }

  closing(open: number): number {
    let depth = 0;
    for (let i = open; i < this.all.length; i++) {
      const token = this.all[i]!;
      if (token.kind !== 'op') continue;
      if (token.text === '(') depth++;
      if (token.text === ')' && --depth === 0) return i;
    }
    throw new Wrong();
  }
  ends(at: number): boolean {
    const token = this.all[at];
    return !token || (token.kind === 'name' && (token.text === 'and' || token.text === 'or')) || (token.kind === 'op' && (token.text === ')' || token.text === ','));
  }
  skip() {
    let between = 0;
    for (; this.at < this.all.length; this.at++) {
      if (this.isSign('(')) this.at = this.closing(this.at);
      else if (this.isWord('between')) between++;
      else if (this.isWord('and') && between > 0) between--;
      else if (this.ends(this.at)) return;
    }
  }
}

/** Null: the text is no whole expression; then only the text itself can be mended. */
export function readTree(text: string): Group | null {
  const all = tokens(text);
  if (!all) return null;
  if (!all.length) return group();
  const reader = new Reader(all, text);
  try {
    const node = reader.or();
    if (reader.at !== all.length) return null;
    return node.kind === 'group' && !node.not ? node : group([node]);
  } catch (e) {
    if (e instanceof Wrong) return null;
    throw e;
  }
}

/** Text of one's own may hold an `or`: it gets parentheses where others stand beside it. */
function isLoose(text: string): boolean {
  const tree = readTree(text);
  return !tree || tree.items.length > 1;
}

const childrenText = (node: Children): string => {
  const inner = writeTree(node.group);
  if (!inner) return node.quantifier === 'all' ? '' : `${node.quantifier}(${node.relation})`;
  return `${node.quantifier}(${node.relation}, ${inner})`;
};

function nodeText(node: Node, alone: boolean): string {
  if (node.kind === 'row') return rowText(node);
  if (node.kind === 'children') return childrenText(node);
  if (node.kind === 'text') { const text = node.text.trim(); return !alone && text && isLoose(text) ? `(${text})` : text; }
  const parts = node.items.map((item) => nodeText(item, false)).filter(Boolean);
  if (!parts.length) return '';
  if (node.not) return `not (${parts.length === 1 ? nodeText(kept(node)[0]!, true) : parts.join(` ${node.join} `)})`;
  if (parts.length === 1) return nodeText(kept(node)[0]!, alone);
  return alone ? parts.join(` ${node.join} `) : `(${parts.join(` ${node.join} `)})`;
}
const kept = (node: Group): Node[] => node.items.filter((item) => nodeText(item, false) !== '');

export const writeTree = (node: Node): string => nodeText(node, true);
