// Cells of many records written in portions that are one batch: tried before, taken back as one, and wholly if a portion fails.
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { ApiProblem, send, sendRaw } from '@/lib/api';
import { t } from '@/lib/i18n';
import type { FieldError, ObjectMeta, Page, ProblemBody, Rec } from '@/lib/types';
import { ended, undoBatch } from '../bulk/bulk-api';
import { putRecords } from '../data/put-record';
import { sameWire, wireOf } from '../data/save';
import { touch } from '../data/records';
import type { Column } from '../page/columns';

/** What the server takes of one request. */
const PORTION = 100;

export interface Change { record: Rec; values: Record<string, unknown> }
export interface Refusal { id: string; field: string | null; message: string }
export type Told = (done: number, total: number) => void;

/** A portion was refused: which record's, and why; nothing of the others was kept. */
export class CellsRefused extends Error {
  constructor(readonly refusal: Refusal) { super(refusal.message); }
}

export function portionsOf<T>(all: T[], most = PORTION): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
}

const requests = (object: ObjectMeta, changes: Change[]) =>
  changes.map(({ record, values }) => ({ method: 'PATCH', path: `/${object.plural}/${record.id}`, body: values, if_match: `"${record.version}"` }));

const topOf = (path: string): string | null => /^\w+/.exec(path)?.[0] ?? null;

/** What the server says against one record: each field once, or the record as a whole. */
export function refusalsOf(id: string, problem: ProblemBody): Refusal[] {
  const errors = (problem.errors ?? []).filter((e: FieldError) => e.field);
  if (!errors.length) return [{ id, field: null, message: problem.detail ?? problem.title ?? '' }];
  return errors.map((e: FieldError) => ({ id, field: topOf(e.field ?? ''), message: e.message }));
}

/** Which record of a portion was refused, and which of its fields where the server names one. */
export function refusalOf(error: unknown, portion: Change[]): Refusal | null {
  if (!(error instanceof ApiProblem)) return null;
  const first = error.errors[0];
  const place = /^requests\[(\d+)\](?:\.body\.([\w]+))?/.exec(first?.field ?? '');
  const record = place && portion[Number(place[1])]?.record;
  return record ? { id: record.id, field: place[2] ?? null, message: first!.message } : null;
}

interface Tried { items: { status: number; body: ProblemBody }[] }

/** The server looks at every change and writes none: what it says against them. */
export async function tryCells(object: ObjectMeta, changes: Change[], told: Told, signal: AbortSignal): Promise<Refusal[]> {
  const found: Refusal[] = [];
  let done = 0;
  for (const portion of portionsOf(changes)) {
    const { items } = await send<Tried>('POST', '/batch', { body: { dry_run: true, atomic: false, requests: requests(object, portion) }, signal });
    items.forEach((item, i) => { if (item.status >= 400) found.push(...refusalsOf(portion[i]!.record.id, item.body)); });
    told(done += portion.length, changes.length);
  }
  return found;
}

async function takeBack(client: QueryClient, object: ObjectMeta, batch: string) {
  const job = await ended((await send<{ id: string }>('POST', `/batches/${batch}/undo`)).id);
  const result = job.result as { undone: number; skipped_count: number } | null;
  touch(client, object.plural);
  if (job.status !== 'done' || !result) showFailure(job.error?.detail ?? t('bulk.undo_failed'));
  else if (result.skipped_count) showFailure(t('bulk.undone_partly', { n: result.undone, left: result.skipped_count }));
}

interface Written { saved: Rec[]; batch: string | null }

async function writePortion(object: ObjectMeta, portion: Change[], { saved, batch }: Written): Promise<Written> {
  try {
    const answer = await sendRaw('POST', '/batch', { body: { ...(batch ? { batch } : {}), requests: requests(object, portion) } });
    const { items } = await answer.json() as { items: { body: Rec }[] };
    return { saved: [...saved, ...items.map((i) => i.body)], batch: answer.headers.get('Guanxi-Batch') ?? batch };
  } catch (e) {
    const refusal = refusalOf(e, portion);
    throw refusal ? new CellsRefused(refusal) : e;
  }
}

/** False: it was stopped, and what was written until then has been taken back. */
export async function writeCells(client: QueryClient, object: ObjectMeta, changes: Change[], told?: Told, signal?: AbortSignal): Promise<boolean> {
  let written: Written = { saved: [], batch: null };
  try {
    for (const portion of portionsOf(changes)) {
      signal?.throwIfAborted();
      written = await writePortion(object, portion, written);
      told?.(written.saved.length, changes.length);
    }
  } catch (e) {
    if (written.batch) await takeBack(client, object, written.batch);
    if (signal?.aborted) return false;
    throw e;
  }
  const { saved, batch } = written;
  putRecords(client, object, saved);
  touch(client, object.plural);
  showToast(t('cells.written', { n: saved.length }), batch ? { label: t('action.undo'), key: 'Ctrl Z', run: () => void undoBatch(client, object, batch) } : undefined);
  return true;
}

interface Loader { hasNextPage: boolean; fetchNextPage: () => Promise<{ data?: InfiniteData<Page, unknown>; hasNextPage: boolean; isError: boolean }> }

/** Rows of the list until there are `n`, or no more: a table may go beyond what has been looked at. */
export async function loadRows(list: Loader, rows: Rec[], n: number): Promise<Rec[]> {
  let all = rows;
  for (let more = list.hasNextPage; more && all.length < n;) {
    const next = await list.fetchNextPage();
    if (next.isError || !next.data) break;
    all = next.data.pages.flatMap((p) => p.items);
    more = next.hasNextPage;
  }
  return all;
}

/** The topmost values of these columns into the rows below; false where that wants a look at each cell: many rows, or a refused one. */
export async function fillDown(client: QueryClient, object: ObjectMeta, columns: Column[], rows: Rec[]): Promise<boolean> {
  const [first, ...below] = rows;
  const changes = below.flatMap((record): Change[] => {
    const names = columns.map((c) => c.field.name).filter((n) => !sameWire(object, n, first?.[n], record[n]));
    return names.length ? [{ record, values: Object.fromEntries(names.map((n) => [n, wireOf(object, n, first?.[n])])) }] : [];
  });
  if (!changes.length) return true;
  if (changes.length > PORTION) return false;
  try {
    return await writeCells(client, object, changes);
  } catch (e) {
    if (e instanceof CellsRefused) return false;
    showFailure(failureText(e));
    return true;
  }
}
