// The sidebar from the catalogue: objects a person may read. What people work with stands in the group of its area,
// in a fixed order of areas; reference lists (codes, tags, price lists of others' work) share one group, closed at first.
import { areaLabel, AREAS, areaRank as rank } from '@/lib/areas';
import { hasTrait } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';

export interface MenuGroup { area: string; label: string; objects: ObjectMeta[]; closed?: boolean }

export function menuOf(objects: ObjectMeta[]): MenuGroup[] {
  const groups = new Map<string, MenuGroup>();
  for (const object of [...objects].sort((a, b) => rank(a.area ?? 'custom') - rank(b.area ?? 'custom'))) {
    if (hasTrait(object, 'line') || hasTrait(object, 'append_only') || belongsToAnything(object)) continue; // seen on their records
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

/** Comments and the like. */
const belongsToAnything = (o: ObjectMeta): boolean => o.fields.some((f) => f.type === 'any_link' && f.visible_with && [f.to ?? '*'].flat().includes('*'));
const WORK = ['owned', 'followed', 'numbered', 'pooled', 'approvable'];
const work = (o: ObjectMeta): number => WORK.filter((trait) => hasTrait(o, trait)).length;
/** Of the business areas only: people and departments are no list of codes. */
const isReference = (o: ObjectMeta): boolean => hasTrait(o, 'coded') || (work(o) === 0 && rank(o.area ?? 'custom') < AREAS.indexOf('custom'));
/** The more work is done on it, the higher it stands. */
const byWeight = (a: ObjectMeta, b: ObjectMeta): number => work(b) - work(a);
