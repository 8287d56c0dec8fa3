// Jobs of one person, or of everybody; read again while something is under way.
import { useInfiniteQuery } from '@tanstack/react-query';
import { get, send } from '@/lib/api';
import type { Job, LinkValue } from '@/lib/types';

export type JobRow = Job & { run_as?: LinkValue; attempts: number; created_at: string; finished_at?: string | null };
interface JobsPage { items: JobRow[]; next: string | null }

const SOON = 1000;
const LATER = 15_000;

export function useJobs(all: boolean, status: string) {
  const query = useInfiniteQuery({
    queryKey: ['jobs', all, status],
    queryFn: ({ pageParam, signal }) => get<JobsPage>('/jobs', { all: all || null, status, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: (q) => (q.state.data?.pages[0]?.items.some((j) => j.status === 'running' || j.status === 'queued') ? SOON : LATER),
    staleTime: 0,
  });
  return { query, jobs: query.data?.pages.flatMap((p) => p.items) ?? [] };
}

export const decide = (id: string, what: 'cancel' | 'retry' | 'discard') =>
  (what === 'cancel' ? send<null>('DELETE', `/jobs/${id}`) : send<null>('POST', `/jobs/${id}/${what}`));
