// The tabs of a list: views from metadata, else those that every owned object has.
import { t } from '@/lib/i18n';
import { label } from '@/lib/i18n';
import { hasTrait } from '@/lib/meta';
import type { ObjectMeta, View } from '@/lib/types';

const both = (key: string) => ({ 'zh-CN': t(key), en: t(key) });

export function viewsOf(object: ObjectMeta): View[] {
  const declared = (object.views ?? []).filter((v) => !v.kind || v.kind === 'table');
  const all: View = { view: 'all', label: both('view.all'), filter: null };
  const mine: View = { view: 'mine', label: both('view.mine'), filter: 'owner = me()' };
  const known = new Set(declared.map((v) => v.view));
  const standard = hasTrait(object, 'owned') ? [all, mine] : [all];
  return [...standard.filter((v) => !known.has(v.view)), ...declared];
}

export const viewLabel = (view: View): string => label(view.label, view.view);
