// Which cells are meant: one, or a range of them; which one is being edited. Places are row and column, as shown.
import { useMemo, useRef, useState } from 'react';
import { isEditable, mayUpdate } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { Column } from '../page/columns';

export interface Place { row: number; col: number }
export interface Range { top: number; bottom: number; left: number; right: number }
export type Direction = 'stay' | 'down' | 'right' | 'left';
export interface CellActions { point: (place: Place, extend: boolean) => void; edit: (place: Place) => void; done: (place: Place, to: Direction) => void }

interface State { at: Place; to: Place; editing: boolean }

export const isCellEditable = (object: ObjectMeta, column: Column | undefined): boolean => !!column && mayUpdate(object) && isEditable(column.field);

export const rangeOf = ({ at, to }: Pick<State, 'at' | 'to'>): Range =>
  ({ top: Math.min(at.row, to.row), bottom: Math.max(at.row, to.row), left: Math.min(at.col, to.col), right: Math.max(at.col, to.col) });

/** The next cell that can be edited, along the row and on into the next. */
export function nextEditable(editable: boolean[], rows: number, from: Place, by: 1 | -1): Place | null {
  for (let row = from.row, col = from.col + by; row >= 0 && row < rows; row += by, col = by > 0 ? 0 : editable.length - 1) {
    for (; col >= 0 && col < editable.length; col += by) if (editable[col]) return { row, col };
  }
  return null;
}

export function useCells(object: ObjectMeta, columns: Column[], rows: Rec[], focus: (place: Place) => void) {
  const [state, setState] = useState<State | null>(null);
  const latest = useRef({ columns, rows, state, focus });
  latest.current = { columns, rows, state, focus };
  const actions = useMemo<CellActions>(() => {
    const put = (at: Place, editing = false) => { setState({ at, to: at, editing }); if (!editing) latest.current.focus(at); };
    return {
      point: (place, extend) => setState((old) => (extend && old && !old.editing ? { ...old, to: place } : { at: place, to: place, editing: false })),
      edit: (place) => { if (isCellEditable(object, latest.current.columns[place.col])) put(place, true); },
      done: (place, to) => {
        const now = latest.current;
        if (to === 'stay') return put(place);
        if (to === 'down') return put({ row: Math.min(now.rows.length - 1, place.row + 1), col: place.col });
        const next = nextEditable(now.columns.map((c) => isCellEditable(object, c)), now.rows.length, place, to === 'right' ? 1 : -1);
        if (next) put(next, true); else put(place);
      },
    };
  }, [object]);
  const move = (rowBy: number, colBy: number, extend: boolean) => {
    if (!state) return;
    const from = extend ? state.to : state.at;
    const to = { row: Math.max(0, Math.min(rows.length - 1, from.row + rowBy)), col: Math.max(0, Math.min(columns.length - 1, from.col + colBy)) };
    setState(extend ? { ...state, to } : { at: to, to, editing: false });
    focus(to);
  };
  return { state, range: state && !state.editing ? rangeOf(state) : null, actions, move, start: (place: Place) => actions.point(place, false), clear: () => setState(null) };
}

/** What one row has to know: the columns marked in it, the one that is edited. */
export function marksOf(state: State | null, row: number): { left: number; right: number; editing: number } {
  if (!state) return { left: -1, right: -1, editing: -1 };
  if (state.editing) return { left: -1, right: -1, editing: state.at.row === row ? state.at.col : -1 };
  const range = rangeOf(state);
  const inside = row >= range.top && row <= range.bottom && (range.top !== range.bottom || range.left !== range.right);
  return { left: inside ? range.left : -1, right: inside ? range.right : -1, editing: -1 };
}
