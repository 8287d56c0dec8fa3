// One bulk action: preview, start, follow, offer undo.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import { touch } from '../data/records';
import { useJob } from '../data/job';
import { previewBulk, startBulk, undoBatch, type BulkResult, type Preview, type What, type Which } from './bulk-api';

export function useBulk(object: ObjectMeta, which: Which) {
  const client = useQueryClient();
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  const told = useRef<string | null>(null);
  const { data: job } = useJob<unknown>(jobId);
  const over = !!job && job.status !== 'queued' && job.status !== 'running';
  const result = over ? job.result as unknown as BulkResult | null : null;
  const batch = job?.batch ?? null;
  useEffect(() => {
    if (!over || !jobId || told.current === jobId) return;
    told.current = jobId;
    touch(client, object.plural);
    const undo = batch ? { label: t('action.undo'), key: 'Ctrl Z', run: () => void undoBatch(client, object, batch) } : undefined;
    if (job.status === 'failed') showFailure(job.error?.detail ?? t('bulk.failed'));
    else showToast(t('bulk.done', { n: result?.changed ?? job.progress?.done ?? 0 }), undo);
  }, [over, jobId, job, result, batch, client, object]);
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    try { await act(); } catch (e) { setProblem(failureText(e)); }
    setBusy(false);
  };
  return {
    preview, problem, busy, job: jobId ? job : undefined, running: !!jobId && !over, over, result, batch,
    look: (what: What) => attempt(async () => setPreview(await previewBulk(object, which, what))),
    forget: () => { setPreview(null); setProblem(''); },
    start: (what: What) => attempt(async () => setJobId((await startBulk(object, which, what)).id)),
    cancel: () => { if (jobId) send('DELETE', `/jobs/${jobId}`).catch((e: unknown) => showFailure(failureText(e))); },
    undo: () => { if (batch) void undoBatch(client, object, batch); },
  };
}

export type BulkState = ReturnType<typeof useBulk>;
