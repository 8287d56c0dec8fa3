// Sending a change of the catalogue: busy, the error of each field, what went wrong otherwise, and what
// to do when somebody else has changed the same part meanwhile.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showToast } from '@/components/toast';
import { ApiProblem } from '@/lib/api';
import { t } from '@/lib/i18n';
import { useSignedIn } from '@/lib/me';
import { metaKey, type Catalogue } from '@/lib/meta';
import type { FieldError } from '@/lib/types';
import { newestChange, reloadCatalogue, revertChange } from './api';

type Act = (version: number | string | undefined) => Promise<unknown>;
interface Stale { text: string; act: Act; done: string }

export function useSubmit(onDone: () => void, version?: number | string, onReload: () => void = onDone) {
  const client = useQueryClient();
  const me = useSignedIn().user.id;
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [failure, setFailure] = useState('');
  const [stale, setStale] = useState<Stale | null>(null);

  const fail = (e: unknown, act: Act, done: string) => {
    if (e instanceof ApiProblem && e.status === 412) return setStale({ text: e.message, act, done });
    const found = e instanceof ApiProblem ? e.errors : [];
    setErrors(found);
    if (!found.some((x) => x.field)) setFailure(failureText(e));
  };

  /** Every change of the catalogue is in its log, and can be taken back from the toast. */
  const offerUndo = async (done: string, before: number) => {
    const newest = await newestChange().catch(() => null);
    const change = newest && newest.by?.id === me && Number(newest.id) > before ? newest : null;
    const undo = async () => {
      if (!change) return;
      try {
        await revertChange(change.id);
        await reloadCatalogue(client);
        showToast(t('toast.undone'));
      } catch (e) {
        showToast(failureText(e));
      }
    };
    showToast(done, change && change.action !== 'object.purge' && change.action !== 'field.purge' ? { label: t('action.undo'), key: 'Ctrl Z', run: () => void undo() } : undefined);
  };

  const submit = async (act: Act, done: string, { undo = true, against = version }: { undo?: boolean; against?: number | string } = {}) => {
    setBusy(true);
    setErrors([]);
    setFailure('');
    setStale(null);
    const before = Number(client.getQueryData<Catalogue>(metaKey)?.meta.version ?? Infinity);
    try {
      await act(against);
      await reloadCatalogue(client);
      if (undo) await offerUndo(done, before);
      else showToast(done);
      onDone();
    } catch (e) {
      fail(e, act, done);
    }
    setBusy(false);
  };

  /** My change over theirs, which stays in the log. */
  const overwrite = () => (stale ? submit(stale.act, stale.done, { against: '*' }) : Promise.resolve());
  /** Theirs as it stands now; mine is given up. */
  const reload = async () => { await reloadCatalogue(client); setStale(null); onReload(); };
  const errorOf = (name: string): string | undefined => errors.find((e) => e.field === name || e.field?.startsWith(`${name}.`) || e.field?.startsWith(`${name}[`))?.message;
  return { busy, failure, errors, errorOf, submit, stale: stale?.text ?? '', overwrite, reload };
}
