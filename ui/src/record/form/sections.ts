// Which fields a form shows and in which groups: the layout's, else at most eight at once and the rest behind "more".
import { label, t } from '@/lib/i18n';
import { hasInput } from '@/fields/inputs';
import { fieldOf, isEditable, layoutOf, ownFields, titleField } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';

export interface FormSection { title: string; fields: FieldMeta[]; collapsed: boolean; tab?: string }

const FIRST = 8;
const fillable = (f: FieldMeta | undefined): f is FieldMeta => !!f && isEditable(f) && hasInput(f);

/** What is filled in says of what type the record is, and so which layout the form has. */
export function formSections(object: ObjectMeta, only?: string[], values?: Record<string, unknown>): FormSection[] {
  if (only) return [{ title: '', collapsed: false, fields: only.map((n) => fieldOf(object, n)).filter(fillable) }];
  const layout = layoutOf(object, 'form', values);
  const declared = (layout?.sections ?? []).map((s, i) => ({
    title: s.label ? label(s.label, '') : i > 0 && !s.tab ? t('form.more') : '',
    tab: s.tab && label(s.tab, ''),
    collapsed: s.collapsed ?? false,
    fields: s.fields.map((n) => fieldOf(object, n)).filter(fillable),
  })).filter((s) => s.fields.length);
  const shown = new Set(declared.flatMap((s) => s.fields.map((f) => f.name)));
  const rest = ownFields(object).filter((f) => fillable(f) && !shown.has(f.name));
  const type = object.record_type ? fieldOf(object, object.record_type) : undefined;
  if (declared.length && fillable(type)) typeFirst(declared, type, rest);
  if (declared.length) return rest.length ? [...declared, declared.some((s) => s.tab) ? { title: '', tab: t('form.more'), collapsed: false, fields: rest } : { title: t('form.more'), collapsed: true, fields: rest }] : declared;
  const title = titleField(object);
  const rank = (f: FieldMeta) => (f.name === title ? 0 : f.required ? 1 : 2);
  const ordered = rest.map((f, i) => ({ f, i })).sort((a, b) => rank(a.f) - rank(b.f) || a.i - b.i).map((x) => x.f);
  if (ordered.length <= FIRST + 2) return [{ title: '', collapsed: false, fields: ordered }];
  return [{ title: '', collapsed: false, fields: ordered.slice(0, FIRST) }, { title: t('form.more'), collapsed: true, fields: ordered.slice(FIRST) }];
}

export interface Tabbed<S> { above: S[]; tabs: { name: string; sections: S[] }[] }

/** What stands before the first section that begins a tab stays above all of them. */
export function tabbed<S extends { tab?: string }>(sections: S[]): Tabbed<S> {
  const all: Tabbed<S> = { above: [], tabs: [] };
  for (const s of sections) {
    if (s.tab) all.tabs.push({ name: s.tab, sections: [] });
    (all.tabs.at(-1)?.sections ?? all.above).push(s);
  }
  return all;
}

/** The type comes first, wherever the layout has it: it decides what else is asked. */
function typeFirst(sections: FormSection[], type: FieldMeta, rest: FieldMeta[]) {
  for (const list of [...sections.map((s) => s.fields), rest]) {
    const i = list.indexOf(type);
    if (i >= 0) list.splice(i, 1);
  }
  sections[0]!.fields.unshift(type);
}

const CONSTANT = new Set(['boolean', 'choice', 'decimal', 'integer', 'percent', 'text']);

/** Defaults that are plain values; what needs the server (numbers, owners, first stages) it fills itself. */
export function startValues(object: ObjectMeta): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const f of object.fields) {
    if (!fillable(f) || f.default === null || f.default === undefined || !CONSTANT.has(f.type)) continue;
    if (typeof f.default === 'string' && f.default.includes('(')) continue;
    values[f.name] = f.only && !f.only.includes(String(f.default)) ? f.only[0] : f.default;
  }
  const type = object.record_type ? fieldOf(object, object.record_type) : undefined;
  if (fillable(type) && type.only?.length && values[type.name] === undefined) values[type.name] = type.only[0];
  return values;
}
