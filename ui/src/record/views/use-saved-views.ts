// Saved views of an object. What was known at the last visit is kept on this device, so that a list opens without waiting for them.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSignedIn } from '@/lib/me';
import type { ObjectMeta } from '@/lib/types';
import { fetchViews, type SavedViews } from './view-api';

const NONE: SavedViews = { items: [], pins: [] };
export const viewsKey = (object: string) => ['views', object];
const placeOf = (user: string, object: string): string => `gx.views.${user}.${object}`;

function remembered(place: string): SavedViews | undefined {
  try { return JSON.parse(localStorage.getItem(place) ?? 'null') as SavedViews | null ?? undefined; } catch { return undefined; }
}

function remember(place: string, views: SavedViews): SavedViews {
  try {
    if (views.items.length || views.pins.length) localStorage.setItem(place, JSON.stringify(views));
    else localStorage.removeItem(place);
  } catch { /* known for this page only */ }
  return views;
}

export function useSavedViews(object: ObjectMeta) {
  const { user } = useSignedIn();
  const place = placeOf(user.id, object.object);
  const query = useQuery({
    queryKey: viewsKey(object.object), staleTime: 60_000, initialDataUpdatedAt: 0, initialData: () => remembered(place),
    queryFn: async ({ signal }) => remember(place, await fetchViews(object.object, signal)),
  });
  return { saved: query.data ?? NONE, settled: query.isFetched || query.isError };
}

export function useReloadViews(object: ObjectMeta) {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: viewsKey(object.object) });
}
