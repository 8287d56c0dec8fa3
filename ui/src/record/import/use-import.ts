// The import job: start, follow, undo.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { get, send, sendRaw } from '@/lib/api';
import { t } from '@/lib/i18n';
import type { Job, ObjectMeta } from '@/lib/types';
import { touch } from '../data/records';

const ended = (job: Job | undefined): boolean => !!job && ['done', 'failed', 'cancelled'].includes(job.status);

async function startJob(path: string, body?: FormData): Promise<string> {
  const answer = await sendRaw('POST', path, { body });
  const location = answer.headers.get('Location') ?? '';
  const id = location.split('/').pop() ?? '';
  if (id) return id;
  return (await answer.json() as Job).id;
}

export function useJob(id: string | null) {
  return useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => get<Job>(`/jobs/${id}`, {}, signal),
    enabled: !!id,
    refetchInterval: (q) => (ended(q.state.data) ? false : 600),
    staleTime: 0,
  });
}

export function useImport(object: ObjectMeta) {
  const client = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const [undoId, setUndoId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const job = useJob(jobId);
  const undo = useJob(undoId);
  const settled = ended(job.data);
  const undone = ended(undo.data);
  useEffect(() => { if (settled || undone) touch(client, object.plural); }, [settled, undone, client, object.plural]);
  useEffect(() => { if (undone && undo.data?.status === 'done') showToast(t('import.undone')); }, [undone, undo.data?.status]);
  const run = async (act: () => Promise<string>, keep: (id: string) => void) => {
    setStarting(true);
    try { keep(await act()); } catch (e) { showFailure(failureText(e)); }
    setStarting(false);
  };
  const start = (file: File, options: unknown) => {
    const form = new FormData();
    form.append('options', JSON.stringify(options));
    form.append('file', file, file.name);
    setUndoId(null);
    return run(() => startJob(`/${object.plural}/import`, form), setJobId);
  };
  const undoBatch = (batch: string) => run(() => startJob(`/batches/${batch}/undo`), setUndoId);
  const cancel = () => { if (jobId) void send('DELETE', `/jobs/${jobId}`).then(() => job.refetch(), (e: unknown) => showFailure(failureText(e))); };
  const reset = () => { setJobId(null); setUndoId(null); };
  return { job: jobId ? job.data : undefined, error: job.error, running: starting || (!!jobId && !settled && !job.isError), settled, undo: undo.data, undoing: !!undoId && !undone, undone, start, undoBatch, cancel, reset };
}

export type ImportState = ReturnType<typeof useImport>;
