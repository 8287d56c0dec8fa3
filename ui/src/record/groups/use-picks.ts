// Rows chosen across groups: each with the group it was chosen in, so that "all of it" can be offered where they share one.
import { useCallback, useMemo, useState } from 'react';
import type { Rec } from '@/lib/types';
import type { Whole } from '../list/bulk-bar';

interface Picked { row: Rec; from: Whole }

export interface Picks {
  rows: Rec[];
  /** The one group that all chosen rows stand in; none where there are several. */
  from: Whole | null;
  has: (id: string) => boolean;
  toggle: (row: Rec, from: Whole) => void;
  toggleAll: (rows: Rec[], from: Whole) => void;
  /** What was read again: the chosen ones as they are now. */
  renew: (rows: Rec[]) => void;
  clear: () => void;
}

const NONE: ReadonlyMap<string, Picked> = new Map();

export function usePicks(): Picks {
  const [picked, setPicked] = useState(NONE);
  const change = useCallback((f: (next: Map<string, Picked>) => void) => setPicked((old) => { const next = new Map(old); f(next); return next; }), []);
  const toggle = useCallback((row: Rec, from: Whole) => change((next) => { if (!next.delete(row.id)) next.set(row.id, { row, from }); }), [change]);
  const toggleAll = useCallback((rows: Rec[], from: Whole) => change((next) => {
    const all = rows.every((r) => next.has(r.id));
    for (const row of rows) if (all) next.delete(row.id); else next.set(row.id, { row, from });
  }), [change]);
  const renew = useCallback((rows: Rec[]) => setPicked((old) => {
    const fresh = rows.filter((r) => { const was = old.get(r.id); return was && was.row !== r; });
    if (!fresh.length) return old;
    const next = new Map(old);
    for (const row of fresh) next.set(row.id, { ...next.get(row.id)!, row });
    return next;
  }), []);
  const clear = useCallback(() => setPicked(NONE), []);
  return useMemo(() => {
    const all = [...picked.values()];
    const first = all[0]?.from;
    return { rows: all.map((p) => p.row), from: first && all.every((p) => p.from.filter === first.filter) ? first : null, has: (id) => picked.has(id), toggle, toggleAll, renew, clear };
  }, [picked, toggle, toggleAll, renew, clear]);
}
