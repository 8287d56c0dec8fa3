// Entries that stand on top of a record's timeline: pinned and taken off by whoever may change the record, undone like any change.
import { useQueryClient } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';
import type { ObjectMeta, TimelineItem } from '@/lib/types';

export const CHANGE = 'change';

export const entryKey = (i: TimelineItem): string => `${i.kind} ${i.id} ${i.kind === CHANGE ? `${i.merged_from?.id ?? ''} ${i.version ?? ''} ${i.action ?? ''}` : ''}`;

const entryOf = (i: TimelineItem): string => (i.kind !== CHANGE ? i.id : i.merged_from ? `${i.version}.${i.merged_from.id}` : String(i.version));

/** A delete is told, but there is no version to point at. */
export const canPin = (i: TimelineItem): boolean => i.kind !== CHANGE || i.action !== 'delete';

export function usePinning(object: ObjectMeta, id: string) {
  const client = useQueryClient();
  const put = async (item: TimelineItem, on: boolean) => {
    await send(on ? 'PUT' : 'DELETE', `/${object.plural}/${id}/pins/${item.kind}/${entryOf(item)}`, on ? { body: {} } : {});
    await client.invalidateQueries({ queryKey: ['timeline', object.plural, id] });
    await client.invalidateQueries({ queryKey: ['pins', object.plural, id] });
  };
  return async (item: TimelineItem, on: boolean) => {
    try {
      await put(item, on);
      showToast(t(on ? 'pin.done' : 'pin.undone'), { label: t('action.undo'), key: 'Ctrl Z', run: () => void put(item, !on).catch((e: unknown) => showFailure(failureText(e))) });
    } catch (e) {
      showFailure(failureText(e));
    }
  };
}
