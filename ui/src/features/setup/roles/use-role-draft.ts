// What is changed of a role and not saved yet. It is kept on this device: leaving asks nothing and loses nothing. What others
// save meanwhile comes in underneath; a change of theirs gives way only where mine says the same cell, and that is told.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useSignedIn } from '@/lib/me';
import { fetchForm, formKey } from './api';
import { bodyOf, changesOf, EMPTY, isEmpty, type ObjectForm, type RoleForm } from './matrix';
import { mergeForms, type Kept } from './merge-forms';

const keyOf = (user: string, code: string): string => `gx.role.${user}.${code}`;

function readKept(key: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

function writeKept(key: string, kept: Kept | null) {
  try {
    if (kept) localStorage.setItem(key, JSON.stringify(kept)); else localStorage.removeItem(key);
  } catch { /* private mode: the draft lives as long as the page */ }
}

export function useRoleDraft(code: string) {
  const { user } = useSignedIn();
  const key = keyOf(user.id, code);
  const query = useQuery({ queryKey: formKey(code), queryFn: () => fetchForm(code), staleTime: 0, refetchOnWindowFocus: true });
  const [kept, setKept] = useState<Kept>(() => readKept(key) ?? {});
  const [restored, setRestored] = useState(() => readKept(key) !== null);
  const base = query.data?.form ?? EMPTY;
  const { draft, both } = useMemo(() => mergeForms(kept, base), [base, kept]);
  const changes = useMemo(() => changesOf(base, draft), [base, draft]);
  const clean = isEmpty(changes);
  const ready = query.isSuccess;
  const keep = useMemo((): Kept => ({ ...bodyOf(base, draft), from: base, both }), [base, draft, both]);
  useEffect(() => { if (ready) writeKept(key, clean ? null : kept.from ? kept : keep); }, [ready, key, clean, kept, keep]);
  const change = (next: RoleForm) => setKept({ ...bodyOf(base, next), from: base, both });
  return {
    query, base, draft, changes, both: clean ? [] : both, version: query.data?.version, restored: restored && !clean,
    set: (object: string, form: ObjectForm) => change({ ...draft, objects: { ...draft.objects, [object]: form } }),
    setMany: (forms: Record<string, ObjectForm>) => change({ ...draft, objects: { ...draft.objects, ...forms } }),
    setSystem: (system: string[]) => change({ ...draft, system }),
    discard: () => { setRestored(false); setKept({}); },
  };
}

export type RoleDraft = ReturnType<typeof useRoleDraft>;
