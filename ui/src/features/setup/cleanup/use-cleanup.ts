// One clean-up in hand: looked at, archived, deleted, taken back.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { failureText } from '@/components/state';
import type { Job, ObjectMeta } from '@/lib/types';
import { undoBatch, type BulkResult } from '@/record/bulk/bulk-api';
import { startJob } from '@/record/data/job';
import { touch } from '@/record/data/records';
import { jobProblem } from '../job-progress';
import { cleanupKey, previewCleanup, type Body, type CleanupPreview, type CleanupResult } from './cleanup-api';

export type Step = 'choose' | 'archive' | 'delete' | 'done';

export function useCleanup(object: ObjectMeta) {
  const client = useQueryClient();
  const [step, setStep] = useState<Step>('choose');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [preview, setPreview] = useState<CleanupPreview | null>(null);
  const [job, setJob] = useState('');
  const [archived, setArchived] = useState<CleanupResult | null>(null);
  const [deleted, setDeleted] = useState<Job<BulkResult> | null>(null);
  const [undone, setUndone] = useState(false);
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    try { await act(); } catch (e) { setProblem(failureText(e)); }
    setBusy(false);
  };
  const refresh = () => { touch(client, object.plural); void client.invalidateQueries({ queryKey: cleanupKey }); };
  return {
    step, busy, problem, preview, job, archived, deleted, undone,
    forget: () => { setPreview(null); setProblem(''); },
    look: (body: Body) => attempt(async () => setPreview(await previewCleanup(body))),
    start: (body: Body) => attempt(async () => { setJob(await startJob('/cleanup', body)); setStep('archive'); }),
    archiveEnded: (of: Job<CleanupResult>) => {
      const result = of.status === 'done' ? of.result ?? null : null;
      setArchived(result);
      void client.invalidateQueries({ queryKey: cleanupKey });
      if (!result) setProblem(jobProblem(of));
      setJob(result?.delete_job ?? '');
      setStep(result?.delete_job ? 'delete' : result ? 'done' : 'choose');
    },
    deleteEnded: (of: Job<BulkResult>) => {
      setDeleted(of);
      if (of.status !== 'done') setProblem(jobProblem(of));
      setStep('done');
      refresh();
    },
    undo: () => {
      const batch = deleted?.batch;
      if (batch) void attempt(async () => { await undoBatch(client, object, batch); setUndone(true); refresh(); });
    },
  };
}

export type CleanupState = ReturnType<typeof useCleanup>;
