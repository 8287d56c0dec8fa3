// To whom a record is open: its owner, collaborators, what was shared by hand, what rules opened; and opening it to more.
import { Button, DatePicker, Drawer, Select } from 'antd';
import dayjs from 'dayjs';
import { Clock, X } from 'lucide-react';
import { useState } from 'react';
import '@/lib/access-words';
import { Avatar } from '@/components/avatar';
import { IconButton } from '@/components/icon-button';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, failureText } from '@/components/state';
import { linkOf, linkTitle } from '@/fields/link/link';
import { ApiProblem } from '@/lib/api';
import { fullInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf } from '@/lib/meta';
import { kindOf, linkOfPrincipal, PERSON, samePrincipal, type PrincipalKind } from '@/lib/principals';
import type { LinkValue, ObjectMeta, Rec } from '@/lib/types';
import { recordTitle } from '../page/record-mark';
import { useShell } from '../page/shell-context';
import type { Level, Share } from './access-api';
import { principalName, PrincipalMark, useKindWords } from './principal';
import { principalOf, PrincipalPicker } from './principal-picker';
import { fieldFor, useShareActions, useShares } from './use-shares';
import type { useMay } from './use-may';

interface Props { object: ObjectMeta; record: Rec; may: ReturnType<typeof useMay>; onWhy: () => void; onClose: () => void }
type Actions = ReturnType<typeof useShareActions>;

const levelOptions = (edit: boolean) => [{ value: 'read', label: t('share.read') }, { value: 'edit', label: t('share.edit'), disabled: !edit }];

/** Of what a field says, both levels only where each has its field, and what one may write there. */
function useFixed(object: ObjectMeta, of: Share, edit: boolean, may: boolean): { fixed: boolean; levels: boolean } {
  const field = of.field ? fieldOf(object, of.field) : undefined;
  const fixed = !may || of.source === 'rule' || (!!of.field && (!edit || field?.type !== 'links' || !!field.right));
  return { fixed, levels: !fixed && (!of.field || (!!fieldFor(object, of, 'read') && !!fieldFor(object, of, 'edit'))) };
}

function ShareRow({ object, of, edit, may, actions }: { object: ObjectMeta; of: Share; edit: boolean; may: boolean; actions: Actions }) {
  const words = useKindWords();
  const kind = kindOf(of);
  const { fixed, levels } = useFixed(object, of, edit, may);
  const field = of.field ? fieldOf(object, of.field) : undefined;
  const notes = [kind === PERSON || kind === 'everyone' ? '' : words(kind), of.by ? t('share.by', { name: linkTitle(of.by) }) : ''].filter(Boolean);
  return (
    <li className="share-row">
      <PrincipalMark principal={of} size={28} />
      <div className="grow">
        <div className="row"><span className="cut">{principalName(of)}</span>{of.source !== 'manual' && <span className="chip">{field ? fieldLabel(field) : t(`share.source.${of.source}`)}</span>}</div>
        <div className="row wrap cap muted">{notes.length > 0 && <span className="cut">{notes.join(' · ')}</span>}{of.until && <span className="row gap4 nw" title={fullInstant(of.until)}><Clock size={12} strokeWidth={1.75} aria-hidden />{t('share.until', { when: fullInstant(of.until) })}</span>}</div>
      </div>
      {!levels ? <span className="soft nw">{t(`share.${of.level}`)}</span> : <Select size="small" variant="borderless" value={of.level} popupMatchSelectWidth={false} onChange={(level: Level) => void actions.change(of, { level })} options={levelOptions(edit)} aria-label={t('share.level_of', { name: principalName(of) })} />}
      {!fixed && <IconButton small icon={X} label={t('share.remove', { name: principalName(of) })} onClick={() => void actions.remove(of)} />}
    </li>
  );
}

interface Draft { kind: PrincipalKind; who: LinkValue | null; level: Level; as: 'manual' | 'collaborator'; until: string | null }
const START: Draft = { kind: PERSON, who: null, level: 'read', as: 'collaborator', until: null };

