// The sidebar from the catalogue: objects a person may read. What people work with stands in the group of its area,
// in a fixed order of areas; reference lists (codes, tags, price lists of others' work) share one group, closed at first.
import { hasMessage, humanise, t } from '@/lib/i18n';
import { hasTrait } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';

export interface MenuGroup { area: string; label: string; objects: ObjectMeta[]; closed?: boolean }


const ORDER = ['customers', 'customer', 'crm', 'sales', 'catalog', 'activity', 'marketing', 'service', 'analytics', 'custom', 'core', 'people', 'org', 'organisation', 'platform', 'admin', 'settings', 'system'];
const rank = (area: string) => { const at = ORDER.indexOf(area); return at < 0 ? ORDER.indexOf('custom') : at; };

export function menuOf(objects: ObjectMeta[]): MenuGroup[] {
  const groups = new Map<string, MenuGroup>();
  for (const object of [...objects].sort((a, b) => rank(a.area ?? 'custom') - rank(b.area ?? 'custom'))) {
    if (hasTrait(object, 'line') || hasTrait(object, 'append_only')) continue; // seen on their records
    const area = isReference(object) ? 'reference' : object.area ?? 'custom';
    const label = areaLabel(area);
    const group = groups.get(label) ?? { area, label, objects: [] };
    group.objects.push(object);
    groups.set(label, group);
  }
  const reference = groups.get(areaLabel('reference'));
  const working = [...groups.values()].filter((g) => g !== reference).map((g) => ({ ...g, objects: g.objects.sort(byWeight) }));
  return reference ? [...working, { ...reference, closed: true }] : working;
}

/** Areas that people see as one thing carry one label and share a group. */
const areaLabel = (area: string): string => (hasMessage(`area.${area}`) ? t(`area.${area}`) : humanise(area));

const WORK = ['owned', 'followed', 'numbered', 'pooled', 'approvable'];
const work = (o: ObjectMeta): number => WORK.filter((trait) => hasTrait(o, trait)).length;
/** Of the business areas only: people and departments are no list of codes. */
const isReference = (o: ObjectMeta): boolean => hasTrait(o, 'coded') || (work(o) === 0 && rank(o.area ?? 'custom') < ORDER.indexOf('custom'));
/** The more work is done on it, the higher it stands. */
const byWeight = (a: ObjectMeta, b: ObjectMeta): number => work(b) - work(a);
