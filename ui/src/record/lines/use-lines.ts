// Rows of the lines in one form: added, changed, moved, taken away; filled in where nobody has written.
import { useRef, useState } from 'react';
import { linkOf } from '@/fields/link/link';
import { useCatalogue } from '@/lib/meta';
import type { FieldMeta } from '@/lib/types';
import { fetchRecord } from '../data/records';
import type { Values } from '../data/save';
import { startValues } from '../form/sections';
import { fillRow, takenFrom, withAmount } from './fill';
import { linesBody, newRow, rowsOf, startOf, type LineKind, type LineRow, type LineRows } from './lines';

export function useLines(kinds: LineKind[], record: Values | undefined, drafted: LineRows | undefined) {
  const { byName } = useCatalogue();
  const start = (from?: LineRows): LineRows => Object.fromEntries(kinds.map(({ relation }) => [relation.name, from?.[relation.name] ?? rowsOf(record?.[relation.name])]));
  const [rows, setRows] = useState<LineRows>(() => start(drafted));
  const sent = useRef<Record<string, string[]>>({});
  const change = (relation: string, how: (rows: LineRow[]) => LineRow[]) => setRows((old) => ({ ...old, [relation]: how(old[relation] ?? []) }));
  const one = (relation: string, key: string, how: (row: LineRow) => LineRow) => change(relation, (all) => all.map((r) => (r.key === key ? how(r) : r)));

  const add = ({ relation, target }: LineKind, values: Values = {}): string => {
    const row = newRow({ ...startOf(target, startValues(target)), ...values });
    change(relation.name, (all) => [...all, row]);
    return row.key;
  };
  const remove = (relation: string, key: string) => change(relation, (all) => all.flatMap((r) => (r.key !== key ? [r] : r.id ? [{ ...r, gone: true }] : [])));
  const move = (relation: string, key: string, by: 1 | -1) => change(relation, (all) => {
    const shown = all.filter((r) => !r.gone), from = shown.findIndex((r) => r.key === key), other = shown[from + by];
    if (from < 0 || !other) return all;
    const swapped = new Map([[key, other], [other.key, shown[from]!]]);
    return all.map((r) => swapped.get(r.key) ?? r);
  });
  const pick = async ({ relation, target }: LineKind, key: string, field: FieldMeta, id: string) => {
    const source = byName.get(field.to ?? '');
    const found = source ? await fetchRecord(source.plural, id).catch(() => null) : null;
    if (source && found) one(relation.name, key, (row) => withAmount(target, fillRow(row, takenFrom(target, source, found))));
  };
  const set = (kind: LineKind, key: string, field: FieldMeta, value: unknown) => {
    one(kind.relation.name, key, (row) => {
      const changed = { ...row, values: { ...row.values, [field.name]: value } };
      return field.name === 'amount' ? changed : withAmount(kind.target, changed);
    });
    const id = field.type === 'link' ? linkOf(value)?.id : undefined;
    if (id) void pick(kind, key, field, id);
  };
  /** What is sent besides the record's own fields; remembers which row each entry is of. */
  const body = (): Values => {
    const out: Values = {};
    sent.current = {};
    for (const { relation, target } of kinds) {
      const told = linesBody(target, rows[relation.name] ?? []);
      sent.current[relation.name] = told?.keys ?? [];
      if (told) out[relation.name] = told.body;
    }
    return out;
  };
  const dirty = kinds.some(({ relation, target }) => linesBody(target, rows[relation.name] ?? []) !== null);
  return { kinds, rows, sent, dirty, add, remove, move, set, body, reset: () => setRows(start()) };
}

export type LinesState = ReturnType<typeof useLines>;
