// Bulk actions: a dry run answers at once, the rest is a job whose batch can be undone.
import type { QueryClient } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { get, send } from '@/lib/api';
import { t } from '@/lib/i18n';
import { mayCreate, mayUpdate } from '@/lib/meta';
import type { Count, HistoryChange, Job, ObjectMeta, ProblemBody, VerbMeta } from '@/lib/types';
import { touch } from '../data/records';

/** Rights that only bulk work asks for. */
const has = (object: ObjectMeta, right: 'bulk' | 'transfer'): boolean => {
  const granted = (object.rights as Record<string, unknown> | undefined)?.[right];
  return !!granted && granted !== 'none';
};
export const mayBulk = (object: ObjectMeta): boolean => has(object, 'bulk');
export const mayTransfer = (object: ObjectMeta): boolean => has(object, 'transfer');

const MAY: Record<string, (object: ObjectMeta) => boolean> = { update: mayUpdate, create: mayCreate, transfer: mayTransfer };

/** Verbs that can be done to many: the right they need is asked of each record again. */
export const bulkVerbs = (object: ObjectMeta): VerbMeta[] =>
  mayBulk(object) ? (object.verbs ?? []).filter((v) => !v.single && (MAY[v.needs ?? 'update']?.(object) ?? true)) : [];

export type Which = { ids: string[] } | { filter: string };
export type What = { set: Record<string, unknown> } | { delete: true } | { action: 'transfer'; to: string } | { action: string; params: Record<string, unknown> };
export interface Sample { id: string; title: string | null; outcome: 'change' | 'unchanged' | 'failed'; changes?: HistoryChange[]; error?: ProblemBody }
export interface Preview { count: Count; checked: number; change: number; unchanged: number; failed: number; samples: Sample[] }
export interface BulkResult { total: number; changed: number; unchanged: number; failed: number; errors: { id: string; error: ProblemBody }[] }
interface UndoResult { undone: number; skipped_count: number }

export const previewBulk = (object: ObjectMeta, which: Which, what: What) =>
  send<Preview>('POST', `/${object.plural}/bulk`, { body: { ...which, ...what, dry_run: true } });

export const startBulk = (object: ObjectMeta, which: Which, what: What) => send<Job>('POST', `/${object.plural}/bulk`, { body: { ...which, ...what } });

const POLL = 500;
const isOver = (job: Job): boolean => job.status !== 'queued' && job.status !== 'running';

/** Follows a job to its end, also when nothing that shows it is on screen any more. */
export async function ended(id: string): Promise<Job> {
  for (;;) {
    const job = await get<Job>(`/jobs/${id}`);
    if (isOver(job)) return job;
    await new Promise((done) => setTimeout(done, POLL));
  }
}

/** Takes a batch back and tells what has changed since and stays as it is. */
export async function undoBatch(client: QueryClient, object: ObjectMeta | null, batch: string) {
  try {
    const job = await ended((await send<Job>('POST', `/batches/${batch}/undo`)).id);
    const result = job.result as unknown as UndoResult | null;
    if (job.status !== 'done' || !result) showFailure(job.error?.detail ?? t('bulk.undo_failed'));
    else if (result.skipped_count) showFailure(t('bulk.undone_partly', { n: result.undone, left: result.skipped_count }));
    else showToast(t('bulk.undone', { n: result.undone }));
  } catch (e) {
    showFailure(failureText(e));
  }
  if (object) touch(client, object.plural); else void client.invalidateQueries();
}
