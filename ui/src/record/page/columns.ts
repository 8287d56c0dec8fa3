// Which fields a list shows: the view's, else the layout's, else name, class, state, numbers, people, the rest.
import { showsPeople } from '@/components/icons';
import { isRight, kitOf } from '@/fields/fields';
import { fieldOf, layoutOf, ownFields, titleField } from '@/lib/meta';
import type { ColumnSpec, FieldMeta, ObjectMeta, View } from '@/lib/types';

/** `left`: where a frozen column stays while the others scroll; only those before the first that is not frozen. */
export interface Column { field: FieldMeta; width: number; right: boolean; grows: boolean; frozen: boolean; left?: number }

const DEFAULT_COUNT = 9;
const NAME_WIDTH = 264;
const PERSON_WIDTH = 168;
/** Words take the room that is left; numbers, dates and choices keep their width. */
const GROWING = new Set(['text', 'link', 'email', 'links']);
const ORDER: Record<string, number> = { auto_number: 6, choice: 1, link: 2, date: 3, datetime: 3, money: 4, percent: 4, integer: 4, decimal: 4, boolean: 5, text: 5, email: 5, phone: 5 };

function guess(object: ObjectMeta): string[] {
  const title = titleField(object);
  const offered = ownFields(object).filter((f) => f.name !== title && !kitOf(f).tall && f.type !== 'links');
  const rank = (f: FieldMeta) => (f.name === 'owner' ? 4.5 : f.required ? 0.5 : ORDER[f.type] ?? 5);
  return [title, ...offered.map((f, i) => ({ f, i })).sort((a, b) => rank(a.f) - rank(b.f) || a.i - b.i).map((x) => x.f.name)].slice(0, DEFAULT_COUNT);
}

const specs = (list: (ColumnSpec | string)[]): ColumnSpec[] => list.map((c) => (typeof c === 'string' ? { field: c } : c));

/** Names of firms and things are long, of people and list entries short. */
function widthOf(field: FieldMeta): number {
  if (field.type !== 'link' || !field.target) return kitOf(field).width;
  return field.target.coded || showsPeople(field.target.icon) ? 116 : 184;
}

export function columnsOf(object: ObjectMeta, view?: View): Column[] {
  const layout = layoutOf(object, 'list');
  const listed = layout?.columns ?? layout?.fields ?? layout?.sections?.flatMap((s) => s.fields);
  const chosen = specs(view?.columns?.length ? view.columns : listed?.length ? listed : guess(object));
  const title = titleField(object);
  const nameWidth = showsPeople(object.icon ?? object.object) ? PERSON_WIDTH : NAME_WIDTH;
  const ordered = [{ field: title, ...chosen.find((c) => c.field === title) }, ...chosen.filter((c) => c.field !== title)];
  return placed(ordered.flatMap((c) => {
    const field = fieldOf(object, c.field);
    if (!field) return [];
    return [{ field, width: c.width ?? (c.field === title ? nameWidth : widthOf(field)), right: isRight(field), grows: c.width === undefined && !c.frozen && GROWING.has(field.type), frozen: c.field === title || !!c.frozen }];
  }));
}

export const CHECK_WIDTH = 44;

/** Frozen columns stand first; a frozen name no longer grows where another stays beside it. */
function placed(columns: Column[]): Column[] {
  const [name, ...rest] = columns;
  if (!name) return columns;
  const frozen = rest.filter((c) => c.frozen);
  let left = CHECK_WIDTH;
  return [{ ...name, grows: frozen.length ? false : name.grows }, ...frozen, ...rest.filter((c) => !c.frozen)].map((c) => {
    if (!c.frozen) return c;
    const at = left;
    left += c.width;
    return { ...c, left: at };
  });
}

/** What the list asks for: its columns, and the numbers that its rows need. */
export const fieldsParam = (columns: Column[]): string => columns.map((c) => c.field.name).join(',');
export const isSortable = (field: FieldMeta): boolean => field.sortable ?? !['links', 'long_text', 'formula', 'rollup'].includes(field.type);
