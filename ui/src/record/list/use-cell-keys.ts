// Keys and clipboard of selected cells: arrows move, Shift takes more, Enter and F2 edit, Ctrl C and Ctrl V carry tables, Ctrl D fills down.
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { fieldText } from '@/fields/fields';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { Paste } from '../cells/cell-lines';
import type { Column } from '../page/columns';
import { isCellEditable, type useCells } from './use-cells';

interface Options { object: ObjectMeta; columns: Column[]; rows: Rec[]; cells: ReturnType<typeof useCells>; onRow: (row: number) => void }

const ARROWS: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const onCell = (target: EventTarget): boolean => target instanceof HTMLElement && target.matches('[data-cell]');
const own = (target: EventTarget): boolean => target instanceof HTMLElement && !target.closest('input, textarea, [contenteditable]');

/** Text of a table as spreadsheets carry it; what holds a tab, line or quote is quoted. */
export const tableText = (rows: string[][]): string =>
  rows.map((row) => row.map((cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')).join('\n');

export function readTable(text: string): string[][] {
  const rows: string[][] = [[]];
  const shape = /"((?:[^"]|"")*)"(?=\t|\r?\n|$)|([^\t\r\n]*)/y;
  const clean = text.replace(/\r?\n$/, '');
  for (let at = 0; at <= clean.length;) {
    shape.lastIndex = at;
    const found = shape.exec(clean)!;
    rows.at(-1)!.push(found[1] === undefined ? found[2]! : found[1].replaceAll('""', '"'));
    at = shape.lastIndex;
    if (at >= clean.length) break;
    if (clean[at] !== '\t') rows.push([]);
    at += clean[at] === '\r' ? 2 : 1;
  }
  return rows;
}

export function useCellKeys({ object, columns, rows, cells, onRow }: Options) {
  const client = useQueryClient();
  const [pasted, setPasted] = useState<Paste | null>(null);
  const { state, range } = cells;
  const fillDown = async () => {
    if (!range || range.top === range.bottom) return;
    const { fillDown: fill } = await import('../cells/write-cells');
    const { top, bottom, left, right } = range;
    if (await fill(client, object, columns.slice(left, right + 1).filter((c) => isCellEditable(object, c)), rows.slice(top, bottom + 1))) return;
    const texts = columns.slice(left, right + 1).map((c) => fieldText(c.field, rows[top]![c.field.name]));
    setPasted({ start: { row: top + 1, col: left }, grid: Array.from({ length: bottom - top }, () => texts), from: rows[top] });
  };
  const edit = (e: KeyboardEvent) => { if (state && isCellEditable(object, columns[state.at.col])) { e.preventDefault(); e.stopPropagation(); cells.actions.edit(state.at); } };
  const onKeyDown = (e: KeyboardEvent) => {
    if (!state || state.editing || !onCell(e.target) || e.nativeEvent.isComposing) return;
    const arrow = ARROWS[e.key];
    if (arrow && !e.ctrlKey && !e.metaKey && !e.altKey) {
      e.preventDefault();
      cells.move(...arrow, e.shiftKey);
      if (!e.shiftKey && arrow[0]) onRow(Math.max(0, Math.min(rows.length - 1, state.at.row + arrow[0])));
    } else if (e.key === 'Enter' || e.key === 'F2') edit(e);
    else if (e.key === 'Escape') cells.clear();
    else if ((e.ctrlKey || e.metaKey) && e.key === 'd') { e.preventDefault(); void fillDown(); }
  };
  const onCopy = (e: ClipboardEvent) => {
    if (!range || !own(e.target) || (window.getSelection()?.toString() && range.top === range.bottom && range.left === range.right)) return;
    e.preventDefault();
    e.clipboardData.setData('text/plain', tableText(rows.slice(range.top, range.bottom + 1).map((row) => columns.slice(range.left, range.right + 1).map((c) => fieldText(c.field, row[c.field.name])))));
  };
  const onPaste = (e: ClipboardEvent) => {
    const text = e.clipboardData.getData('text/plain');
    if (!range || !own(e.target) || !text) return;
    e.preventDefault();
    setPasted({ start: { row: range.top, col: range.left }, grid: spread(readTable(text), range.bottom - range.top + 1, range.right - range.left + 1) });
  };
  return { onKeyDown, onCopy, onPaste, pasted, closePaste: () => setPasted(null) };
}

/** One value over a range of cells stands in all of them. */
export function spread(grid: string[][], height: number, width: number): string[][] {
  if (grid.length !== 1 || grid[0]!.length !== 1) return grid;
  return Array.from({ length: height }, () => Array.from({ length: width }, () => grid[0]![0]!));
}
