// Areas of business: their order in menus and settings, and what they are called. Areas that people see as one thing carry one label.
import { hasMessage, humanise, t } from './i18n';

export const AREAS = ['customers', 'customer', 'crm', 'sales', 'catalog', 'activity', 'marketing', 'service', 'analytics', 'custom', 'core', 'people', 'org', 'organisation', 'platform', 'admin', 'settings', 'system'];

export const areaRank = (area: string): number => { const at = AREAS.indexOf(area); return at < 0 ? AREAS.indexOf('custom') : at; };
export const areaLabel = (area: string): string => (hasMessage(`area.${area}`) ? t(`area.${area}`) : humanise(area));

export interface Grouped<T> { label: string; items: T[] }

/** Things of an area stand together under its label, areas in their order. */
export function groupByArea<T extends { area?: string }>(items: T[]): Grouped<T>[] {
  const groups = new Map<string, Grouped<T>>();
  const ranked = items.map((item, i) => ({ item, i })).sort((a, b) => areaRank(a.item.area ?? 'custom') - areaRank(b.item.area ?? 'custom') || a.i - b.i);
  for (const { item } of ranked) {
    const label = areaLabel(item.area ?? 'custom');
    const group = groups.get(label) ?? { label, items: [] };
    group.items.push(item);
    groups.set(label, group);
  }
  return [...groups.values()];
}
