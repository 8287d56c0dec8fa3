// Which column goes where: guessed by name and label, changed by hand, sent as CONTRACT 4 wants it.
import { fieldLabel, hasTrait, isEditable, titleField, type Catalogue } from '@/lib/meta';
import { choiceLabel } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { wireOf } from '../data/save';
import { t } from '@/lib/i18n';
import type { Preview, SavedOptions } from './preview';

export interface Target { path: string; label: string; field: FieldMeta }
export interface ColumnMap { path: string | null; values: Record<string, string> }
export type Mapping = Record<string, ColumnMap>;
export interface Fixed { field: string; value: unknown }

const IMPORTABLE_SYSTEM = new Set(['owner', 'external_id', 'external_system', 'created_at', 'created_by']);
const ADDRESS = ['country', 'province', 'city', 'district', 'street', 'postcode'];

/** Everything a column may fill. Links are matched by the title of their target; entries of coded lists by code or name. */
export function targetsOf(catalogue: Catalogue, object: ObjectMeta): Target[] {
  const fields = object.fields.filter((f) => (isEditable(f) && !f.system) || IMPORTABLE_SYSTEM.has(f.name) || f.type === 'auto_number');
  return fields.flatMap((field) => {
    const to = field.type === 'link' ? catalogue.byName.get(field.to ?? '') : undefined;
    if (field.type === 'address') return [{ path: field.name, label: fieldLabel(field), field }, ...ADDRESS.map((part) => ({ path: `${field.name}.${part}`, label: `${fieldLabel(field)} · ${t(`address.${part}`)}`, field }))];
    if (!to || hasTrait(to, 'coded')) return [{ path: field.name, label: fieldLabel(field), field }];
    return [{ path: `${field.name}.${titleField(to)}`, label: fieldLabel(field), field }];
  });
}

export const normal = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/[\s_\-./()（）:：*]+/g, '');

/** Words that mean the same in tables from elsewhere. */
const SAME: Record<string, string> = { date: 'on', day: 'on', time: 'at', value: 'amount', sum: 'amount', total: 'amount', agent: 'owner', rep: 'owner', seller: 'owner', salesperson: 'owner', telephone: 'phone', tel: 'phone', mail: 'email', url: 'website' };

/** close_date and closed_on share their stems: clos, on. */
export function stems(text: string): string[] {
  const words = text.normalize('NFKC').toLowerCase().split(/[\s_\-./]+/).filter(Boolean);
  return words.map((w) => SAME[w] ?? w).map((w) => (w.length > 3 ? w.replace(/(ed|es|e|s|d)$/, '') : w)).sort();
}

const sameStems = (column: string, name: string): boolean => stems(column).join() === stems(name).join();
const holdsStems = (column: string, name: string): boolean => stems(name).every((w) => stems(column).includes(w));

/** Exact names and labels first, then one within the other, then by stems. */
/** A column called like the object itself holds its title. */
function ownName(object: ObjectMeta, column: string): boolean {
  return [object.object, object.plural, ...Object.values(object.label ?? {})].some((n) => normal(String(n)) === normal(column));
}

export function guess(object: ObjectMeta, columns: string[], targets: Target[]): Mapping {
  const free = new Set(targets);
  const mapping: Mapping = {};
  const title = targets.find((t) => t.path === titleField(object));
  const own = columns.find((c) => ownName(object, c));
  if (title && own && !columns.some((c) => normal(c) === normal(title.path))) {
    mapping[own] = { path: title.path, values: {} };
    free.delete(title);
  }
  const names = (t: Target) => [t.field.name, t.label, ...Object.values(t.field.label ?? {})].map(String);
  const exact = (c: string, n: string) => normal(c) === normal(n);
  const within = (c: string, n: string) => normal(n).length > 3 && normal(c).length > 3 && (normal(c).endsWith(normal(n)) || normal(n).endsWith(normal(c)));
  const passes: ((column: string, name: string) => boolean)[] = [exact, sameStems, within, holdsStems];
  for (const fits of passes) {
    for (const column of columns) {
      if (mapping[column]?.path) continue;
      const hit = [...free].find((t) => names(t).some((n) => fits(column, n)));
      mapping[column] = { path: hit?.path ?? null, values: {} };
      if (hit) free.delete(hit);
    }
  }
  return mapping;
}

/** Values of a choice that can be told from the column's words. */
export function guessValues(field: FieldMeta, found: string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const word of found) {
    const hit = (field.choices ?? []).find((c) => [c.value, choiceLabel(field, c.value), ...Object.values(c.label ?? {})].some((n) => normal(String(n)) === normal(word)));
    if (hit && hit.value !== word) values[word] = hit.value;
  }
  return values;
}

export function wireMapping(mapping: Mapping): Record<string, unknown> {
  return Object.fromEntries(Object.entries(mapping).map(([column, m]) => {
    const values = Object.fromEntries(Object.entries(m.values).filter(([, v]) => v !== ''));
    return [column, m.path && Object.keys(values).length ? { field: m.path, values } : m.path];
  }));
}

export type Duplicates = 'report' | 'skip' | 'update' | 'create';
export type Similar = 'ignore' | 'report' | 'skip' | 'update' | 'review';
export type DateOrder = 'ymd' | 'dmy' | 'mdy';
export interface ImportChoices { mode: 'create' | 'update' | 'upsert'; key: string[]; duplicates: Duplicates; similar: Similar; dateOrder: DateOrder; createMissing: string[]; dryRun: boolean }
export const START: ImportChoices = { mode: 'create', key: [], duplicates: 'report', similar: 'ignore', dateOrder: 'ymd', createMissing: [], dryRun: true };

