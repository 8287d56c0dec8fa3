// Before a role is saved: how many records its people gain or lose, with samples. Saving is the second step, and can be taken back.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { ApiProblem } from '@/lib/api';
import { t } from '@/lib/i18n';
import { useShell } from '@/record/page/shell-context';
import { reloadCatalogue } from '../api';
import { formKey, previewForm, putForm, type Stored } from './api';
import { BothChanged } from './both-changed';
import { bodyOf, undoOf } from './matrix';
import { Outcome } from './preview-outcome';
import type { RoleDraft } from './use-role-draft';

export default function PreviewDrawer({ code, name, draft, stale, onStale, onClose }: { code: string; name: string; draft: RoleDraft; stale: boolean; onStale: () => void; onClose: () => void }) {
  const { phone } = useShell();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState('');
  const [body] = useState(() => bodyOf(draft.base, draft.draft));
  const [back] = useState(() => undoOf(draft.base, draft.draft));
  const query = useQuery({ queryKey: ['role-preview', code, body], queryFn: () => previewForm(code, body), gcTime: 0, retry: false });
  const again = async () => { await client.invalidateQueries({ queryKey: formKey(code) }); await reloadCatalogue(client); void client.invalidateQueries({ queryKey: ['me'] }); };
  const undo = async () => {
    try { await putForm(code, back, client.getQueryData<Stored>(formKey(code))?.version); showToast(t('toast.undone')); } catch (e) { showFailure(failureText(e)); }
    await again();
  };
  const save = async () => {
    setBusy(true);
    setRefused('');
    try {
      await putForm(code, body, draft.version);
      await again();
      draft.discard();
      showToast(t('roles.saved', { name }), { label: t('action.undo'), key: 'Ctrl Z', run: () => void undo() });
      onClose();
    } catch (e) {
      if (e instanceof ApiProblem && e.status === 412) return onStale();
      setRefused((e instanceof ApiProblem && e.errors[0] && `${e.errors[0].field ?? ''} ${e.errors[0].message}`.trim()) || failureText(e));
    }
    setBusy(false);
  };
  const problem = query.error instanceof ApiProblem && query.error.status === 422 ? query.error : null;
  return (
    <Drawer open onClose={onClose} size={phone ? '100%' : 480} title={t('preview.title', { name })}
      footer={<div className="form-foot"><span className="note cut">{t('preview.foot', { n: draft.changes.cells + draft.changes.fields })}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={busy} disabled={!!problem || query.isPending} onClick={() => void save()}>{t('action.save')}</Button></div>}>
      {refused && <div className="banner danger" role="alert"><div className="grow">{refused}</div></div>}
      {stale && <div className="banner warn" role="alert"><div className="grow">{t('roles.stale')}</div></div>}
      <BothChanged both={draft.both} />
      {query.isPending && <BlockSkeleton />}
      {problem && <div className="banner danger" role="alert"><div className="grow">{problem.errors.map((e) => <div key={e.field}>{e.field && <code>{e.field}</code>} {e.message}</div>)}{!problem.errors.length && problem.message}</div></div>}
      {query.isError && !problem && <ErrorState error={query.error} title={t('preview.error')} onRetry={() => void query.refetch()} />}
      {query.data && <Outcome of={query.data} draft={draft} />}
    </Drawer>
  );
}
