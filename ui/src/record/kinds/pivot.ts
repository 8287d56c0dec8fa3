// A figure by two groups: heads in order of their totals, what stands in each cell, and the table as text.
import type { AggregateRow, FieldMeta } from '@/lib/types';
import { groupKey, isDated } from '../groups/group-values';

export interface Head { key: string; value: unknown; row: AggregateRow }
export interface Pivot { rows: Head[]; cols: Head[]; at: (row: Head, col: Head) => AggregateRow | undefined; more: { rows: number; cols: number } }

export const MAX_PIVOT = { rows: 200, cols: 40 };

/** Months in their order, other groups by size. */
export function headsOf(totals: AggregateRow[], field: FieldMeta, numberOf: (row: AggregateRow) => number): Head[] {
  const heads = totals.map((row) => ({ key: groupKey(row, field), value: row[field.name], row }));
  return heads.sort(isDated(field) ? (a, b) => a.key.localeCompare(b.key) : (a, b) => numberOf(b.row) - numberOf(a.row) || a.key.localeCompare(b.key));
}

export function pivotOf(cells: AggregateRow[], rows: Head[], cols: Head[], [rowField, colField]: [FieldMeta, FieldMeta | undefined]): Pivot {
  const known = new Map(cells.map((c) => [`${groupKey(c, rowField)} ${colField ? groupKey(c, colField) : ''}`, c]));
  return {
    rows: rows.slice(0, MAX_PIVOT.rows), cols: cols.slice(0, MAX_PIVOT.cols),
    more: { rows: Math.max(0, rows.length - MAX_PIVOT.rows), cols: Math.max(0, cols.length - MAX_PIVOT.cols) },
    at: (row, col) => known.get(`${row.key} ${col.key}`),
  };
}

/** A text that a spreadsheet would calculate is told as text; numbers stay numbers. */
const quoted = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** With the mark that spreadsheets read UTF-8 by. */
export const csvOf = (table: string[][]): string => `\uFEFF${table.map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`;
