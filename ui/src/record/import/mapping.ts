// Which column goes where: guessed by name and label, changed by hand, sent as CONTRACT 4 wants it.
import { fieldLabel, hasTrait, isEditable, titleField, type Catalogue } from '@/lib/meta';
import { choiceLabel } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';

export interface Target { path: string; label: string; field: FieldMeta }
export interface ColumnMap { path: string | null; values: Record<string, string> }
export type Mapping = Record<string, ColumnMap>;

const IMPORTABLE_SYSTEM = new Set(['owner', 'external_id', 'external_system', 'created_at']);

/** Everything a column may fill. Links are matched by the title of their target; entries of coded lists by code or name. */
export function targetsOf(catalogue: Catalogue, object: ObjectMeta): Target[] {
  const fields = object.fields.filter((f) => (isEditable(f) && !f.system) || IMPORTABLE_SYSTEM.has(f.name) || f.type === 'auto_number');
  return fields.flatMap((field) => {
    const to = field.type === 'link' ? catalogue.byName.get(field.to ?? '') : undefined;
    if (!to || hasTrait(to, 'coded')) return [{ path: field.name, label: fieldLabel(field), field }];
    return [{ path: `${field.name}.${titleField(to)}`, label: fieldLabel(field), field }];
  });
}

export const normal = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/[\s_\-./()（）:：*]+/g, '');

/** Exact names and labels first, then one within the other. */
export function guess(columns: string[], targets: Target[]): Mapping {
  const free = new Set(targets);
  const mapping: Mapping = {};
  const names = (t: Target) => [t.field.name, t.label, ...Object.values(t.field.label ?? {})].map((n) => normal(String(n)));
  const passes: ((column: string, name: string) => boolean)[] = [(c, n) => c === n, (c, n) => n.length > 3 && c.length > 3 && (c.endsWith(n) || n.endsWith(c))];
  for (const fits of passes) {
    for (const column of columns) {
      if (mapping[column]?.path) continue;
      const hit = [...free].find((t) => names(t).some((n) => fits(normal(column), n)));
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

export interface ImportChoices { mode: 'create' | 'update' | 'upsert'; key: string[]; createMissing: string[]; dryRun: boolean }

export const wireOptions = (mapping: Mapping, choices: ImportChoices): Record<string, unknown> => ({
  mapping: wireMapping(mapping), mode: choices.mode, dry_run: choices.dryRun,
  ...(choices.mode === 'create' ? {} : { key: choices.key }),
  ...(choices.createMissing.length ? { create_missing: choices.createMissing } : {}),
});

/** Required fields that no column fills and that have no default. */
export const unfilled = (object: ObjectMeta, mapping: Mapping): FieldMeta[] => {
  const filled = new Set(Object.values(mapping).map((m) => m.path?.split('.')[0]));
  return object.fields.filter((f) => f.required && isEditable(f) && !f.system && (f.default === undefined || f.default === null) && !filled.has(f.name));
};
