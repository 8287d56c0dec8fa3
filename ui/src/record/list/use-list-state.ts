// Everything a list shows is in the URL: view, filter, sort. Back and a pasted link bring the same list.
import { useSearchParams } from 'react-router';
import { titleField } from '@/lib/meta';
import type { ObjectMeta, View } from '@/lib/types';
import { joinAnd } from '../filter/expression';
import { homeOf, tabsOf } from '../page/views';
import { useSavedViews } from '../views/use-saved-views';
import { isSaved } from '../views/view-api';

/** Boards are a page of their own; these are ways to look at the same page. */
export const KINDS = ['table', 'split', 'calendar', 'chart', 'gallery', 'timeline', 'pivot', 'map'] as const;
export type ListKind = (typeof KINDS)[number];
const kindOf = (text: string | null | undefined): ListKind | undefined => KINDS.find((k) => k === text);

/** What a kind shows besides its groups: kept in the address, and in a view's own kind by the view. */
const LOOKS: Partial<Record<ListKind, string[]>> = { calendar: ['span'], chart: ['measure', 'draw'], timeline: ['zoom'], pivot: ['measure'], map: ['box'] };
const NO_LOOK: Record<string, null> = Object.fromEntries(Object.values(LOOKS).flat().map((name) => [name, null]));
/** These ask for what they show by themselves: the list is asked only whether there is something. */
const asksItself = (kind: ListKind): boolean => kind in LOOKS || kind === 'gallery';
/** These have no order. */
const UNORDERED: ListKind[] = ['calendar', 'chart', 'pivot', 'map'];

export interface SortKey { field: string; down: boolean }

export const parseSort = (text: string): SortKey[] =>
  text.split(',').map((s) => s.trim()).filter(Boolean).map((s) => (s.startsWith('-') ? { field: s.slice(1), down: true } : { field: s, down: false }));
export const sortText = (keys: SortKey[]): string => keys.map((k) => (k.down ? '-' : '') + k.field).join(',');

/** Levels of groups. */
export const MAX_GROUPING = 3;

/** The server takes so many. */
export const MAX_SORT = 4;

/** A click on a head: ascending, descending, none. Shift keeps the other keys. */
export function nextSort(keys: SortKey[], field: string, keep: boolean): SortKey[] {
  const current = keys.find((k) => k.field === field);
  const others = keep ? keys.filter((k) => k.field !== field) : [];
  if (!current) return [...others, { field, down: false }].slice(-MAX_SORT);
  return current.down ? others : [...others, { field, down: true }];
}

/** "-" says: nothing, although the view has something. */
function lookOf(params: URLSearchParams, kind: ListKind, own: string) {
  const kept = new URLSearchParams(own);
  const look = (name: string): string => (params.get(name) ?? kept.get(name) ?? '').replace(/^-$/, '');
  return { look, kept, shown: LOOKS[kind] ?? [] };
}

/** A line of time begins with what begins first, unless somebody asks for another order. */
const sortOf = (params: URLSearchParams, view: View, kind: ListKind, ownKind: ListKind): string =>
  params.get('sort') ?? (kind === 'timeline' && ownKind !== kind ? '' : (view.sort ?? []).join(','));

/** What the list is asked: of what asks by itself one row, for the count and for the states of nothing. */
export const askOf = ({ effective, q, sort, asksItself: own }: ReturnType<typeof useListState>, fields: string) =>
  (own ? { filter: effective, q, fields: 'id', limit: 1 } : { filter: effective, q, sort, fields });

export function useListState(object: ObjectMeta) {
  const [params, setParams] = useSearchParams();
  const { saved, settled } = useSavedViews(object);
  const asked = params.get('view') ?? '';
  const { all, tabs: views } = tabsOf(object, saved, asked);
  const home = homeOf(all, saved);
  const view: View = all.find((v) => v.view === asked) ?? home;
  const filter = params.get('filter') ?? '';
  const find = params.get('find') ?? '';
  const ownKind = kindOf(view.kind) ?? 'table';
  const kind = kindOf(params.get('as')) ?? ownKind;
  const sort = sortOf(params, view, kind, ownKind);
  const { look, kept, shown } = lookOf(params, kind, kind === ownKind ? view.look ?? '' : '');
  /** "-" says: no grouping, although the view has one. */
  const grouped = params.get('group') ?? view.group ?? '';
  const groups = grouped === '-' ? [] : [...new Set(grouped.split(','))].filter((name) => object.fields.some((f) => f.name === name)).slice(0, MAX_GROUPING);
  const group = groups.join(',');
  const searched = object.fields.some((f) => f.search);
  const title = find ? `${titleField(object)} ~ ${JSON.stringify(find)}` : '';
  const own = joinAnd([filter, title]);
  const change = (values: Record<string, string | null>, replace = true) => setParams((old) => {
    const next = new URLSearchParams(old);
    for (const [k, v] of Object.entries(values)) if (v) next.set(k, v); else next.delete(k);
    return next;
  }, { replace });
  return {
    views, view, home, saved, filter, find, own, sort, kind, group, groups, look,
    setLook: (name: string, value: string) => change({ [name]: value === (kept.get(name) ?? '') ? null : value || '-' }),
    looks: shown.filter((name) => look(name)).map((name) => `${name}=${encodeURIComponent(look(name))}`).join('&'),
    /** Something else is looked at than what the view holds. */
    looked: shown.some((name) => params.has(name)),
    ordered: !UNORDERED.includes(kind),
    asksItself: asksItself(kind),
    /** A saved view that is not known here yet: the list waits for it. */
    waiting: isSaved(asked) && view.view !== asked && !settled,
    /** What the server is asked: the view's own filter and the person's; words go to the search, or to the title of what is not searched. */
    effective: joinAnd([view.filter, filter, searched ? '' : title]),
    q: searched ? find : '',
    searched,
    /** The same as one expression, for boards. */
    expression: joinAnd([view.filter, own]),
    creating: params.get('new') === '1',
    setFilter: (text: string) => change({ filter: text || null }, false),
    setFind: (text: string) => change({ find: text || null }),
    clear: () => change({ filter: null, find: null }, false),
    setSort: (text: string) => change({ sort: text || null }),
    setGroup: (name: string) => change({ group: name === (view.group ?? '') ? null : name || '-' }, false),
    rec: params.get('rec') ?? '',
    setRec: (id: string) => change({ rec: id || null }),
    setKind: (next: ListKind) => change({ ...NO_LOOK, as: next === ownKind ? null : next, rec: null }, false),
    setView: (name: string) => change({ ...NO_LOOK, view: name === home.view ? null : name, sort: null, group: null, as: null }, false),
    /** The view holds now what was asked for besides it. */
    settle: (name: string) => change({ ...NO_LOOK, view: name === home.view ? null : name, sort: null, filter: null, find: null, group: null, as: null }, false),
    setCreating: (on: boolean) => change({ new: on ? '1' : null }),
  };
}
