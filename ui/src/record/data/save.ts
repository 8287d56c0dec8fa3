// Saving with If-Match: the change goes out alone; what comes back, or why not, is told in one of four ways.
import { ApiProblem } from '@/lib/api';
import type { FieldError, ObjectMeta, Rec } from '@/lib/types';
import { kitOf } from '@/fields/fields';
import { fieldOf } from '@/lib/meta';
import { createRecord, fetchRecord, updateWithLines } from './records';

export type Values = Record<string, unknown>;
export interface Clash { field: string; mine: unknown; theirs: unknown }
export type Saved =
  | { kind: 'saved'; record: Rec; merged: boolean; batch?: string | null }
  | { kind: 'invalid'; errors: FieldError[]; message: string }
  | { kind: 'conflict'; current: Rec; clashes: Clash[] }
  | { kind: 'failed'; error: unknown };

export const wireOf = (object: ObjectMeta, name: string, value: unknown): unknown => {
  const field = fieldOf(object, name);
  return field ? kitOf(field).wire(value ?? null) : value;
};

export const sameWire = (object: ObjectMeta, name: string, a: unknown, b: unknown): boolean =>
  JSON.stringify(wireOf(object, name, a) ?? null) === JSON.stringify(wireOf(object, name, b) ?? null);

/** Fields whose value differs from the record's. */
export const changedFields = (object: ObjectMeta, values: Values, base: Values): string[] =>
  Object.keys(values).filter((name) => !sameWire(object, name, values[name], base[name]));

export const bodyOf = (object: ObjectMeta, values: Values, names: string[]): Values =>
  Object.fromEntries(names.map((name) => [name, wireOf(object, name, values[name])]));

/** Where both sides changed the same field to something else; the rest merges by itself. */
export const clashesOf = (object: ObjectMeta, names: string[], values: Values, base: Values, current: Values): Clash[] =>
  names.filter((n) => !sameWire(object, n, base[n], current[n]) && !sameWire(object, n, values[n], current[n]))
    .map((n) => ({ field: n, mine: values[n], theirs: current[n] }));

function refusal(error: unknown): Saved {
  if (error instanceof ApiProblem && error.status === 422) return { kind: 'invalid', errors: error.errors, message: error.message };
  return { kind: 'failed', error };
}

/** `lines`: what is sent beside the record's own fields, under the names of its relations. `inSpite`: why, of a rule of duplicates that blocks. */
export async function create(object: ObjectMeta, values: Values, key: string, lines: Values = {}, inSpite?: string): Promise<Saved> {
  const given = Object.keys(values).filter((n) => { const w = wireOf(object, n, values[n]); return w !== null && w !== undefined && !(Array.isArray(w) && !w.length); });
  try {
    return { kind: 'saved', record: await createRecord(object.plural, { ...bodyOf(object, values, given), ...lines }, key, inSpite), merged: false };
  } catch (e) {
    return refusal(e);
  }
}

export async function update(object: ObjectMeta, base: Rec, values: Values, tries = 3, lines: Values = {}, inSpite?: string): Promise<Saved> {
  const names = changedFields(object, values, base);
  if (!names.length && !Object.keys(lines).length) return { kind: 'saved', record: base, merged: false };
  try {
    return { kind: 'saved', merged: false, ...await updateWithLines(object.plural, base.id, base.version, { ...bodyOf(object, values, names), ...lines }, inSpite) };
  } catch (e) {
    if (!(e instanceof ApiProblem) || e.status !== 412) return refusal(e);
  }
  return resolveStale(object, base, values, names, { tries, lines, inSpite });
}

async function resolveStale(object: ObjectMeta, base: Rec, values: Values, names: string[], { tries, lines, inSpite }: { tries: number; lines: Values; inSpite?: string }): Promise<Saved> {
  try {
    const current = await fetchRecord(object.plural, base.id);
    const clashes = clashesOf(object, names, values, base, current);
    if (clashes.length || tries <= 1) return { kind: 'conflict', current, clashes };
    const mine = Object.fromEntries(names.map((n) => [n, values[n]]));
    const again = await update(object, current, mine, tries - 1, lines, inSpite);
    return again.kind === 'saved' ? { ...again, merged: true } : again;
  } catch (e) {
    return { kind: 'failed', error: e };
  }
}
