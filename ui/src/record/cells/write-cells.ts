// Several cells written at once: one batch of changes, tried before, taken back as one.
import type { QueryClient } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { ApiProblem, send, sendRaw } from '@/lib/api';
import { t } from '@/lib/i18n';
import type { ObjectMeta, Rec } from '@/lib/types';
import { undoBatch } from '../bulk/bulk-api';
import { putRecord } from '../data/put-record';
import { sameWire, wireOf } from '../data/save';
import { touch } from '../data/records';
import type { Column } from '../page/columns';

/** What the server takes of one batch. */
export const MAX_ROWS = 100;

export interface Change { record: Rec; values: Record<string, unknown> }
export interface Refusal { index: number; field: string | null; message: string }

const requests = (object: ObjectMeta, changes: Change[]) =>
  changes.map(({ record, values }) => ({ method: 'PATCH', path: `/${object.plural}/${record.id}`, body: values, if_match: `"${record.version}"` }));

/** Which request was refused, and which of its fields where the server names one. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof ApiProblem)) return null;
  const first = error.errors[0];
  const place = /^requests\[(\d+)\](?:\.body\.([\w]+))?/.exec(first?.field ?? '');
  return place ? { index: Number(place[1]), field: place[2] ?? null, message: first!.message } : null;
}

export const tryCells = (object: ObjectMeta, changes: Change[]) => send('POST', '/batch', { body: { dry_run: true, requests: requests(object, changes) } });

export async function writeCells(client: QueryClient, object: ObjectMeta, changes: Change[]) {
  const answer = await sendRaw('POST', '/batch', { body: { requests: requests(object, changes) } });
  const { items } = await answer.json() as { items: { body: Rec }[] };
  const batch = answer.headers.get('Guanxi-Batch');
  for (const item of items) putRecord(client, object, item.body);
  touch(client, object.plural);
  showToast(t('cells.written', { n: items.length }), batch ? { label: t('action.undo'), key: 'Ctrl Z', run: () => void undoBatch(client, object, batch) } : undefined);
}

/** The topmost values of these columns into the rows below. */
export async function fillDown(client: QueryClient, object: ObjectMeta, columns: Column[], rows: Rec[]) {
  const [first, ...below] = rows;
  const changes = below.slice(0, MAX_ROWS).flatMap((record): Change[] => {
    const names = columns.map((c) => c.field.name).filter((n) => !sameWire(object, n, first?.[n], record[n]));
    return names.length ? [{ record, values: Object.fromEntries(names.map((n) => [n, wireOf(object, n, first?.[n])])) }] : [];
  });
  if (!changes.length) return;
  try {
    await writeCells(client, object, changes);
  } catch (e) {
    const refused = refusalOf(e);
    showFailure(refused ? t('cells.refused', { row: refused.index + 2, message: refused.message }) : failureText(e));
  }
}
