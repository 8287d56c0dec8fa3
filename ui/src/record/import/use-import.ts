// The import job: start, follow, undo.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { t } from '@/lib/i18n';
import type { ImportResult, ObjectMeta } from '@/lib/types';
import { cancelJob, hasEnded as ended, startJob, useJob } from '../data/job';
import { touch } from '../data/records';

export function useImport(object: ObjectMeta) {
  const client = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const [undoId, setUndoId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const job = useJob<ImportResult>(jobId);
  const undo = useJob<ImportResult>(undoId);
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
  const cancel = () => { if (jobId) void cancelJob(jobId).then(() => job.refetch(), (e: unknown) => showFailure(failureText(e))); };
  const reset = () => { setJobId(null); setUndoId(null); };
  return { job: jobId ? job.data : undefined, error: job.error, running: starting || (!!jobId && !settled && !job.isError), settled, undo: undo.data, undoing: !!undoId && !undone, undone, start, undoBatch, cancel, reset };
}

export type ImportState = ReturnType<typeof useImport>;
