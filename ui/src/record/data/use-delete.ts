// Delete at once, offer undo: the record comes back by restore, with everything it had.
import { useQueryClient } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { inSentence, plural, t } from '@/lib/i18n';
import { objectLabel } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { recordTitle } from '../page/record-mark';
import { deleteRecord, restoreRecord, touch } from './records';

export function useDelete(object: ObjectMeta) {
  const client = useQueryClient();
  const restore = async (ids: string[]) => {
    try {
      for (const id of ids) await restoreRecord(object.plural, id);
      showToast(t('toast.restored', { n: ids.length }));
    } catch (e) {
      showFailure(failureText(e));
    }
    touch(client, object.plural);
  };
  /** `leave` runs before anything is read again: a page of the deleted record must go first. */
  return async (rows: Rec[], leave?: () => void): Promise<boolean> => {
    const done: string[] = [];
    let failure = '';
    for (const row of rows) {
      try {
        await deleteRecord(object.plural, row.id, row.version);
        done.push(row.id);
      } catch (e) {
        failure = failureText(e);
        break;
      }
    }
    if (!failure) leave?.();
    touch(client, object.plural);
    if (failure) showFailure(failure);
    const what = rows.length === 1 ? recordTitle(object, rows[0]!) : t('count.objects', { n: done.length, objects: plural(inSentence(objectLabel(object))) });
    if (done.length && !failure) showToast(t('toast.deleted', { name: what }), { label: t('action.undo'), key: 'Ctrl Z', run: () => void restore(done) });
    return !failure;
  };
}
