// A new key: a name, then the key itself, once.
import { Button, Input, Modal } from 'antd';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { failureText } from '@/components/state';
import { copyText } from '@/components/copy';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';

export default function KeyDialog({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const make = async () => {
    setBusy(true);
    setFailure('');
    try { setKey((await send<{ key: string }>('POST', '/api-keys', { body: { name: name.trim() } })).key); onMade(); } catch (e) { setFailure(failureText(e)); }
    setBusy(false);
  };
  const copy = () => { void copyText(key); };
  const foot = key
    ? <div className="form-foot"><span className="note" /><Button type="primary" onClick={onClose}>{t('action.close')}</Button></div>
    : <div className="form-foot"><span className="note" /><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={busy} disabled={!name.trim()} onClick={() => void make()}>{t('apikeys.do')}</Button></div>;
  return (
    <Modal open onCancel={onClose} title={t('apikeys.new')} width={480} footer={foot} mask={{ closable: false }}>
      {failure && <div className="banner danger" role="alert"><div className="grow">{failure}</div></div>}
      {key ? (
        <div className="ff">
          <label htmlFor="made-key">{name}</label>
          <div className="row"><Input id="made-key" className="code" readOnly value={key} /><IconButton icon={Copy} label={t('apikeys.copy')} onClick={copy} /></div>
          <div className="help">{t('apikeys.made')}</div>
        </div>
      ) : (
        <div className="ff">
          <label htmlFor="key-name">{t('apikeys.name')}</label>
          <Input id="key-name" value={name} maxLength={80} autoFocus onChange={(e) => setName(e.target.value)} onPressEnter={() => { if (name.trim()) void make(); }} />
          <div className="help">{t('apikeys.name_help')}</div>
        </div>
      )}
    </Modal>
  );
}
