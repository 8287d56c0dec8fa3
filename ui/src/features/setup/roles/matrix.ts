// A role's form: object × action with a scope, fields with a right. What differs from what is saved is what is sent.
import type { FieldMeta, ObjectMeta } from '@/lib/types';

export const SCOPES = ['none', 'own', 'collaborators', 'department', 'department_below', 'all'] as const;
export type Scope = (typeof SCOPES)[number];
export type Grant = Scope | { expr: string };
export const ACTIONS = ['read', 'create', 'update', 'delete', 'export', 'import', 'share', 'transfer', 'bulk'] as const;
export type Action = (typeof ACTIONS)[number];
const FLAGS: ReadonlySet<Action> = new Set<Action>(['create', 'import']);
export const isFlag = (action: Action): boolean => FLAGS.has(action);

export type FieldWord = 'hidden' | 'masked' | 'reveal' | 'read' | 'write' | 'read_secrets';
export type MaskStyle = 'auto' | 'name' | 'amount' | 'year' | 'email' | 'phone' | 'id' | 'full';
/** A word, and behind a mask its style where it is not that of the type: "masked:full". */
export type FieldRight = FieldWord | `${'masked' | 'reveal'}:${Exclude<MaskStyle, 'auto'>}`;
export type ObjectForm = Partial<Record<Action, Grant | boolean>> & { fields?: Record<string, FieldRight>; /** Only of these record types. */ create_types?: string[] };
export interface RoleForm { objects: Record<string, ObjectForm>; system: string[] }

export const EMPTY: RoleForm = { objects: {}, system: [] };
export const grantOf = (form: ObjectForm | undefined, action: Action): Grant | boolean => form?.[action] ?? (isFlag(action) ? false : 'none');
export const exprOf = (grant: Grant | boolean): string | undefined => (typeof grant === 'object' ? grant.expr : undefined);
export const fieldRight = (form: ObjectForm | undefined, field: string): FieldRight => form?.fields?.[field] ?? 'write';
export const fieldWord = (form: ObjectForm | undefined, field: string): FieldWord => fieldRight(form, field).split(':')[0] as FieldWord;
export const maskStyle = (form: ObjectForm | undefined, field: string): MaskStyle => (fieldRight(form, field).split(':')[1] ?? 'auto') as MaskStyle;
export const styled = (word: FieldWord, style: MaskStyle): FieldRight => (style === 'auto' || (word !== 'masked' && word !== 'reveal') ? word : `${word}:${style}`);

const sameGrant = (a: Grant | boolean, b: Grant | boolean): boolean => a === b || (exprOf(a) !== undefined && exprOf(a) === exprOf(b));
export const isChanged = (base: ObjectForm | undefined, form: ObjectForm | undefined, action: Action): boolean => !sameGrant(grantOf(base, action), grantOf(form, action)) || (action === 'create' && (base?.create_types ?? []).join() !== (form?.create_types ?? []).join());

/** Fields of which something else is said than before. */
export function changedFields(base: ObjectForm | undefined, form: ObjectForm | undefined): string[] {
  const names = new Set([...Object.keys(base?.fields ?? {}), ...Object.keys(form?.fields ?? {})]);
  return [...names].filter((n) => fieldRight(base, n) !== fieldRight(form, n));
}

/** Fields that a role knows less than in full. */
export const restricted = (form: ObjectForm | undefined): string[] => Object.keys(form?.fields ?? {}).filter((n) => fieldWord(form, n) !== 'write');

export function withGrant(form: ObjectForm | undefined, action: Action, grant: Grant | boolean): ObjectForm {
  return { read: 'none', ...form, [action]: grant };
}

/** Nothing chosen: of any type. */
export function withTypes(form: ObjectForm | undefined, types: string[]): ObjectForm {
  const next: ObjectForm = { read: 'none', ...form, create_types: types };
  if (!types.length) delete next.create_types;
  return next;
}

export function withField(form: ObjectForm | undefined, name: string, word: FieldRight): ObjectForm {
  const fields = { ...form?.fields };
  if (word === 'write') delete fields[name]; else fields[name] = word;
  const next: ObjectForm = { read: 'none', ...form, fields };
  if (!Object.keys(fields).length) delete next.fields;
  return next;
}

export type Preset = 'none' | 'read' | 'own' | 'department' | 'all';
export const PRESETS: Preset[] = ['none', 'read', 'own', 'department', 'all'];

