// A to-do ticked off or put off: saved at once, with the way back. Loaded when it is first needed.
import type { QueryClient } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { t } from '@/lib/i18n';
import type { ObjectMeta, Rec } from '@/lib/types';
import { toastUpdated } from '@/record/data/undo';
import { touch } from '@/record/data/records';
import { update } from '@/record/data/save';
import { homeKey, todoKey } from './api';

export async function saveTodo(client: QueryClient, object: ObjectMeta, task: Rec, change: Record<string, unknown>, said: string) {
  const answer = await update(object, task, change);
  if (answer.kind === 'saved') {
    toastUpdated(client, object, task, answer.record, Object.keys(change), said);
    touch(client, object.plural);
    await Promise.all([homeKey, todoKey].map((queryKey) => client.invalidateQueries({ queryKey })));
  } else {
    showFailure(answer.kind === 'failed' ? failureText(answer.error) : answer.kind === 'invalid' ? answer.message : t('toast.undo_conflict'));
  }
}
