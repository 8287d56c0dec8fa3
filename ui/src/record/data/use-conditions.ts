// Which fields a form or page shows, fixes and wants: the server decides with the same expressions that bind
// what is written. Objects without conditions ask nothing.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { send } from '@/lib/api';
import type { ObjectMeta } from '@/lib/types';

export interface Conditions { hidden: Set<string>; readonly: Set<string>; required: Set<string> }
interface Answer { hidden: string[]; readonly: string[]; required: string[] }

const PAUSE = 200;
const NONE: Conditions = { hidden: new Set(), readonly: new Set(), required: new Set() };

export const hasConditions = (object: ObjectMeta): boolean => object.fields.some((f) => f.visible_when || f.required_when || f.readonly_when);

/** Until the first answer what depends on a condition is not shown, so that nothing vanishes under the hand. */
const waiting = (object: ObjectMeta): Conditions => ({ ...NONE, hidden: new Set(object.fields.filter((f) => f.visible_when).map((f) => f.name)) });

/** `values`: what is typed and not saved, as it would be sent. `version` of the stored record, so that a save asks anew. */
export function useConditions(object: ObjectMeta, id: string | undefined, values: Record<string, unknown>, version: unknown = 0): Conditions {
  const asks = hasConditions(object);
  const text = asks ? JSON.stringify(values) : '';
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const query = useQuery({
    queryKey: ['conditions', object.plural, id, version, asked],
    queryFn: ({ signal }) => send<Answer>('POST', `/${object.plural}/conditions`, { body: { ...(id ? { id } : {}), record: JSON.parse(asked) as unknown }, signal }),
    enabled: asks, placeholderData: keepPreviousData, staleTime: 30_000, retry: false,
  });
  if (!asks || query.isError) return NONE;
  if (!query.data) return waiting(object);
  return { hidden: new Set(query.data.hidden), readonly: new Set(query.data.readonly), required: new Set(query.data.required) };
}
