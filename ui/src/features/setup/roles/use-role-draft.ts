// What is changed of a role and not saved yet. It is kept on this device: leaving asks nothing and loses nothing.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useSignedIn } from '@/lib/me';
import { fetchForm, formKey } from './api';
import { bodyOf, changesOf, EMPTY, isEmpty, type ObjectForm, type RoleForm } from './matrix';

type Part = Partial<RoleForm>;
const keyOf = (user: string, code: string): string => `gx.role.${user}.${code}`;

function readPart(key: string): Part | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Part | null;
  } catch {
    return null;
  }
}

function writePart(key: string, part: Part | null) {
  try {
    if (part) localStorage.setItem(key, JSON.stringify(part)); else localStorage.removeItem(key);
  } catch { /* private mode: the draft lives as long as the page */ }
}

export function useRoleDraft(code: string) {
  const { user } = useSignedIn();
  const key = keyOf(user.id, code);
  const query = useQuery({ queryKey: formKey(code), queryFn: ({ signal }) => fetchForm(code, signal), staleTime: 0, refetchOnWindowFocus: true });
  const [part, setPart] = useState<Part>(() => readPart(key) ?? {});
  const [restored, setRestored] = useState(() => readPart(key) !== null);
  const base = query.data ?? EMPTY;
  const draft = useMemo((): RoleForm => ({ objects: { ...base.objects, ...part.objects }, system: part.system ?? base.system }), [base, part]);
  const changes = useMemo(() => changesOf(base, draft), [base, draft]);
  const clean = isEmpty(changes);
  const ready = query.isSuccess;
  useEffect(() => { if (ready) writePart(key, clean ? null : bodyOf(base, draft)); }, [ready, key, clean, base, draft]);
  const set = (object: string, form: ObjectForm) => setPart((old) => ({ ...old, objects: { ...old.objects, [object]: form } }));
  return {
    query, base, draft, changes, restored: restored && !clean, set,
    setMany: (forms: Record<string, ObjectForm>) => setPart((old) => ({ ...old, objects: { ...old.objects, ...forms } })),
    setSystem: (system: string[]) => setPart((old) => ({ ...old, system })),
    discard: () => { setRestored(false); setPart({}); },
  };
}

export type RoleDraft = ReturnType<typeof useRoleDraft>;
