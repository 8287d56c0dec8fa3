// Through whose eyes: chosen here, noted by the server.
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { LinkInput } from '@/fields/link/link-input';
import { ApiProblem } from '@/lib/api';
import { t } from '@/lib/i18n';
import { PERSON } from '@/lib/principals';
import { viewAs } from '@/lib/session';
import type { FieldMeta, LinkValue } from '@/lib/types';

const WHO: FieldMeta = { name: 'as', type: 'link', to: PERSON, required: true, fixed: true };

export default function ViewAsDialog({ onClose }: { onClose: () => void }) {
  const [who, setWho] = useState<LinkValue | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const begin = async () => {
    if (!who) return;
    setBusy(true);
    try { await viewAs(who.id); } catch (e) { setFailure((e instanceof ApiProblem && e.errors[0]?.message) || failureText(e)); setBusy(false); }
  };
  return (
    <Modal open onCancel={onClose} title={t('view_as.title')} width={440} footer={<div className="form-foot"><span className="grow" /><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={busy} disabled={!who} onClick={() => void begin()}>{t('view_as.begin')}</Button></div>}>
      <div className={failure ? 'ff bad' : 'ff'}>
        <label htmlFor="view-as-who">{t('view_as.who')}</label>
        <LinkInput id="view-as-who" field={WHO} value={who} onChange={(v) => { setFailure(''); setWho(v as LinkValue | null); }} invalid={!!failure} autoFocus />
        {failure ? <div className="err" role="alert">{failure}</div> : <div className="help">{t('view_as.help')}</div>}
      </div>
    </Modal>
  );
}
