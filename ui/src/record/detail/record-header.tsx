import { Button, Dropdown } from 'antd';
import { BellPlus, BellRing, Ellipsis, History, MapPin, PencilLine, ShieldQuestionMark, Star, Trash2, UserRoundPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { CopyButton } from '@/components/copy';
import { IconButton } from '@/components/icon-button';
import { CopyValue } from '@/fields/copy-value';
import { FieldDisplay } from '@/fields/field-display';
import { placeField, placeOf } from '@/fields/geo/geo';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { useMay } from '../access/use-may';
import { useDelete } from '../data/use-delete';
import { useMark } from '../data/use-marks';
import { recordTitle, RecordMark } from '../page/record-mark';
import { useShell } from '../page/shell-context';
import { useVerbActions } from '../verbs/verb-actions';
import { chipFields, factFields, metaFields } from './facts';
import { Faces } from './faces';

interface Props { object: ObjectMeta; record: Rec; may: ReturnType<typeof useMay>; onEdit: () => void; onHistory: () => void; onAccess?: (what: 'share' | 'why') => void; here?: ReactNode; children: ReactNode }

function Favourite({ object, record }: { object: ObjectMeta; record: Rec }) {
  const { on, toggle } = useMark(object, record, 'favourite');
  return <IconButton icon={Star} className="star" on={on} label={t(on ? 'mark.unfavourite' : 'mark.favourite')} onClick={() => void toggle()} />;
}

/** Whoever follows a record is told when others change it. */
function Follow({ object, record }: { object: ObjectMeta; record: Rec }) {
  const { on, toggle } = useMark(object, record, 'follow');
  return <IconButton icon={on ? BellRing : BellPlus} className="star follow" on={on} label={t(on ? 'mark.unfollow' : 'mark.follow')} onClick={() => void toggle()} />;
}

/** Names it had before: whoever knows it by one of them is at the right record. */
function FormerNames({ object, record }: { object: ObjectMeta; record: Rec }) {
  const field = fieldOf(object, 'former_names');
  const names = String((field && record[field.name]) ?? '').split('；').map((n) => n.trim()).filter(Boolean).join(t('list.separator'));
  return field && names ? <div className="cap muted cut former" title={names}>{t('record.former_names', { label: fieldLabel(field), names })}</div> : null;
}

function Actions({ object, record, may, onEdit, onHistory, onAccess, verbs }: Omit<Props, 'children' | 'here'> & { verbs: ReturnType<typeof useVerbActions> }) {
  const navigate = useNavigate();
  const { phone } = useShell();
  const remove = useDelete(object);
  const gone = () => remove([record], () => void navigate(`/${object.plural}`));
  const where = placeField(object);
  const items = [
    ...verbs.items,
    ...(where && placeOf(record[where.name]) ? [{ key: 'nearby', icon: <MapPin size={14} strokeWidth={1.75} />, label: t('nearby.open'), onClick: () => void navigate(`/${object.plural}/nearby?of=${record.id}`) }] : []),
    { key: 'history', icon: <History size={14} strokeWidth={1.75} />, label: t('history.title'), onClick: onHistory },
    ...(onAccess ? [{ key: 'share', icon: <UserRoundPlus size={14} strokeWidth={1.75} />, label: t('share.open'), onClick: () => onAccess('share') }, { key: 'why', icon: <ShieldQuestionMark size={14} strokeWidth={1.75} />, label: t('explain.open'), onClick: () => onAccess('why') }] : []),
    ...(may('delete') ? [{ key: 'delete', icon: <Trash2 size={14} strokeWidth={1.75} />, label: t('action.delete'), danger: true, onClick: () => void gone() }] : []),
  ];
  return (
    <div className="row nw">
      {verbs.buttons}
      {may('update') && <Button icon={<PencilLine size={16} strokeWidth={1.75} />} onClick={onEdit} aria-label={t('action.edit')}>{phone ? null : t('action.edit')}</Button>}
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight"><Button icon={<Ellipsis size={16} strokeWidth={1.75} />} aria-label={t('action.more')} /></Dropdown>
      {verbs.dialog}
    </div>
  );
}

export function RecordHeader({ object, record, may, onEdit, onHistory, onAccess, here, children }: Props) {
  const { phone } = useShell();
  const verbs = useVerbActions(object, record, phone);
  const chips = chipFields(object, record);
  const meta = metaFields(object, record);
  const facts = factFields(object, record).slice(0, phone ? 3 : 6);
  return (
    <div className="rechead">
      <div className={phone ? 'row gap12' : 'row gap16'}>
        <RecordMark object={object} record={record} size={40} />
        <div className="grow">
          <div className="row"><h2 className={phone ? '' : 'cut'} title={recordTitle(object, record)}>{recordTitle(object, record)}</h2>{!phone && chips.map((f) => <FieldDisplay key={f.name} field={f} value={record[f.name]} />)}<span className="row nw gap4">{!recordTitle(object, record).includes('**') && <CopyButton className="star" text={recordTitle(object, record)} name={recordTitle(object, record)} />}<Favourite object={object} record={record} /><Follow object={object} record={record} /></span>{here}</div>
          <div className="row gap12 cap muted meta">{meta.map((f) => <FieldDisplay key={f.name} field={f} value={record[f.name]} />)}{meta.length === 0 && <span>#{record.id}</span>}<Faces object={object} record={record} /></div>
          <FormerNames object={object} record={record} />
        </div>
        <Actions object={object} record={record} may={may} onEdit={onEdit} onHistory={onHistory} onAccess={onAccess} verbs={verbs} />
      </div>
      {facts.length > 0 && <dl className="facts">{facts.map((f) => <div key={f.name}><dt>{fieldLabel(f)}</dt><dd><FieldDisplay field={f} value={record[f.name]} /><CopyValue className="star" field={f} value={record[f.name]} /></dd></div>)}</dl>}
      {verbs.main}
      {children}
    </div>
  );
}
