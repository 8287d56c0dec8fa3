// Sharing rules: which records are open to whom by a condition. What a new condition opens is filled by a job, seen here.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { LoaderCircle, PencilLine, Plus, Share2, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, failureText, PageState } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { t } from '@/lib/i18n';
import { maySystem, useSignedIn } from '@/lib/me';
import { objectLabel, pluralLabel, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import { kindOf, linkOfPrincipal, wirePrincipal } from '@/lib/principals';
import { principalName, PrincipalMark } from '@/record/access/principal';
import { useShell } from '@/record/page/shell-context';
import { SettingsFrame } from '../settings-frame';
import { fetchRules, removeRule, rulesKey, saveRule, type FillingJob, type Rule } from './api';
import { RuleOutcome } from './rule-outcome';

const RuleDrawer = lazy(() => import('./rule-drawer'));
const SOON = 1000;

function Filling({ job }: { job?: FillingJob }) {
  const { done, total } = job?.progress ?? { done: 0, total: 0 };
  const share = total > 0 ? Math.min(100, (done / total) * 100) : 0;
  if (job?.status === 'failed') return <span className="cap late nw" role="status">{t('sharing.fill_failed')}</span>;
  return (
    <span className="row gap4 filling" role="status">
      <LoaderCircle size={14} strokeWidth={1.75} className="soft" aria-hidden /><span className="cap nw">{t('sharing.filling')}</span>
      {total > 0 && <><span className="bar grow" role="progressbar" aria-label={t('sharing.filling')} aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100}><i style={{ width: `${share}%` }} /></span><span className="cap muted nw">{formatNumber(done)} / {formatNumber(total)}</span></>}
    </span>
  );
}

function RuleRow({ rule, onEdit, onRemove }: { rule: Rule & { job?: FillingJob }; onEdit: () => void; onRemove: () => void }) {
  const { byName } = useCatalogue();
  const object = byName.get(rule.object);
  const words = object ? pluralLabel(object) : rule.object;
  return (
    <div className="srow rules">
      <button type="button" className="who" onClick={onEdit}><span className="cut">{words}</span></button>
      <code className="cut" title={rule.when}>{rule.when}</code>
      <span className="person"><PrincipalMark principal={rule.with} size={20} /><span className="cut">{principalName(rule.with)}</span></span>
      <span className="soft nw">{t(`share.${rule.level}`)}</span>
      {rule.filled ? <span className="cap muted nw">{t('sharing.in_force')}</span> : <Filling job={rule.job} />}
      <span className="row gap4 end"><IconButton small icon={PencilLine} label={t('sharing.edit', { object: words })} onClick={onEdit} /><IconButton small icon={Trash2} label={t('sharing.remove', { object: words })} onClick={onRemove} /></span>
    </div>
  );
}

function useRemove(again: () => void) {
  const { byName } = useCatalogue();
  const [modal, holder] = Modal.useModal();
  const name = (rule: Rule) => { const o = byName.get(rule.object); return o ? objectLabel(o) : rule.object; };
  const bringBack = async (rule: Rule) => {
    try {
      const kind = kindOf(rule.with);
      await saveRule(null, { object: rule.object, when: rule.when, level: rule.level, with: wirePrincipal(kind, linkOfPrincipal(rule.with)?.id) });
      showToast(t('toast.undone'));
    } catch (e) { showFailure(failureText(e)); }
    again();
  };
  const remove = async (rule: Rule) => {
    try {
      await removeRule(rule.id);
      showToast(t('sharing.removed', { object: name(rule) }), { label: t('action.undo'), key: 'Ctrl Z', run: () => void bringBack(rule) });
    } catch (e) { showFailure(failureText(e)); }
    again();
  };
  const outcome = (rule: Rule) => { const o = byName.get(rule.object); return o && <RuleOutcome object={o} body={{ id: rule.id, remove: true }} />; };
  const ask = (rule: Rule) => void modal.confirm({ title: t('sharing.remove_sure', { object: name(rule), who: principalName(rule.with) }), content: <><p>{t('sharing.remove_text')}</p>{outcome(rule)}</>, okText: t('sharing.remove_do'), cancelText: t('action.cancel'), icon: null, okButtonProps: { danger: true }, onOk: () => remove(rule) });
  return { ask, holder };
}

export default function RulesPage() {
  const { rights } = useSignedIn();
  const { phone } = useShell();
  const client = useQueryClient();
  const may = maySystem(rights.system, 'manage_roles');
  const [editing, setEditing] = useState<Rule | 'new' | null>(null);
  const query = useQuery({ queryKey: rulesKey, queryFn: ({ signal }) => fetchRules(signal), enabled: may, refetchInterval: (q) => (q.state.data?.some((r) => !r.filled) ? SOON : 30_000) });
  const again = () => void client.invalidateQueries({ queryKey: rulesKey });
  const { ask, holder } = useRemove(again);
  const add = <Button type="primary" icon={<Plus size={16} strokeWidth={1.75} />} onClick={() => setEditing('new')} aria-label={t('sharing.new')}>{phone ? null : t('sharing.new')}</Button>;
  const rules = query.data ?? [];
  return (
    <SettingsFrame name={t('places.rules')} title={t('places.rules')} may={may} actions={add}>
      {query.isPending && <TableSkeleton columns={5} />}
      {query.isError && <ErrorState error={query.error} title={t('sharing.error')} onRetry={() => void query.refetch()} />}
      {query.isSuccess && !rules.length && <PageState icon={Share2} title={t('sharing.none')} text={t('sharing.none_text')}><Button onClick={() => setEditing('new')}>{t('sharing.new')}</Button></PageState>}
      {rules.length > 0 && (
        <div className="srows">
          <div className="srow hd rules" aria-hidden><span>{t('setup.objects')}</span><span>{t('sharing.when')}</span><span>{t('sharing.with')}</span><span>{t('share.may')}</span><span>{t('sharing.state')}</span><span /></div>
          {rules.map((r) => <RuleRow key={r.id} rule={r} onEdit={() => setEditing(r)} onRemove={() => ask(r)} />)}
        </div>
      )}
      {holder}
      {editing && <Suspense><RuleDrawer rule={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} onSaved={again} /></Suspense>}
    </SettingsFrame>
  );
}
