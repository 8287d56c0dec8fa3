// Departments as a tree: who stands below whom, what is shown, where one may be moved to.
import { linkOf } from '@/fields/link/link';
import type { LinkValue, Rec } from '@/lib/types';

export interface Node { record: Rec; id: string; name: string; depth: number; parent: string | null; children: Node[]; people: number; all: number }

const nameOf = (r: Rec): string => String(r.name ?? `#${r.id}`);
const byPlace = (a: Rec, b: Rec): number => Number(a.position ?? 1e9) - Number(b.position ?? 1e9) || nameOf(a).localeCompare(nameOf(b), 'zh-CN');

/** Roots are those without a parent, and those whose parent one may not see. A circle is opened at its first. */
export function treeOf(records: Rec[]): Node[] {
  const known = new Set(records.map((r) => r.id));
  const below = new Map<string, Rec[]>();
  for (const r of [...records].sort(byPlace)) {
    const up = linkOf(r.parent)?.id;
    const key = up && known.has(up) && up !== r.id ? up : '';
    below.set(key, [...(below.get(key) ?? []), r]);
  }
  const placed = new Set<string>();
  const node = (record: Rec, depth: number, parent: string | null): Node => {
    placed.add(record.id);
    const children = (below.get(record.id) ?? []).filter((r) => !placed.has(r.id)).map((r) => node(r, depth + 1, record.id));
    const people = Number(record.headcount ?? 0);
    return { record, id: record.id, name: nameOf(record), depth, parent, children, people, all: children.reduce((sum, c) => sum + c.all, people) };
  };
  const roots = (below.get('') ?? []).map((r) => node(r, 0, null));
  const lost = records.filter((r) => !placed.has(r.id)).flatMap((r) => (placed.has(r.id) ? [] : [node(r, 0, null)]));
  return [...roots, ...lost];
}

export const flat = (nodes: Node[]): Node[] => nodes.flatMap((n) => [n, ...flat(n.children)]);

/** What is on screen: children of closed ones are not; while searching, hits and all above them. */
export function visible(nodes: Node[], closed: ReadonlySet<string>, word: string): Node[] {
  const wanted = word.trim().toLowerCase();
  if (!wanted) return nodes.flatMap((n) => [n, ...(closed.has(n.id) ? [] : visible(n.children, closed, ''))]);
  return nodes.flatMap((n) => {
    const inside = visible(n.children, closed, word);
    return inside.length || n.name.toLowerCase().includes(wanted) || String(n.record.code ?? '').toLowerCase().includes(wanted) ? [n, ...inside] : [];
  });
}

/** A department can be put anywhere but below itself. */
export function placesFor(nodes: Node[], moved: string): Node[] {
  return nodes.flatMap((n) => (n.id === moved ? [] : [n, ...placesFor(n.children, moved)]));
}

export const linksOf = (value: unknown): LinkValue[] => (Array.isArray(value) ? value.map(linkOf).filter((l) => l !== null) : []);

export type Status = 'invited' | 'active' | 'suspended' | 'left';
/** What can be made of a person's state: each step and its way back. */
export const stepsFrom = (status: unknown): Status[] => (status === 'active' ? ['suspended', 'left'] : status === 'invited' ? ['active', 'left'] : ['active']);

const LETTERS = 'abcdefghijkmnpqrstuvwxyz';
const CAPITALS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '23456789';

/** Sixteen characters that are not mistaken for one another, of each kind at least one. */
export function freshPassword(random: (n: number) => number = (n) => crypto.getRandomValues(new Uint32Array(1))[0]! % n): string {
  const all = LETTERS + CAPITALS + DIGITS;
  const chars = [LETTERS, CAPITALS, DIGITS].map((set) => set[random(set.length)]!);
  while (chars.length < 16) chars.push(all[random(all.length)]!);
  for (let i = chars.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [chars[i], chars[j]] = [chars[j]!, chars[i]!];
  }
  return chars.join('');
}
