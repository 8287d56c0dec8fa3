// A field while it is being made or changed: what the API is sent of it, and of a change only what differs.
import type { Choice, FieldMeta, Label } from '@/lib/types';
import { canBeUnique, canRequire, canSearch, hasOption } from './field-types';
import { cleanLabel } from './labels';

export interface FieldDraft {
  name: string; type: string; label: Label; help: Label; required: boolean; unique: boolean; search: boolean; personal: string;
  required_when: string; visible_when: string; readonly_when: string; default: string;
  max: string; min: string; scale: string; format: string; list: string; choices: Choice[]; depends_on: string;
  to: string[]; inverse: string; inverse_label: Label; on_delete: string; visible_with: boolean; shares: string; tree: boolean;
  multiple: boolean; accept: string; max_size: string; number: string; of: string; result: string;
}

export const EMPTY: FieldDraft = {
  name: '', type: 'text', label: {}, help: {}, required: false, unique: false, search: false, personal: 'none',
  required_when: '', visible_when: '', readonly_when: '', default: '', max: '', min: '', scale: '', format: '', list: '', choices: [], depends_on: '',
  to: [], inverse: '', inverse_label: {}, on_delete: '', visible_with: false, shares: '', tree: false, multiple: false, accept: '', max_size: '', number: '', of: '', result: '',
};

const text = (v: unknown): string => (v === null || v === undefined ? '' : typeof v === 'object' ? JSON.stringify(v) : String(v));
const amount = (v: unknown): string => (v && typeof v === 'object' && 'value' in v ? text((v as { value: unknown }).value) : text(v));
const MB = 1024 * 1024;
/** Bytes as megabytes, as far as they are whole kilobytes. */
const megabytes = (bytes: unknown): string => (typeof bytes === 'number' ? String(Math.round(bytes / MB * 1000) / 1000) : '');

export function draftOf(f: FieldMeta): FieldDraft {
  return {
    ...EMPTY, name: f.name, type: f.type, label: f.label ?? {}, help: f.help ?? {}, required: !!f.required, unique: !!f.unique, search: !!f.search, personal: f.personal ?? 'none',
    required_when: f.required_when ?? '', visible_when: f.visible_when ?? '', readonly_when: f.readonly_when ?? '', default: amount(f.default),
    max: text(f.max), min: text(f.min), scale: text(f.scale), format: f.format ?? '', list: f.list ?? '', choices: f.list ? [] : f.choices ?? [], depends_on: f.depends_on ?? '',
    to: f.to ? [f.to].flat() : [], inverse: f.inverse ?? '', on_delete: f.on_delete ?? '', visible_with: !!f.visible_with, shares: f.shares ?? '', tree: !!f.tree,
    multiple: !!f.multiple, accept: (f.accept ?? []).join(', '), max_size: megabytes(f.max_size), number: f.number ?? '', of: f.of ?? '', result: f.result ?? '',
  };
}

const NUMERIC = ['integer', 'rating', 'decimal', 'percent', 'money', 'text', 'long_text', 'json'];
const EXACT = ['decimal', 'percent', 'money'];

function constant(type: string, value: string): unknown {
  const v = value.trim();
  if (type === 'boolean') return v === 'true' ? true : v === 'false' ? false : null;
  if (!v) return null;
  if ((type === 'integer' || type === 'rating') && /^-?\d+$/.test(v)) return Number(v);
  return v;
}

const bound = (type: string, value: string): unknown => {
  const v = value.trim();
  if (!v) return null;
  return !EXACT.includes(type) && NUMERIC.includes(type) && /^-?\d+$/.test(v) ? Number(v) : v;
};
const whole = (value: string): number | string | null => (!value.trim() ? null : /^\d+$/.test(value.trim()) ? Number(value) : value.trim());
const filledChoices = (choices: Choice[]): Choice[] => choices.filter((c) => c.value.trim()).map((c) => ({ ...c, value: c.value.trim(), label: cleanLabel(c.label ?? {}) }));

const listOf = (value: string): string[] | null => {
  const parts = value.split(/[,，\s]+/).filter(Boolean);
  return parts.length ? parts : null;
};
const bytes = (value: string): number | string | null => {
  const v = value.trim();
  if (!v) return null;
  const n = Number(v);
  return Number.isFinite(n) && n > 0 ? Math.round(n * MB) : v;
};
const labelOrNull = (label: Label): Label | null => { const l = cleanLabel(label); return Object.keys(l).length ? l : null; };

type Attributes = Record<string, unknown>;

function linkAttributes(d: FieldDraft): Attributes {
  if (!hasOption(d.type, 'to')) return {};
  const all: Attributes = { to: d.type === 'any_link' ? d.to : d.to[0] ?? null, inverse: d.inverse.trim() || null, inverse_label: labelOrNull(d.inverse_label), on_delete: d.on_delete || null };
  if (hasOption(d.type, 'visible_with')) all.visible_with = d.visible_with;
  if (hasOption(d.type, 'shares') && d.shares) all.shares = d.shares;
  if (hasOption(d.type, 'tree')) all.tree = d.tree;
  return all;
}

function choiceAttributes(d: FieldDraft): Attributes {
  if (!hasOption(d.type, 'list')) return {};
  const own = d.list ? { list: d.list, choices: null } : { list: null, choices: filledChoices(d.choices) };
  return { ...own, depends_on: d.depends_on || null };
}

function fileAttributes(d: FieldDraft): Attributes {
  if (!hasOption(d.type, 'accept')) return {};
  return { multiple: d.multiple, accept: listOf(d.accept), max_size: bytes(d.max_size) };
}

/** Every attribute that the type has; null and false say: none. */
export function attributesOf(d: FieldDraft): Attributes {
  const has = (option: string) => hasOption(d.type, option);
  return {
    label: cleanLabel(d.label), help: labelOrNull(d.help), personal: d.personal === 'none' ? null : d.personal,
    required_when: d.required_when.trim() || null, visible_when: d.visible_when.trim() || null, readonly_when: d.readonly_when.trim() || null,
    ...(canRequire(d.type) ? { required: d.required } : {}), ...(canBeUnique(d.type) ? { unique: d.unique } : {}), ...(canSearch(d.type) ? { search: d.search } : {}),
    ...(has('default') ? { default: constant(d.type, d.default) } : {}), ...(has('max') ? { max: bound(d.type, d.max) } : {}), ...(has('min') ? { min: bound(d.type, d.min) } : {}),
    ...(has('scale') ? { scale: whole(d.scale) } : {}), ...(has('format') ? { format: d.format || null } : {}),
    ...(has('number') ? { number: d.number.trim() || null } : {}), ...(has('of') ? { of: d.of.trim(), result: d.result || null } : {}),
    ...choiceAttributes(d), ...linkAttributes(d), ...fileAttributes(d),
  };
}

const isNothing = (v: unknown): boolean => v === null || v === false || v === undefined || v === '';

/** The body of a new field: what its type needs, and nothing of what an earlier choice left behind. */
export function bodyOf(d: FieldDraft): Attributes {
  return { name: d.name, type: d.type, ...Object.fromEntries(Object.entries(attributesOf(d)).filter(([, v]) => !isNothing(v))) };
}

/** Of a field that is there only what differs. */
export function changesOf(before: FieldDraft, after: FieldDraft): Attributes {
  const was = attributesOf(before);
  return Object.fromEntries(Object.entries(attributesOf(after)).filter(([key, v]) => JSON.stringify(v) !== JSON.stringify(was[key])));
}
