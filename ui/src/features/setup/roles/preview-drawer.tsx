// Before a role is saved: how many records its people gain or lose, with samples. Saving is the second step, and can be taken back.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { ArrowDownRight, ArrowUpRight } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { linkTitle } from '@/fields/link/link';
import { ApiProblem } from '@/lib/api';
import { t } from '@/lib/i18n';
import { pluralLabel, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import { useShell } from '@/record/page/shell-context';
import { reloadCatalogue } from '../api';
import { formKey, previewForm, putForm, type Preview, type Side, type Stored } from './api';
import { BothChanged } from './both-changed';
import { bodyOf, undoOf } from './matrix';
import type { RoleDraft } from './use-role-draft';

function SideRow({ side, plural, gained }: { side: Side; plural: string; gained: boolean }) {
  if (!side.records) return null;
  const Arrow = gained ? ArrowUpRight : ArrowDownRight;
  const n = formatNumber(side.records) + (side.exact ? '' : '+');
  return (
    <div className="side-row">
      <Arrow size={16} strokeWidth={1.75} aria-hidden className={gained ? 'good' : 'late'} />
      <div className="grow">
        <div>{t(gained ? 'preview.gain' : 'preview.lose', { records: n, people: formatNumber(side.people) })}</div>
        <div className="cap samples">{side.samples.map((s) => <Link key={s.id} to={`/${plural}/${s.id}`} className="cut">{linkTitle(s)}</Link>)}</div>
      </div>
    </div>
  );
}

function Outcome({ of, draft }: { of: Preview; draft: RoleDraft }) {
  const { byName } = useCatalogue();
  const rest = draft.changes.objects.filter((name) => !of.objects.some((o) => o.object === name));
  const label = (name: string) => { const o = byName.get(name); return o ? pluralLabel(o) : name; };
  return (
    <>
      <p className="soft">{of.people ? t(of.looked_at < of.people ? 'preview.people_some' : 'preview.people', { n: of.people, looked: formatNumber(of.looked_at) }) : t('preview.nobody')}</p>
      {of.objects.map((o) => <section key={o.object} className="preview-object"><h4>{label(o.object)}</h4><SideRow side={o.gained} plural={byName.get(o.object)?.plural ?? ''} gained /><SideRow side={o.lost} plural={byName.get(o.object)?.plural ?? ''} gained={false} /></section>)}
      {rest.length > 0 && <p className="muted">{t('preview.no_records', { objects: rest.map(label).join(t('list.separator')) })}</p>}
      <p className="muted cap">{t('preview.reading')}</p>
    </>
  );
}

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
