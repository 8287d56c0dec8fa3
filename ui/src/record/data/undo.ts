// The toast after a save, with the way back: old values for an update, deletion for a creation.
import type { QueryClient } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { t } from '@/lib/i18n';
import type { ObjectMeta, Rec } from '@/lib/types';
import { undoBatch } from '../bulk/bulk-api';
import { recordTitle } from '../page/record-mark';
import { putRecord } from './put-record';
import { deleteRecord, touch } from './records';
import { bodyOf, changedFields, update, type Values } from './save';

async function putBack(client: QueryClient, object: ObjectMeta, saved: Rec, old: Values) {
  const answer = await update(object, saved, old, 1);
  if (answer.kind === 'saved') {
    putRecord(client, object, answer.record);
    touch(client, object.plural);
    showToast(t('toast.undone'));
  } else {
    showFailure(answer.kind === 'failed' ? failureText(answer.error) : answer.kind === 'invalid' ? answer.message : t('toast.undo_conflict'));
  }
}

/** A save with lines is taken back as the batch that it was; old values of fields would not bring lines back. */
export function toastUpdated(client: QueryClient, object: ObjectMeta, before: Rec, saved: Rec, names: string[], text?: string, batch?: string | null) {
  const old = Object.fromEntries(names.map((n) => [n, before[n] ?? null]));
  const name = recordTitle(object, { ...before, ...saved });
  const undoable = changedFields(object, old, saved).length > 0 && Object.keys(bodyOf(object, old, names)).length > 0;
  if (batch) return showToast(text ?? t('toast.saved', { name }), { label: t('action.undo'), key: 'Ctrl Z', run: () => void undoBatch(client, null, batch) });
  showToast(text ?? t('toast.saved', { name }), undoable ? { label: t('action.undo'), key: 'Ctrl Z', run: () => void putBack(client, object, saved, old) } : undefined);
}

export function toastCreated(client: QueryClient, object: ObjectMeta, saved: Rec) {
  const run = () => void deleteRecord(object.plural, saved.id, saved.version)
    .then(() => showToast(t('toast.undone')), (e: unknown) => showFailure(failureText(e)))
    .finally(() => touch(client, object.plural));
  showToast(t('toast.created', { name: recordTitle(object, saved) }), { label: t('action.undo'), key: 'Ctrl Z', run });
}
