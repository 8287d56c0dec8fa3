// The export job: what is asked for, its progress, its file.
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import type { ExportResult, ObjectMeta } from '@/lib/types';
import { cancelJob, hasEnded, startJob, useJob } from '../data/job';

/** What the page shows: an export of "these columns" has them in this order. */
export interface Shown { filter?: string; sort?: string; fields?: string }
export type ExportFormat = 'csv' | 'xlsx' | 'jsonl' | 'sav' | 'vcard' | 'vcard3' | 'ics';
export interface ExportChoices { format: ExportFormat; values: 'labels' | 'codes'; columns: 'shown' | 'all'; watermark: boolean }

const TABLES: ExportFormat[] = ['xlsx', 'csv', 'jsonl', 'sav'];
const TIMES = ['starts_at', 'start_at', 'planned_at', 'started_at', 'due_at'];
/** Cards and calendars have fields of their own; tables have columns. */
export const isTable = (format: ExportFormat) => TABLES.includes(format);
/** Only a row of a table has room for a mark. */
export const takesMark = (format: ExportFormat) => format === 'xlsx' || format === 'csv' || format === 'jsonl';

/** What the records of an object can become: cards want a telephone or an address of mail, calendars a time. */
export function formatsOf(object: ObjectMeta): ExportFormat[] {
  const title = object.fields.find((f) => f.name === object.title);
  const reachable = title?.type === 'text' && object.fields.some((f) => f.type === 'email' || f.type === 'phone');
  const timed = object.fields.some((f) => TIMES.includes(f.name) && (f.type === 'datetime' || f.type === 'date'));
  return [...TABLES, ...(reachable ? ['vcard', 'vcard3'] as const : []), ...(timed ? ['ics'] as const : [])];
}

export function exportBody(shown: Shown, choices: ExportChoices): Record<string, string | boolean> {
  const body: Record<string, string | boolean> = { format: choices.format, values: choices.values };
  if (shown.filter) body.filter = shown.filter;
  if (shown.sort) body.sort = shown.sort;
  if (isTable(choices.format) && choices.columns === 'shown' && shown.fields) body.fields = shown.fields;
  if (choices.watermark && takesMark(choices.format)) body.watermark = true;
  return body;
}

export function useExport(object: ObjectMeta) {
  const [id, setId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const job = useJob<ExportResult>(id);
  const ended = hasEnded(job.data);
  const start = async (body: Record<string, string | boolean>) => {
    setStarting(true);
    try { setId(await startJob(`/${object.plural}/export`, body)); } catch (e) { showFailure(failureText(e)); }
    setStarting(false);
  };
  const cancel = () => { if (id) void cancelJob(id).then(() => job.refetch(), (e: unknown) => showFailure(failureText(e))); };
  return { job: id ? job.data : undefined, error: job.error, running: starting || (!!id && !ended && !job.isError), start, cancel, reset: () => setId(null) };
}
