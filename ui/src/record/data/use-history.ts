import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '@/lib/api';
import type { HistoryItem, ObjectMeta } from '@/lib/types';

interface HistoryPage { items: HistoryItem[]; next: string | null }

export function useHistory(object: ObjectMeta, id: string) {
  const query = useInfiniteQuery({
    queryKey: ['history', object.plural, id],
    queryFn: ({ pageParam, signal }) => get<HistoryPage>(`/${object.plural}/${id}/history`, { after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  return { query, items: query.data?.pages.flatMap((p) => p.items) ?? [] };
}
