import { useQueryClient } from '@tanstack/react-query';
import { useLive } from '@/lib/use-live';
import type { ObjectMeta } from '@/lib/types';
import { eventsOf } from '../data/live-object';

/** Somebody else moved a card: columns and sums read again. */
export function useBoardLive(object: ObjectMeta) {
  const client = useQueryClient();
  useLive([object.plural], (events, reset) => {
    if (reset || eventsOf(events, object.object).length) void client.invalidateQueries({ queryKey: ['board', object.plural] });
  });
}