/** A whole row at once; what is said of fields stays. */
export function preset(form: ObjectForm | undefined, which: Preset): ObjectForm {
  const fields = { ...(form?.fields ? { fields: form.fields } : {}), ...(form?.create_types ? { create_types: form.create_types } : {}) };
  const row = (read: Scope, write: Scope, rest: Scope, flag: boolean): ObjectForm => ({ read, create: flag, update: write, delete: rest, export: rest, import: flag && rest === 'all', share: write, transfer: write, bulk: write, ...fields });
  if (which === 'none') return row('none', 'none', 'none', false);
  if (which === 'read') return row('all', 'none', 'none', false);
  if (which === 'own') return row('own', 'own', 'none', true);
  return which === 'department' ? row('department_below', 'department_below', 'none', true) : row('all', 'all', 'all', true);
}

export interface Changes { cells: number; fields: number; objects: string[]; system: boolean }

export function changesOf(base: RoleForm, draft: RoleForm): Changes {
  const names = Object.keys(draft.objects);
  const per = names.map((n) => ({ n, cells: ACTIONS.filter((a) => isChanged(base.objects[n], draft.objects[n], a)).length, fields: changedFields(base.objects[n], draft.objects[n]).length }));
  const system = [...base.system].sort().join() !== [...draft.system].sort().join();
  return { cells: per.reduce((s, x) => s + x.cells, 0), fields: per.reduce((s, x) => s + x.fields, 0), objects: per.filter((x) => x.cells || x.fields).map((x) => x.n), system };
}

export const isEmpty = (c: Changes): boolean => !c.objects.length && !c.system;

/** Objects that changed, whole, as the API replaces them; the others stay as they are on the server. */
export function bodyOf(base: RoleForm, draft: RoleForm): { objects: Record<string, ObjectForm>; system?: string[] } {
  const changes = changesOf(base, draft);
  return { objects: Object.fromEntries(changes.objects.map((n) => [n, draft.objects[n]!])), ...(changes.system ? { system: draft.system } : {}) };
}

/** What puts things back as they were. */
export function undoOf(base: RoleForm, draft: RoleForm): { objects: Record<string, ObjectForm>; system?: string[] } {
  const changes = changesOf(base, draft);
  return { objects: Object.fromEntries(changes.objects.map((n) => [n, base.objects[n] ?? { read: 'none' }])), ...(changes.system ? { system: base.system } : {}) };
}

const MASKABLE = new Set(['text', 'email', 'phone', 'url', 'integer', 'decimal', 'percent', 'money', 'date', 'datetime']);

/** What may be said of a field: one line of text, numbers and dates can be masked, neither links nor codes nor numbers of records. */
export function wordsFor(object: ObjectMeta, field: FieldMeta): FieldWord[] {
  if (field.type === 'secret') return ['hidden', 'read', 'write', 'read_secrets'];
  const coded = object.traits?.includes('coded') && field.name === 'code';
  return MASKABLE.has(field.type) && !field.system && !coded ? ['hidden', 'masked', 'reveal', 'read', 'write'] : ['hidden', 'read', 'write'];
}

const TEXT_STYLES: MaskStyle[] = ['auto', 'name', 'phone', 'id', 'email', 'full'];
const STYLES: Record<string, MaskStyle[]> = { text: TEXT_STYLES, phone: ['auto', 'id', 'full'], email: ['auto', 'name', 'full'], url: ['auto'], date: ['auto', 'year'], datetime: ['auto', 'year'] };

/** The styles that the server knows for a field; of some types the one by type hides everything. */
export const stylesFor = (field: FieldMeta): MaskStyle[] => STYLES[field.type] ?? ['auto', 'amount'];

/** How the server would show a value. */
const BY_TYPE: Record<string, string> = { phone: '138****5678', email: 'a***@example.com', text: '张**' };
const BY_STYLE: Record<Exclude<MaskStyle, 'auto'>, string> = { name: '张**', amount: '1******', year: '1985-**-**', email: 'a***@example.com', phone: '138****5678', id: '110***********1234', full: '***' };
export const maskExample = (field: FieldMeta, style: MaskStyle = 'auto'): string => (style === 'auto' ? BY_TYPE[field.type] ?? '***' : field.type === 'phone' && style === 'id' ? '138****5678' : BY_STYLE[style]);