function AddShare({ object, shares, edit, actions }: { object: ObjectMeta; shares: Share[]; edit: boolean; actions: Actions }) {
  const [draft, setDraft] = useState(START);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const set = (part: Partial<Draft>) => { setFailure(''); setDraft((old) => ({ ...old, ...part })); };
  const principal = principalOf(draft.kind, draft.who);
  const add = async () => {
    if (!principal) return;
    setBusy(true);
    const shown = draft.who ? { [draft.kind]: draft.who } : principal;
    const before = shares.find((s) => s.source === draft.as && samePrincipal(s, shown));
    try {
      const field = draft.as === 'collaborator' && !draft.until && edit ? fieldFor(object, principal, draft.level) : undefined;
      await actions.add({ with: [principal], level: draft.level, as: draft.as, until: draft.until }, before, field, shown);
      setDraft({ ...START, kind: draft.kind, as: draft.as });
    } catch (e) {
      setFailure((e instanceof ApiProblem && e.errors[0]?.message) || failureText(e));
    }
    setBusy(false);
  };
  const choose = (kind: PrincipalKind, who: LinkValue | null) => set(kind === draft.kind ? { who } : { kind, who, as: kind === PERSON ? 'collaborator' : 'manual' });
  return (
    <form className="share-add" onSubmit={(e) => { e.preventDefault(); void add(); }}>
      <h4>{t('share.add_title')}</h4>
      <PrincipalPicker kind={draft.kind} value={draft.who} onChange={choose} id="share-who" invalid={!!failure} />
      <div className="form-grid two">
        <div className="ff"><label htmlFor="share-level">{t('share.may')}</label><Select id="share-level" value={draft.level} onChange={(level: Level) => set({ level })} options={levelOptions(edit)} /></div>
        <div className="ff"><label htmlFor="share-as">{t('share.as')}</label><Select id="share-as" value={draft.as} onChange={(as: Draft['as']) => set({ as })} options={[{ value: 'collaborator', label: t('share.source.collaborator') }, { value: 'manual', label: t('share.source.manual') }]} /></div>
        <div className="ff"><label htmlFor="share-until">{t('share.ends')}</label><DatePicker id="share-until" showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" value={draft.until ? dayjs(draft.until) : null} disabledDate={(d) => d.isBefore(dayjs(), 'day')} onChange={(d) => set({ until: d ? d.toISOString() : null })} placeholder={t('share.no_end')} /></div>
        <div className="ff end-row"><Button type="primary" htmlType="submit" loading={busy} disabled={!principal}>{t('share.add')}</Button></div>
      </div>
      {failure && <div className="err" role="alert">{failure}</div>}
    </form>
  );
}

export default function ShareDrawer({ object, record, may, onWhy, onClose }: Props) {
  const { phone } = useShell();
  const query = useShares(object, record.id);
  const actions = useShareActions(object, record.id, principalName);
  const owner = linkOf(record.owner);
  const field = fieldOf(object, 'owner');
  const shares = query.data ?? [];
  const byHand = may('share');
  const groups = (['field', 'collaborator', 'manual', 'rule'] as const).map((source) => ({ source, items: shares.filter((s) => s.source === source) })).filter((g) => g.items.length);
  return (
    <Drawer open onClose={onClose} size={phone ? '100%' : 480} title={t('share.title', { name: recordTitle(object, record) })} footer={<div className="row between"><span className="muted cap">{t('share.foot')}</span><Button type="text" onClick={onWhy}>{t('explain.open')}</Button></div>}>
      {byHand && query.isSuccess && <AddShare object={object} shares={shares} edit={may('update')} actions={actions} />}
      {query.isPending && <BlockSkeleton lines={4} />}
      {query.isError && <ErrorState error={query.error} title={t('share.error')} onRetry={() => void query.refetch()} />}
      {query.isSuccess && (
        <ul className="share-list" aria-label={t('share.list')}>
          {field && owner && <li className="share-row"><Avatar name={linkTitle(owner)} seed={owner.id} size={28} /><div className="grow cut">{linkTitle(owner)}</div><span className="soft nw">{fieldLabel(field)}</span></li>}
          {groups.flatMap((g) => g.items.map((s) => <ShareRow key={`${g.source}-${kindOf(s)}-${linkOfPrincipal(s)?.id ?? ''}-${s.rule ?? s.field ?? ''}`} object={object} of={s} edit={may('update')} may={byHand} actions={actions} />))}
          {!shares.length && <li className="muted share-none">{t(byHand ? 'share.none' : 'share.none_read')}</li>}
        </ul>
      )}
    </Drawer>
  );
}
