// What is to be put into the cells of a list, row by row: old and new text, the value, or why there is none.
import { fieldText } from '@/fields/fields';
import { t } from '@/lib/i18n';
import type { Catalogue } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { sameWire, wireOf } from '../data/save';
import { isCellEditable, type Place } from '../list/use-cells';
import type { Column } from '../page/columns';
import { isPasted, readCell } from './cell-values';
import type { Change, Refusal } from './write-cells';

/** Rows of one paste or filling; the server takes them in portions. */
export const MAX_ROWS = 1000;

/** `from`: the record whose values are filled down; else texts are read. */
export interface Paste { start: Place; grid: string[][]; from?: Rec }
export interface Cell { column: Column; old: string; text: string; value?: unknown; error?: string; changed: boolean }
export interface Line { record: Rec; cells: Cell[] }

function filled(object: ObjectMeta, record: Rec, { column, old, text }: Cell, from: Rec): Cell {
  const { name } = column.field;
  if (sameWire(object, name, from[name], record[name])) return { column, old, text, changed: false };
  return { column, old, text, changed: true, value: wireOf(object, name, from[name]) };
}

interface About { catalogue: Catalogue; object: ObjectMeta; from?: Rec }

function cellOf({ catalogue, object, from }: About, record: Rec, column: Column, text: string): Cell {
  const now = record[column.field.name];
  const old = fieldText(column.field, now);
  const same: Cell = { column, old, text, changed: false };
  if (!isCellEditable(object, column)) return { ...same, changed: text.trim() !== old, error: text.trim() === old ? undefined : t('cells.fixed') };
  if (from) return filled(object, record, same, from);
  if (text.trim() === old) return same;
  const read = readCell(catalogue, column.field, text, now);
  return read.ok ? { ...same, value: read.value, changed: true } : { ...same, changed: true, error: isPasted(column.field) ? t('cells.unread') : t('cells.by_hand') };
}

export function linesOf(catalogue: Catalogue, object: ObjectMeta, columns: Column[], rows: Rec[], { start, grid, from }: Paste): Line[] {
  return grid.slice(0, Math.max(0, Math.min(MAX_ROWS, rows.length - start.row))).map((texts, i) => {
    const record = rows[start.row + i]!;
    return { record, cells: texts.slice(0, columns.length - start.col).map((text, j) => cellOf({ catalogue, object, from }, record, columns[start.col + j]!, text)) };
  });
}

export const changesOf = (lines: Line[]): Change[] => lines.flatMap(({ record, cells }) => {
  const good = cells.filter((c) => c.changed && !c.error);
  return good.length ? [{ record, values: Object.fromEntries(good.map((c) => [c.column.field.name, c.value])) }] : [];
});

/** A refusal stands at its cell; one of the whole record at all that was to change in it. */
function marked(line: Line, refusals: Refusal[]): Line {
  const whole = refusals.find((r) => !r.field || !line.cells.some((c) => c.column.field.name === r.field && c.changed && !c.error));
  return { ...line, cells: line.cells.map((c) => {
    const own = refusals.find((r) => r.field === c.column.field.name) ?? whole;
    return own && c.changed && !c.error ? { ...c, error: own.message } : c;
  }) };
}

export function refused(lines: Line[], refusals: Refusal[]): Line[] {
  const of = new Map<string, Refusal[]>();
  for (const r of refusals) of.set(r.id, [...of.get(r.id) ?? [], r]);
  return lines.map((line) => { const own = of.get(line.record.id); return own ? marked(line, own) : line; });
}
