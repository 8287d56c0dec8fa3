// One person: where, in which roles, in what state, who stands in; what can be done at the right.
import { useQueryClient } from '@tanstack/react-query';
import { Dropdown, Modal } from 'antd';
import { ArrowRightLeft, Ellipsis, Glasses, KeyRound, PencilLine, UserRound, UserRoundCheck, UserRoundX } from 'lucide-react';
import { useNavigate } from 'react-router';
import { Avatar } from '@/components/avatar';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { FieldDisplay } from '@/fields/field-display';
import { linkOf, linkTitle } from '@/fields/link/link';
import { today } from '@/lib/dates';
import { formatInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { maySystem, useSignedIn } from '@/lib/me';
import { viewAs } from '@/lib/session';
import { choiceLabel, fieldOf, mayUpdate } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { putRecord } from '@/record/data/put-record';
import { fetchRecord, touch } from '@/record/data/records';
import { update } from '@/record/data/save';
import { toastUpdated } from '@/record/data/undo';
import { positionName } from './api';
import { linksOf, stepsFrom, type Status } from './tree';

/** Somebody stands in now, or will. */
function Delegate({ of }: { of: Rec }) {
  const delegate = linkOf(of.delegate);
  const until = of.delegate_until ? String(of.delegate_until) : '';
  if (!delegate || (until && Date.parse(until) < Date.now())) return <span />;
  return <span className="cap soft cut" title={until ? t('org.until', { when: formatInstant(until) }) : undefined}>{linkTitle(delegate)}{until && ` · ${t('org.until', { when: formatInstant(until) })}`}</span>;
}

/** The roles of a person: his own, then what his positions bring besides, with the position said on hover. */
function Roles({ of, positions }: { of: Rec; positions: Rec[] }) {
  const sep = t('list.separator');
  const own = linksOf(of.roles);
  const held = new Set([linkOf(of.position), ...linksOf(of.other_positions)].map((l) => l?.id));
  const brought = positions.filter((p) => held.has(p.id) && p.is_active !== false).flatMap((p) => linksOf(p.roles).map((role) => ({ role, by: positionName(p) })));
  const more = brought.filter(({ role }, i) => !own.some((o) => o.id === role.id) && brought.findIndex((b) => b.role.id === role.id) === i);
  const title = [...own.map(linkTitle), ...brought.map(({ role, by }) => t('org.brought', { role: linkTitle(role), by }))].join(sep);
  return <span className="cut soft" title={title}>{own.map(linkTitle).join(sep)}{own.length > 0 && more.length > 0 && sep}{more.length > 0 && <span className="brought">{more.map(({ role }) => linkTitle(role)).join(sep)}</span>}</span>;
}

function useSetStatus(object: ObjectMeta) {
  const client = useQueryClient();
  return async (shown: Rec, status: Status) => {
    try {
      const record = await fetchRecord(object.plural, shown.id);
      const values = { status, ...(fieldOf(object, 'left_on') ? { left_on: status === 'left' ? today() : null } : {}) };
      const answer = await update(object, record, values);
      if (answer.kind !== 'saved') return showFailure(answer.kind === 'failed' ? failureText(answer.error) : answer.kind === 'invalid' ? answer.errors[0]?.message ?? answer.message : t('toast.undo_conflict'));
      putRecord(client, object, answer.record);
      touch(client, object.plural);
      toastUpdated(client, object, record, answer.record, Object.keys(values), t(`org.made.${status}`, { name: String(shown.name) }));
    } catch (e) {
      showFailure(failureText(e));
    }
  };
}

const ICONS: Record<Status, typeof UserRound> = { invited: UserRound, active: UserRoundCheck, suspended: UserRoundX, left: UserRoundX };

export function PersonRow({ object, record, positions, onEdit, onPassword }: { object: ObjectMeta; record: Rec; positions: Rec[]; onEdit: () => void; onPassword: () => void }) {
  const navigate = useNavigate();
  const { rights, user } = useSignedIn();
  const setStatus = useSetStatus(object);
  const status = fieldOf(object, 'status');
  const may = mayUpdate(object);
  const ask = (step: Status) => (step === 'active' ? void setStatus(record, step) : Modal.confirm({ title: t(`org.sure.${step}`, { name: String(record.name) }), content: t(`org.sure.${step}.text`), okText: t(`org.step.${step}`), cancelText: t('action.cancel'), icon: null, okButtonProps: { danger: true }, onOk: () => setStatus(record, step) }));
  const items = [
    { key: 'open', icon: <UserRound size={14} strokeWidth={1.75} />, label: t('org.open'), onClick: () => void navigate(`/users/${record.id}`) },
    ...(may ? [{ key: 'edit', icon: <PencilLine size={14} strokeWidth={1.75} />, label: t('action.edit'), onClick: onEdit }] : []),
    ...(maySystem(rights.system, 'manage_users') && record.status !== 'left' ? [{ key: 'password', icon: <KeyRound size={14} strokeWidth={1.75} />, label: t('org.password'), onClick: onPassword }] : []),
    ...(maySystem(rights.system, 'view_as') && record.status === 'active' && record.id !== user.id ? [{ key: 'view-as', icon: <Glasses size={14} strokeWidth={1.75} />, label: t('org.view_as'), onClick: () => void viewAs(record.id).catch((e: unknown) => showFailure(failureText(e))) }] : []),
    ...(maySystem(rights.system, 'hand_over') && record.id !== user.id ? [{ key: 'hand-over', icon: <ArrowRightLeft size={14} strokeWidth={1.75} />, label: t('org.hand_over'), onClick: () => void navigate(`/settings/hand-over?person=${record.id}`) }] : []),
    ...(may && record.id !== user.id ? stepsFrom(record.status).map((s) => { const Icon = ICONS[s]; return { key: s, icon: <Icon size={14} strokeWidth={1.75} />, label: t(`org.step.${s}`), danger: s === 'left' || s === 'suspended', onClick: () => ask(s) }; }) : []),
  ];
  const others = linksOf(record.other_departments);
  const departments = [linkOf(record.department), ...others].filter((l) => l !== null).map(linkTitle);
  const held = [linkOf(record.position), ...linksOf(record.other_positions)].filter((l) => l !== null).map(linkTitle);
  return (
    <div className="srow people">
      <button type="button" className="who" onClick={may ? onEdit : () => void navigate(`/users/${record.id}`)}><Avatar name={String(record.name)} seed={record.id} size={24} /><span className="cut">{String(record.name)}</span><span className="cap muted cut">{String(record.login ?? '')}</span></button>
      <span className="cut soft" title={departments.join(t('list.separator'))}>{departments[0]}{others.length > 0 && <span className="muted cap"> +{others.length}</span>}</span>
      <span className="cut soft" title={held.join(t('list.separator'))}>{held[0]}{held.length > 1 && <span className="muted cap"> +{held.length - 1}</span>}</span>
      <Roles of={record} positions={positions} />
      <span className="cap nw">{status && (record.status === 'active' ? <span className="soft">{choiceLabel(status, 'active')}</span> : <FieldDisplay field={status} value={record.status} />)}</span>
      <Delegate of={record} />
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight"><button type="button" className="ib sm" aria-label={t('org.more_of', { name: String(record.name) })} title={t('action.more')}><Ellipsis size={16} strokeWidth={1.75} aria-hidden /></button></Dropdown>
    </div>
  );
}
