// Existing records that look like the one being typed, by the object's own rules. Asked when typing rests.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { send } from '@/lib/api';
import type { ObjectMeta } from '@/lib/types';

export interface DuplicateHit { object: string; id: string | null; title: string; score: number; because: string[]; action: 'warn' | 'block'; owner?: { id: string; title: string } }
export interface DuplicateAnswer { items: DuplicateHit[]; blocked: boolean; may_override: boolean }

const PAUSE = 500;

export const asksDuplicates = (object: ObjectMeta): boolean => (object.duplicates ?? []).some((r) => r.action !== 'off');

/** The fields that rules compare, once one of them was changed; else nothing is asked. */
export function comparedValues(object: ObjectMeta, values: Record<string, unknown>, changed: string[], id?: string): Record<string, unknown> | null {
  const names = new Set((object.duplicates ?? []).filter((r) => r.action !== 'off').flatMap((r) => r.fields.map((f) => f.field)));
  if (id ? !changed.some((n) => names.has(n)) : ![...names].some((n) => values[n])) return null;
  return Object.fromEntries([...names].filter((n) => n in values).map((n) => [n, values[n] ?? null]));
}

export function useDuplicates(object: ObjectMeta, values: Record<string, unknown> | null, id?: string): DuplicateAnswer | undefined {
  const text = values ? JSON.stringify(values) : '';
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const query = useQuery({
    queryKey: ['duplicates', object.plural, id, asked],
    queryFn: ({ signal }) => send<DuplicateAnswer>('POST', `/${object.plural}/duplicates`, { body: { ...(id ? { id } : {}), record: JSON.parse(asked) as unknown }, signal }),
    enabled: !!asked && !!text, placeholderData: keepPreviousData, staleTime: 30_000, retry: false,
  });
  return asked && text ? query.data : undefined;
}
