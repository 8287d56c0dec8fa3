// Lines that live and die with their record: which relations are such, their rows in a form, and what of them is sent.
import { fieldOf, hasTrait, isEditable, layoutOf, mayRead, ownFields } from '@/lib/meta';
import { kitOf } from '@/fields/fields';
import { hasInput } from '@/fields/inputs';
import type { FieldError, FieldMeta, ObjectMeta, Rec, Relation } from '@/lib/types';
import { changedFields, wireOf, type Values } from '../data/save';

export interface LineRow { key: string; id?: string; base: Values; values: Values; gone?: boolean; auto: Values }
export interface LineKind { relation: Relation; target: ObjectMeta }
export type LineRows = Record<string, LineRow[]>;

const MAX_KINDS = 10;

/** The parent of a line is the record that it cannot be without: its first required link. */
const parentField = (line: ObjectMeta): string | undefined => line.fields.find((f) => f.type === 'link' && f.required && !f.system)?.name;

export function lineKinds(object: ObjectMeta, byName: Map<string, ObjectMeta>): LineKind[] {
  return (object.relations ?? []).flatMap((relation) => {
    const target = byName.get(relation.object);
    return target && hasTrait(target, 'line') && mayRead(target) && parentField(target) === relation.field ? [{ relation, target }] : [];
  }).slice(0, MAX_KINDS);
}

const relatedOf = (object: ObjectMeta) => layoutOf(object, 'form')?.related ?? [];
/** What the form of the record begins with is open at once. */
export const isFirst = (object: ObjectMeta, { relation }: LineKind): boolean => relatedOf(object)[0]?.relation === relation.name;

const fillable = (f: FieldMeta): boolean => isEditable(f) && hasInput(f);

/** Columns: those that the record's layout names, else the line's list; whatever must be filled is among them. The rest opens under the row. */
export function lineFields(object: ObjectMeta, { relation, target }: LineKind): { columns: FieldMeta[]; more: FieldMeta[] } {
  const named = relatedOf(object).find((r) => r.relation === relation.name)?.fields ?? layoutOf(target, 'list')?.fields ?? [];
  const own = ownFields(target).filter((f) => f.name !== relation.field && f.name !== 'position');
  const shown = named.map((n) => own.find((f) => f.name === n)).filter((f): f is FieldMeta => !!f && !kitOf(f).tall);
  const needed = own.filter((f) => f.required && fillable(f) && !shown.includes(f));
  const columns = shown.length ? [...shown, ...needed] : own.filter((f) => !kitOf(f).tall).slice(0, 6);
  return { columns, more: own.filter((f) => fillable(f) && !columns.includes(f)) };
}

let serial = 0;
export const newRow = (values: Values): LineRow => ({ key: `n${++serial}`, base: {}, values, auto: {} });
export const rowsOf = (records: unknown): LineRow[] =>
  (Array.isArray(records) ? records as Rec[] : []).map((r) => ({ key: r.id, id: r.id, base: r, values: {}, auto: {} }));

export const valueOf = (row: LineRow, name: string): unknown => (name in row.values ? row.values[name] : row.base[name]);

const isEmpty = (wire: unknown): boolean => wire === null || wire === undefined || (Array.isArray(wire) && !wire.length);

function changeOf(target: ObjectMeta, row: LineRow): Values {
  if (row.id) return Object.fromEntries(changedFields(target, row.values, row.base).map((n) => [n, wireOf(target, n, row.values[n])]));
  return Object.fromEntries(Object.keys(row.values).map((n) => [n, wireOf(target, n, row.values[n])] as const).filter(([, wire]) => !isEmpty(wire)));
}

/** Whether the rows stand otherwise than they were read: then each is told its place. */
function isMoved(rows: LineRow[]): boolean {
  const staying = rows.filter((r) => !r.gone);
  const places = staying.map((r) => (r.id ? Number(r.base.position ?? 0) : Infinity));
  return places.some((p, i) => i > 0 && p < places[i - 1]!);
}

/** What is sent of the rows of one relation, and whose each entry is; null: nothing has changed. */
export function linesBody(target: ObjectMeta, rows: LineRow[]): { body: Values[]; keys: string[] } | null {
  const moved = isMoved(rows);
  const sent: { key: string; entry: Values }[] = [];
  let place = 0;
  for (const row of rows) {
    if (row.gone) { if (row.id) sent.push({ key: row.key, entry: { id: row.id, delete: true } }); continue; }
    place++;
    const change = { ...changeOf(target, row), ...(moved && Number(row.base.position) !== place ? { position: place } : {}) };
    if (!row.id) sent.push({ key: row.key, entry: change });
    else if (Object.keys(change).length) sent.push({ key: row.key, entry: { id: row.id, ...change } });
  }
  return sent.length ? { body: sent.map((s) => s.entry), keys: sent.map((s) => s.key) } : null;
}

export interface LineError { relation: string; key: string | null; field: string | null; message: string }

/** order_lines[1].quantity → the row that was sent in that place. */
export function lineErrors(errors: FieldError[], sent: Record<string, string[]>): LineError[] {
  return errors.flatMap((e) => {
    const found = /^([a-z][a-z0-9_]*)(?:\[(\d+)\])?(?:\.([a-z0-9_]+))?/.exec(e.field ?? '');
    const keys = found ? sent[found[1]!] : undefined;
    return keys ? [{ relation: found![1]!, key: found![2] === undefined ? null : keys[Number(found![2])] ?? null, field: found![3] ?? null, message: e.message }] : [];
  });
}

export const lineId = (relation: string, key: string, field: string): string => `line-${relation}-${key}-${field}`;
export const startOf = (target: ObjectMeta, start: Values): Values => {
  const quantity = fieldOf(target, 'quantity');
  return quantity?.required && start.quantity === undefined ? { quantity: '1', ...start } : start;
};
