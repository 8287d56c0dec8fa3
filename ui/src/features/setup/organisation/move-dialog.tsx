// Where a department goes: anywhere but below itself. What its people own goes along at once.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Select } from 'antd';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { linkOf } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import type { ObjectMeta, Rec } from '@/lib/types';
import { putRecord } from '@/record/data/put-record';
import { touch } from '@/record/data/records';
import { update } from '@/record/data/save';
import { toastUpdated } from '@/record/data/undo';
import { placesFor, type Node } from './tree';

const TOP = '';

export default function MoveDialog({ object, record, nodes, onClose }: { object: ObjectMeta; record: Rec; nodes: Node[]; onClose: () => void }) {
  const client = useQueryClient();
  const here = linkOf(record.parent)?.id ?? TOP;
  const [to, setTo] = useState(here);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const options = [{ value: TOP, label: t('org.top') }, ...placesFor(nodes, record.id).map((n) => ({ value: n.id, label: `${'　'.repeat(n.depth)}${n.name}` }))];
  const move = async () => {
    setBusy(true);
    const answer = await update(object, record, { parent: to ? { id: to } : null });
    setBusy(false);
    if (answer.kind !== 'saved') return setFailure(answer.kind === 'failed' ? failureText(answer.error) : answer.kind === 'invalid' ? answer.errors[0]?.message ?? answer.message : t('toast.undo_conflict'));
    putRecord(client, object, answer.record);
    touch(client, object.plural);
    toastUpdated(client, object, record, answer.record, ['parent'], t('org.moved', { name: String(record.name) }));
    onClose();
  };
  return (
    <Modal open onCancel={onClose} title={t('org.move_title', { name: String(record.name) })} width={440} footer={<div className="form-foot"><span className="note" /><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" disabled={to === here} loading={busy} onClick={() => void move()}>{t('org.move_do')}</Button></div>}>
      <div className={failure ? 'ff bad' : 'ff'}>
        <label htmlFor="move-to">{t('org.move_to')}</label>
        <Select id="move-to" value={to} onChange={setTo} options={options} showSearch={{ optionFilterProp: 'label' }} />
        {failure ? <div className="err" role="alert">{failure}</div> : <div className="help">{t('org.move_help')}</div>}
      </div>
    </Modal>
  );
}
