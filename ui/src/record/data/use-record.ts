// One record, kept current by live events.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLive } from '@/lib/use-live';
import type { ObjectMeta, Rec } from '@/lib/types';
import { eventsOf } from './live-object';
import { get } from '@/lib/api';
import { recordKey } from './records';

const fetchThen = (plural: string, id: string, asOf: string, signal?: AbortSignal) => get<Rec>(`/${plural}/${id}`, { as_of: asOf }, signal);

export function useRecord(object: ObjectMeta, id: string, asOf = '') {
  const client = useQueryClient();
  const query = useQuery({ queryKey: [...recordKey(object.plural, id), ...(asOf ? [asOf] : [])], queryFn: ({ signal }) => fetchThen(object.plural, id, asOf, signal), staleTime: 5000 });
  useLive([`${object.plural}/${id}`], (events, reset) => {
    const own = eventsOf(events, object.object).filter((e) => e.id === id);
    if (reset || own.some((e) => e.action === 'pin')) void client.invalidateQueries({ queryKey: ['timeline', object.plural, id] });
    const known = client.getQueryData<Rec>(recordKey(object.plural, id))?.version ?? 0;
    if (!reset && !own.some((e) => e.version === undefined || e.version > known || e.action === 'delete')) return;
    void client.invalidateQueries({ queryKey: recordKey(object.plural, id) });
    void client.invalidateQueries({ queryKey: ['history', object.plural, id] });
  });
  return query;
}