/** A text with {column} in it is a template; everything else is written as it is. */
export function wireFixed(object: ObjectMeta, fixed: Fixed[]): Record<string, unknown> {
  const given = fixed.filter((f) => f.field && f.value !== null && f.value !== '');
  return Object.fromEntries(given.map((f) => [f.field, typeof f.value === 'string' && /\{[^}]+\}/.test(f.value) ? { template: f.value } : wireOf(object, f.field, f.value)]));
}

export const wireOptions = (object: ObjectMeta, mapping: Mapping, fixed: Fixed[], choices: ImportChoices): Record<string, unknown> => ({
  mapping: wireMapping(mapping), set: wireFixed(object, fixed), mode: choices.mode, dry_run: choices.dryRun,
  ...(choices.mode === 'create' ? {} : { key: choices.key }),
  ...(choices.duplicates === 'report' ? {} : { duplicates: choices.duplicates }),
  ...(choices.similar === 'ignore' ? {} : { similar: choices.similar }),
  ...(choices.dateOrder === 'ymd' ? {} : { date_order: choices.dateOrder }),
  ...(choices.createMissing.length ? { create_missing: choices.createMissing } : {}),
});

/** Required fields that no column fills and that have no default. */
export const unfilled = (object: ObjectMeta, mapping: Mapping, fixed: Fixed[] = []): FieldMeta[] => {
  const filled = new Set([...Object.values(mapping).map((m) => m.path?.split('.')[0]), ...fixed.filter((f) => f.value !== null && f.value !== '').map((f) => f.field)]);
  return object.fields.filter((f) => f.required && isEditable(f) && !f.system && (f.default === undefined || f.default === null) && !filled.has(f.name));
};

/* ---- from what the server tells, and from what was saved */

const targetOf = (targets: Target[], path: string): Target | undefined =>
  targets.find((x) => x.path === path) ?? targets.find((x) => x.field.name === path) ?? targets.find((x) => x.field.name === path.split('.')[0]);

const valuesOf = (target: Target | undefined, samples: string[]): Record<string, string> => (target?.field.type === 'choice' ? guessValues(target.field, samples) : {});

/** Needs a right of its own: only the server, which knows it, gives these to a column. */
const HISTORY = new Set(['created_at', 'created_by']);

/** The server's guesses first; names that only resemble a field are guessed here. */
export function mappingOfPreview(object: ObjectMeta, preview: Preview, targets: Target[]): Mapping {
  const mapping: Mapping = {};
  const taken = new Set<string>();
  for (const column of preview.columns) {
    const target = column.field ? targetOf(targets, column.field) : undefined;
    if (!target || taken.has(target.path)) continue;
    taken.add(target.path);
    mapping[column.name] = { path: target.path, values: valuesOf(target, column.samples) };
  }
  const parts = new Set([...taken].map((p) => p.split('.')[0] ?? p));
  const left = preview.columns.filter((c) => !mapping[c.name]);
  const rest = guess(object, left.map((c) => c.name), targets.filter((x) => !parts.has(x.field.name) && !HISTORY.has(x.field.name)));
  for (const column of left) {
    const path = rest[column.name]?.path ?? null;
    mapping[column.name] = { path, values: valuesOf(targets.find((x) => x.path === path), column.samples) };
  }
  return mapping;
}

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);
const textValues = (v: unknown): Record<string, string> => (isObject(v) ? Object.fromEntries(Object.entries(v).filter((e): e is [string, string] => typeof e[1] === 'string')) : {});

/** A saved mapping for the columns that this file has; the others are not imported. */
export function mappingOf(_object: ObjectMeta, options: SavedOptions, preview: Preview, targets: Target[]): Mapping {
  return Object.fromEntries(preview.columns.map((column) => {
    const to = options.mapping?.[column.name];
    const path = typeof to === 'string' ? to : isObject(to) && typeof to.field === 'string' ? to.field : null;
    const target = path ? targetOf(targets, path) : undefined;
    return [column.name, { path: target?.path ?? null, values: isObject(to) ? { ...textValues(to.values) } : valuesOf(target, column.samples) }];
  }));
}

export function fixedOf(object: ObjectMeta, options: SavedOptions | null): Fixed[] {
  return Object.entries(options?.set ?? {}).filter(([field]) => object.fields.some((f) => f.name === field))
    .map(([field, value]) => ({ field, value: isObject(value) && typeof value.template === 'string' ? value.template : value }));
}

const among = <T extends string>(value: unknown, all: readonly T[], otherwise: T): T => all.find((x) => x === value) ?? otherwise;

export function choicesOf(options: SavedOptions | null): ImportChoices {
  return {
    ...START,
    mode: among(options?.mode, ['create', 'update', 'upsert'], START.mode),
    duplicates: among(options?.duplicates, ['report', 'skip', 'update', 'create'], START.duplicates),
    similar: among(options?.similar, ['ignore', 'report', 'skip', 'update', 'review'], START.similar),
    dateOrder: among(options?.date_order, ['ymd', 'dmy', 'mdy'], START.dateOrder),
    key: options?.key ?? [], createMissing: options?.create_missing ?? [],
  };
}
