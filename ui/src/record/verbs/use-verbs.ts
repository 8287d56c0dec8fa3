// The verbs of a record that are possible now, and what follows when one was done: fresh data, a toast with the way back.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { showToast } from '@/components/toast';
import { label, t } from '@/lib/i18n';
import type { ObjectMeta, Rec, VerbMeta } from '@/lib/types';
import { undoBatch } from '../bulk/bulk-api';
import { putRecord } from '../data/put-record';
import { touch } from '../data/records';
import { recordTitle } from '../page/record-mark';
import { fetchPossible, type Done } from './verb-api';

const NONE: VerbMeta[] = [];
export const verbLabel = (verb: VerbMeta): string => label(verb.label, verb.verb);

export function useVerbs(object: ObjectMeta, record: Rec): VerbMeta[] {
  const declared = object.verbs ?? NONE;
  const { data } = useQuery({
    queryKey: ['verbs', object.plural, record.id, record.version],
    queryFn: ({ signal }) => fetchPossible(object.plural, record.id, signal),
    enabled: declared.length > 0,
  });
  return data ? declared.filter((v) => data.items.includes(v.verb)) : NONE;
}

export function useAfterVerb(object: ObjectMeta, record: Rec) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (verb: VerbMeta, done: Done) => {
    const { batch } = done;
    const text = t('verb.done', { verb: verbLabel(verb), name: recordTitle(object, { ...record, ...done.record }) });
    showToast(text, batch ? { label: t('action.undo'), key: 'Ctrl Z', run: () => void undoBatch(client, null, batch) } : undefined);
    if (done.record.id === record.id) putRecord(client, object, done.record);
    else void navigate(`/${object.plural}/${done.record.id}`);
    touch(client, object.plural);
    void client.invalidateQueries({ predicate: (q) => q.queryKey[0] === 'timeline' || q.queryKey[0] === 'list' });
  };
}
