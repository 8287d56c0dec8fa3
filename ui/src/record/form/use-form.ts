// State of one form: values, what differs, errors, conflict. Saving goes through data/save.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { newKey } from '@/lib/api';
import { useSignedIn } from '@/lib/me';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import type { FieldError, ObjectMeta, Rec } from '@/lib/types';
import { putRecord } from '../data/put-record';
import { touch } from '../data/records';
import { changedFields, create, update, type Clash, type Saved, type Values } from '../data/save';
import { lineKinds, type LineKind } from '../lines/lines';
import { useLines } from '../lines/use-lines';
import { toastCreated, toastUpdated } from '../data/undo';
import { readDraft, writeDraft } from './draft';
import { startValues } from './sections';

export interface FormOptions { object: ObjectMeta; record?: Rec; preset?: Values; keepDraft?: boolean; onSaved: (record: Rec) => void }
export interface Conflict { current: Rec; clashes: Clash[] }

const NO_ERRORS: FieldError[] = [];
const NO_LINES: LineKind[] = [];

export function useForm({ object, record, preset, keepDraft = true, onSaved }: FormOptions) {
  const client = useQueryClient();
  const { user } = useSignedIn();
  const drafted = useRef(keepDraft && !preset ? readDraft(user.id, object.plural, record?.id) : null);
  const [base, setBase] = useState<Values>(() => record ?? { ...startValues(object) });
  const [values, setValues] = useState<Values>(() => ({ ...(record ? {} : base), ...preset, ...drafted.current?.values }));
  const [restored, setRestored] = useState(drafted.current !== null);
  const [errors, setErrors] = useState<FieldError[]>(NO_ERRORS);
  const [failure, setFailure] = useState<unknown>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [busy, setBusy] = useState(false);
  const [inSpite, setInSpite] = useState('');
  const key = useRef(newKey());
  const { byName } = useCatalogue();
  const lines = useLines(keepDraft ? lineKinds(object, byName) : NO_LINES, record, drafted.current?.lines);
  const changed = changedFields(object, values, base);
  const dirty = changed.length > 0 || lines.dirty;

  useEffect(() => {
    if (!keepDraft || preset) return;
    const timer = setTimeout(() => writeDraft(user.id, object.plural, record?.id, dirty ? { values, version: Number(base.version ?? 0), ...(lines.dirty ? { lines: lines.rows } : {}) } : null), 300);
    return () => clearTimeout(timer);
  }, [keepDraft, preset, user.id, object.plural, record?.id, dirty, values, base.version, lines.dirty, lines.rows]);

  const set = (name: string, value: unknown) => {
    setValues((old) => ({ ...old, [name]: value }));
    setErrors((old) => (old.some((e) => e.field === name) ? old.filter((e) => e.field !== name) : old));
  };

  const finish = (saved: Rec, merged: boolean, batch?: string | null) => {
    writeDraft(user.id, object.plural, record?.id, null);
    if (record) {
      putRecord(client, object, saved);
      toastUpdated(client, object, { ...record, ...base } as Rec, saved, lines.dirty ? [] : changed, merged ? t('toast.merged') : undefined, lines.dirty ? batch : null);
    } else {
      toastCreated(client, object, saved);
    }
    touch(client, object.plural);
    onSaved(saved);
  };

  const settle = (answer: Saved) => {
    setBusy(false);
    setErrors(answer.kind === 'invalid' ? answer.errors : NO_ERRORS);
    setFailure(answer.kind === 'failed' ? answer.error : answer.kind === 'invalid' && !answer.errors.some((e) => e.field) ? new Error(answer.message) : null);
    setConflict(answer.kind === 'conflict' ? answer : null);
    if (answer.kind === 'saved') return finish(answer.record, answer.merged, answer.batch);
    key.current = newKey();
  };

  const save = async () => {
    if (busy) return;
    setBusy(true);
    settle(record ? await update(object, base as Rec, values, 3, lines.body(), inSpite.trim()) : await create(object, values, key.current, lines.body(), inSpite.trim()));
  };

  /** Merge: theirs as the new base, my choice on top. */
  const resolve = async (chosen: Values) => {
    if (!conflict) return;
    setBusy(true);
    setBase(conflict.current);
    const merged = { ...values, ...chosen };
    setValues(merged);
    settle(await update(object, conflict.current, merged, 3, lines.body(), inSpite.trim()));
  };

  const discard = () => {
    writeDraft(user.id, object.plural, record?.id, null);
    setValues({ ...(record ? {} : base), ...preset });
    lines.reset();
    setRestored(false);
  };

  return { values, base, lines, changed, dirty, errors, failure, conflict, busy, restored, inSpite, setInSpite, set, save, resolve, discard, closeConflict: () => setConflict(null) };
}

export type FormState = ReturnType<typeof useForm>;
