// Long work: start it, follow it to its end, stop it.
import { useQuery } from '@tanstack/react-query';
import { get, send, sendRaw } from '@/lib/api';
import type { Job } from '@/lib/types';

export const hasEnded = (job: Job<unknown> | undefined): boolean => !!job && ['done', 'failed', 'cancelled'].includes(job.status);

/** Id of the job that the request became. */
export async function startJob(path: string, body?: unknown): Promise<string> {
  const answer = await sendRaw('POST', path, { body });
  const location = answer.headers.get('Location') ?? '';
  const id = location.split('/').pop() ?? '';
  if (id) return id;
  return (await answer.json() as Job).id;
}

export const cancelJob = (id: string) => send('DELETE', `/jobs/${id}`);

export function useJob<Result>(id: string | null) {
  return useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => get<Job<Result>>(`/jobs/${id}`, {}, signal),
    enabled: !!id,
    refetchInterval: (q) => (hasEnded(q.state.data) ? false : 600),
    staleTime: 0,
  });
}
