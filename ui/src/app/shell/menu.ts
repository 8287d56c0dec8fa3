// The sidebar from the catalogue: objects a person may read, grouped by area in a fixed order; settings-like areas last.
import { hasMessage, humanise, t } from '@/lib/i18n';
import { hasTrait } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';

export interface MenuGroup { area: string; label: string; objects: ObjectMeta[] }

const ORDER = ['customers', 'customer', 'crm', 'sales', 'catalog', 'activity', 'marketing', 'service', 'analytics', 'custom', 'core', 'people', 'org', 'organisation', 'platform', 'admin', 'settings', 'system'];
const rank = (area: string) => { const at = ORDER.indexOf(area); return at < 0 ? ORDER.indexOf('custom') : at; };

export function menuOf(objects: ObjectMeta[]): MenuGroup[] {
  const groups = new Map<string, MenuGroup>();
  for (const object of [...objects].sort((a, b) => rank(a.area ?? 'custom') - rank(b.area ?? 'custom'))) {
    if (hasTrait(object, 'line') || hasTrait(object, 'append_only')) continue; // seen on their records
    const area = object.area ?? 'custom';
    const label = areaLabel(area);
    const group = groups.get(label) ?? { area, label, objects: [] };
    group.objects.push(object);
    groups.set(label, group);
  }
  return [...groups.values()].map((g) => ({ ...g, objects: g.objects.sort(byWeight) }));
}

/** Areas that people see as one thing carry one label and share a group. */
const areaLabel = (area: string): string => (hasMessage(`area.${area}`) ? t(`area.${area}`) : humanise(area));

/** What people work with daily before reference lists: followed, owned, others, coded. */
const weight = (o: ObjectMeta): number => (hasTrait(o, 'coded') ? 3 : hasTrait(o, 'followed') ? 0 : hasTrait(o, 'owned') ? 1 : 2);
const byWeight = (a: ObjectMeta, b: ObjectMeta): number => weight(a) - weight(b);
