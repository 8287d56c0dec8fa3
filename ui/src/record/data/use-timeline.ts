import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '@/lib/api';
import type { ObjectMeta, TimelineItem } from '@/lib/types';

interface TimelinePage { items: TimelineItem[]; kinds: string[]; pinned?: TimelineItem[]; next: string | null }

export function useTimeline(object: ObjectMeta, id: string, kind: string) {
  const query = useInfiniteQuery({
    queryKey: ['timeline', object.plural, id, kind],
    queryFn: ({ pageParam, signal }) => get<TimelinePage>(`/${object.plural}/${id}/timeline`, { after: pageParam, kind }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  return { query, pinned: query.data?.pages[0]?.pinned ?? [], kinds: query.data?.pages[0]?.kinds ?? [], items: query.data?.pages.flatMap((p) => p.items) ?? [] };
}
