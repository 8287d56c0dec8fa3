// The export job: what is asked for, its progress, its file.
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import type { ExportResult, ObjectMeta } from '@/lib/types';
import { isDated, groupSpec, isSummed } from '../groups/group-values';
import { cancelJob, hasEnded, startJob, useJob } from '../data/job';

/** What the page shows: an export of "these columns" has them in this order. */
export interface Shown { filter?: string; q?: string; asOf?: string; sort?: string; fields?: string; group?: string }
export type ExportFormat = 'csv' | 'xlsx' | 'jsonl' | 'sav' | 'zsav' | 'vcard' | 'vcard3' | 'ics';
export interface ExportChoices { format: ExportFormat; values: 'labels' | 'codes'; columns: 'shown' | 'all'; watermark: boolean; groups?: boolean }
/** Groups as the server wants them: the list's field, its months newest first, what the list adds up. */
export interface Groups { group: unknown[]; group_sort?: string[]; sums: string[] }

const TABLES: ExportFormat[] = ['xlsx', 'csv', 'jsonl', 'sav', 'zsav'];
const TIMES = ['starts_at', 'start_at', 'planned_at', 'started_at', 'due_at'];
/** Cards and calendars have fields of their own; tables have columns. */
export const isTable = (format: ExportFormat) => TABLES.includes(format);
/** Only a row of a table has room for a mark. */
export const takesMark = (format: ExportFormat) => format === 'xlsx' || format === 'csv' || format === 'jsonl';

/** Heads and sums stand between rows: where people read them. */
export const takesGroups = (choices: ExportChoices) => (choices.format === 'xlsx' || choices.format === 'csv') && choices.values === 'labels';

/** At most as many sums as the grouped list has. */
export function groupsOf(object: ObjectMeta, shown: Shown): Groups | undefined {
  const field = shown.group ? object.fields.find((f) => f.name === shown.group) : undefined;
  if (!field) return undefined;
  const columns = (shown.fields ?? '').split(',');
  const sums = columns.flatMap((name) => object.fields.find((f) => f.name === name && isSummed(f))?.name ?? []).slice(0, 4);
  return { group: [groupSpec(field)], ...(isDated(field) ? { group_sort: [`-${field.name}`] } : {}), sums };
}

/** What the records of an object can become: cards want a telephone or an address of mail, calendars a time. */
export function formatsOf(object: ObjectMeta): ExportFormat[] {
  const title = object.fields.find((f) => f.name === object.title);
  const reachable = title?.type === 'text' && object.fields.some((f) => f.type === 'email' || f.type === 'phone');
  const timed = object.fields.some((f) => TIMES.includes(f.name) && (f.type === 'datetime' || f.type === 'date'));
  return [...TABLES, ...(reachable ? ['vcard', 'vcard3'] as const : []), ...(timed ? ['ics'] as const : [])];
}

export type ExportBody = Record<string, string | boolean> & Partial<Groups>;

export function exportBody(shown: Shown, choices: ExportChoices, groups?: Groups): ExportBody {
  const body: Record<string, string | boolean> = { format: choices.format, values: choices.values };
  if (shown.filter) body.filter = shown.filter;
  if (shown.q) body.q = shown.q;
  if (shown.asOf) body.as_of = shown.asOf;
  if (shown.sort) body.sort = shown.sort;
  if (isTable(choices.format) && choices.columns === 'shown' && shown.fields) body.fields = shown.fields;
  if (choices.watermark && takesMark(choices.format)) body.watermark = true;
  return groups && choices.groups && takesGroups(choices) ? { ...body, ...groups } as ExportBody : body as ExportBody;
}

export function useExport(object: ObjectMeta) {
  const [id, setId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const job = useJob<ExportResult>(id);
  const ended = hasEnded(job.data);
  const start = async (body: ExportBody) => {
    setStarting(true);
    try { setId(await startJob(`/${object.plural}/export`, body)); } catch (e) { showFailure(failureText(e)); }
    setStarting(false);
  };
  const cancel = () => { if (id) void cancelJob(id).then(() => job.refetch(), (e: unknown) => showFailure(failureText(e))); };
  return { job: id ? job.data : undefined, error: job.error, running: starting || (!!id && !ended && !job.isError), start, cancel, reset: () => setId(null) };
}
