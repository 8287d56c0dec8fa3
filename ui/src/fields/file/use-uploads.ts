// Files on their way: how far each is, which were refused and why, and a way to stop one.
import { useEffect, useRef, useState } from 'react';
import { failureText } from '@/components/state';
import { t } from '@/lib/i18n';
import { formatBytes } from '@/lib/numbers';
import type { FieldMeta } from '@/lib/types';
import { upload } from '@/lib/upload';
import type { FileValue } from './file';

export interface Running { key: number; name: string; share: number; stop: () => void }

/** Kinds a field takes: what it says, pictures for a picture. */
export const kindsOf = (field: FieldMeta): string[] => field.accept ?? (field.type === 'image' ? ['image/'] : []);
const fits = (kinds: string[], type: string): boolean => !kinds.length || type === '' || kinds.some((kind) => (kind.endsWith('/') ? type.startsWith(kind) : type === kind));

export function refusalOf(field: FieldMeta, file: File): string | null {
  if (field.max_size && file.size > field.max_size) return t('file.too_large', { name: file.name, size: formatBytes(field.max_size) });
  return fits(kindsOf(field), file.type) ? null : t('file.wrong_kind', { name: file.name, kinds: kindsOf(field).join(', ') });
}

export function useUploads(field: FieldMeta, onFile: (file: FileValue) => void) {
  const [running, setRunning] = useState<Running[]>([]);
  const [refused, setRefused] = useState<string[]>([]);
  const next = useRef(1);
  const alive = useRef(new Set<AbortController>());
  useEffect(() => { const all = alive.current; return () => all.forEach((c) => c.abort()); }, []);
  const one = async (file: File) => {
    const key = next.current++;
    const control = new AbortController();
    alive.current.add(control);
    setRunning((all) => [...all, { key, name: file.name, share: 0, stop: () => control.abort() }]);
    try {
      onFile(await upload<FileValue>(file, (share) => setRunning((all) => all.map((r) => (r.key === key ? { ...r, share } : r))), control.signal));
    } catch (e) {
      if (!control.signal.aborted) setRefused((all) => [...all, t('file.failed', { name: file.name, reason: failureText(e) })]);
    }
    alive.current.delete(control);
    setRunning((all) => all.filter((r) => r.key !== key));
  };
  /** One after the other, in the order in which they were chosen. */
  const take = async (files: File[]) => {
    const told = files.map((file) => refusalOf(field, file));
    setRefused(told.filter((reason) => reason !== null));
    for (const file of files.filter((_, i) => told[i] === null)) await one(file);
  };
  return { running, refused, take };
}
