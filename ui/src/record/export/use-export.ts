// The export job: what is asked for, its progress, its file.
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import type { ExportResult, ObjectMeta } from '@/lib/types';
import { cancelJob, hasEnded, startJob, useJob } from '../data/job';

/** What the page shows: an export of "these columns" has them in this order. */
export interface Shown { filter?: string; sort?: string; fields?: string }
export interface ExportChoices { format: 'csv' | 'xlsx' | 'jsonl'; values: 'labels' | 'codes'; columns: 'shown' | 'all' }

export function exportBody(shown: Shown, choices: ExportChoices): Record<string, string> {
  const body: Record<string, string> = { format: choices.format, values: choices.values };
  if (shown.filter) body.filter = shown.filter;
  if (shown.sort) body.sort = shown.sort;
  if (choices.columns === 'shown' && shown.fields) body.fields = shown.fields;
  return body;
}

export function useExport(object: ObjectMeta) {
  const [id, setId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const job = useJob<ExportResult>(id);
  const ended = hasEnded(job.data);
  const start = async (body: Record<string, string>) => {
    setStarting(true);
    try { setId(await startJob(`/${object.plural}/export`, body)); } catch (e) { showFailure(failureText(e)); }
    setStarting(false);
  };
  const cancel = () => { if (id) void cancelJob(id).then(() => job.refetch(), (e: unknown) => showFailure(failureText(e))); };
  return { job: id ? job.data : undefined, error: job.error, running: starting || (!!id && !ended && !job.isError), start, cancel, reset: () => setId(null) };
}
