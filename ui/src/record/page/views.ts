// The tabs of a list: views from metadata, else those that every owned object has; then what a person saved and pinned.
import { t } from '@/lib/i18n';
import { label } from '@/lib/i18n';
import { hasTrait } from '@/lib/meta';
import type { ObjectMeta, View } from '@/lib/types';
import type { SavedViews } from '../views/view-api';

const both = (key: string) => ({ 'zh-CN': t(key), en: t(key) });

export function viewsOf(object: ObjectMeta): View[] {
  const declared = (object.views ?? []).filter((v) => !v.kind || v.kind === 'table');
  const all: View = { view: 'all', label: both('view.all'), filter: null };
  const mine: View = { view: 'mine', label: both('view.mine'), filter: 'owner = me()' };
  const known = new Set(declared.map((v) => v.view));
  const standard = hasTrait(object, 'owned') ? [all, mine] : [all];
  return [...standard.filter((v) => !known.has(v.view)), ...declared];
}

/** Where a list opens: what the person chose, else everything one may see, whatever the order of tabs. */
export const homeOf = (views: View[], { pins }: SavedViews): View =>
  views.find((v) => pins.some((p) => p.home && p.view === v.view)) ?? views.find((v) => v.view === 'all') ?? views[0]!;

/** All that can be shown, and of it what stands as a tab: the catalogue's, the pinned, and the one that is open. */
export function tabsOf(object: ObjectMeta, saved: SavedViews, open: string) {
  const catalogue = viewsOf(object);
  const pinned = saved.pins.flatMap((p) => saved.items.filter((v) => v.view === p.view));
  const guest = saved.items.filter((v) => v.view === open && !pinned.includes(v));
  return { all: [...catalogue, ...saved.items], tabs: [...catalogue, ...pinned, ...guest] };
}

export const viewLabel = (view: View): string => label(view.label, view.view);
