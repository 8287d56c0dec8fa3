import { useState } from 'react';
import type { ObjectMeta, View } from '@/lib/types';
import { columnsOf, type Column } from '../page/columns';

const keyOf = (object: ObjectMeta, view: View): string => `gx.columns.${object.object}.${view.view}`;

function read(key: string): string[] | null {
  try { return JSON.parse(localStorage.getItem(key) ?? 'null') as string[] | null; } catch { return null; }
}

function write(key: string, names: string[] | null) {
  try { if (names) localStorage.setItem(key, JSON.stringify(names)); else localStorage.removeItem(key); } catch { /* kept for this page only */ }
}

/** The view's columns unless this person chose others here. */
export function useChosenColumns(object: ObjectMeta, view: View) {
  const key = keyOf(object, view);
  const [changes, setChanges] = useState<Record<string, string[] | null>>({});
  const chosen = key in changes ? changes[key]! : read(key);
  const columns: Column[] = columnsOf(object, chosen ? { ...view, columns: chosen } : view);
  const choose = (names: string[] | null) => { write(key, names); setChanges({ ...changes, [key]: names }); };
  return { columns, choose, chosen };
}
