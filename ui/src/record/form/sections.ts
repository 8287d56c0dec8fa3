// Which fields a form shows and in which groups: the layout's, else at most eight at once and the rest behind "more".
import { label, t } from '@/lib/i18n';
import { hasInput } from '@/fields/inputs';
import { fieldOf, isEditable, layoutOf, ownFields, titleField } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';

export interface FormSection { title: string; fields: FieldMeta[]; collapsed: boolean }

const FIRST = 8;
const fillable = (f: FieldMeta | undefined): f is FieldMeta => !!f && isEditable(f) && hasInput(f);

export function formSections(object: ObjectMeta, only?: string[]): FormSection[] {
  if (only) return [{ title: '', collapsed: false, fields: only.map((n) => fieldOf(object, n)).filter(fillable) }];
  const layout = layoutOf(object, 'form');
  const declared = (layout?.sections ?? []).map((s, i) => ({
    title: s.label ? label(s.label, '') : i > 0 ? t('form.more') : '',
    collapsed: s.collapsed ?? false,
    fields: s.fields.map((n) => fieldOf(object, n)).filter(fillable),
  })).filter((s) => s.fields.length);
  const shown = new Set(declared.flatMap((s) => s.fields.map((f) => f.name)));
  const rest = ownFields(object).filter((f) => fillable(f) && !shown.has(f.name));
  if (declared.length) return rest.length ? [...declared, { title: t('form.more'), collapsed: true, fields: rest }] : declared;
  const title = titleField(object);
  const rank = (f: FieldMeta) => (f.name === title ? 0 : f.required ? 1 : 2);
  const ordered = rest.map((f, i) => ({ f, i })).sort((a, b) => rank(a.f) - rank(b.f) || a.i - b.i).map((x) => x.f);
  if (ordered.length <= FIRST + 2) return [{ title: '', collapsed: false, fields: ordered }];
  return [{ title: '', collapsed: false, fields: ordered.slice(0, FIRST) }, { title: t('form.more'), collapsed: true, fields: ordered.slice(FIRST) }];
}

const CONSTANT = new Set(['boolean', 'choice', 'decimal', 'integer', 'percent', 'text']);

/** Defaults that are plain values; what needs the server (numbers, owners, first stages) it fills itself. */
export function startValues(object: ObjectMeta): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const f of object.fields) {
    if (!fillable(f) || f.default === null || f.default === undefined || !CONSTANT.has(f.type)) continue;
    if (typeof f.default === 'string' && f.default.includes('(')) continue;
    values[f.name] = f.default;
  }
  return values;
}
