import { useState } from 'react';
import type { ColumnSpec, ObjectMeta, View } from '@/lib/types';
import { columnsOf, type Column } from '../page/columns';

const keyOf = (object: ObjectMeta, view: View): string => `gx.columns.${object.object}.${view.view}`;

type Chosen = (ColumnSpec | string)[];

function read(key: string): Chosen | null {
  try { return JSON.parse(localStorage.getItem(key) ?? 'null') as Chosen | null; } catch { return null; }
}

function write(key: string, names: Chosen | null) {
  try { if (names) localStorage.setItem(key, JSON.stringify(names)); else localStorage.removeItem(key); } catch { /* kept for this page only */ }
}

/** The view's columns unless this person chose others here. */
export function useChosenColumns(object: ObjectMeta, view: View) {
  const key = keyOf(object, view);
  const [changes, setChanges] = useState<Record<string, Chosen | null>>({});
  const chosen = key in changes ? changes[key]! : read(key);
  const columns: Column[] = columnsOf(object, chosen ? { ...view, columns: chosen } : view);
  const choose = (names: Chosen | null) => { write(key, names); setChanges({ ...changes, [key]: names }); };
  /** Widths that the columns have by themselves are not kept: they follow their type. */
  const specs = (): ColumnSpec[] => (chosen ?? view.columns ?? columns.map((c) => c.field.name)).map((c) => (typeof c === 'string' ? { field: c } : c));
  const full = (): ColumnSpec[] => { const known = new Map(specs().map((c) => [c.field, c])); return columns.map((c) => known.get(c.field.name) ?? { field: c.field.name }); };
  const change = (name: string, part: Partial<ColumnSpec>) => choose(full().map((c) => (c.field === name ? { ...c, ...part } : c)));
  /** `name` stands where `before` stood. */
  const move = (name: string, before: string) => {
    const all = full();
    const [from, to] = [all.findIndex((c) => c.field === name), all.findIndex((c) => c.field === before)];
    if (from < 1 || to < 1) return;
    const rest = all.filter((_, i) => i !== from);
    choose([...rest.slice(0, to), all[from]!, ...rest.slice(to)]);
  };
  const toggle = (name: string, on: boolean) => choose(on ? [...full(), { field: name }] : full().filter((c) => c.field !== name));
  return { columns, choose, chosen, change, move, toggle };
}
