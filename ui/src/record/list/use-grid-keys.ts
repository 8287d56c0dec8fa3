// J K or arrows move, Enter opens, X selects, E edits; F2 and the right arrow go into the cells.
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useKeys } from '@/lib/keyboard';
import { mayUpdate } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';

interface Options { object: ObjectMeta; rows: Rec[]; onEdit: (row: Rec) => void; onPick: (id: string) => void; reveal: (index: number) => void; onEnter: (row: number, edit: boolean) => void }

export function useGridKeys({ object, rows, onEdit, onPick, reveal, onEnter }: Options) {
  const [cursor, setCursor] = useState(-1);
  const navigate = useNavigate();
  const move = (by: number) => (e: KeyboardEvent) => {
    e.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, cursor + by));
    setCursor(next);
    reveal(next);
  };
  const withRow = (act: (row: Rec) => void) => (e: KeyboardEvent) => {
    const row = rows[cursor];
    const onControl = e.target instanceof HTMLElement && e.target.closest('button, a, [data-cell]');
    if (!row || (e.key === 'Enter' && onControl)) return;
    e.preventDefault();
    act(row);
  };
  const open = withRow((row) => void navigate(`/${object.plural}/${row.id}`));
  useKeys({
    j: move(1), k: move(-1), ArrowDown: move(1), ArrowUp: move(-1), Enter: open,
    x: withRow((row) => onPick(row.id)), e: withRow((row) => { if (mayUpdate(object)) onEdit(row); }),
    // Into the cells of the row: by F2 the name is edited, by the arrow the next cell is selected.
    F2: (e) => { if (cursor >= 0) { e.preventDefault(); onEnter(cursor, true); } }, ArrowRight: (e) => { if (cursor >= 0) { e.preventDefault(); onEnter(cursor, false); } },
    Escape: () => setCursor(-1),
  });
  return { cursor, setCursor };
}
