// Where a number leads: the list that it counts.
import { useCatalogue } from '@/lib/meta';
import type { Card } from './api';

export const listUrl = (plural: string, filter: string, sort = ''): string =>
  `/${plural}?view=all&filter=${encodeURIComponent(filter)}${sort ? `&sort=${encodeURIComponent(sort)}` : ''}`;

export function useListUrl() {
  const { byName } = useCatalogue();
  return (card: Card | undefined, more = ''): string => {
    const object = card && byName.get(card.object);
    return object && card ? listUrl(object.plural, more ? `${card.filter} and ${more}` : card.filter, card.sort) : '/';
  };
}
