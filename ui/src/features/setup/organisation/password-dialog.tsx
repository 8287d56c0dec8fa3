// A password for somebody: made here, handed over in person. It is shown once and kept nowhere.
import { Button, Input, Modal } from 'antd';
import { Copy, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { failureText } from '@/components/state';
import { copyText } from '@/components/copy';
import { showToast } from '@/components/toast';
import { ApiProblem } from '@/lib/api';
import { t } from '@/lib/i18n';
import type { Rec } from '@/lib/types';
import { setPassword } from './api';
import { freshPassword } from './tree';

export default function PasswordDialog({ person, onClose }: { person: Rec; onClose: () => void }) {
  const [word, setWord] = useState(() => freshPassword());
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const name = String(person.name);
  const save = async () => {
    setBusy(true);
    try {
      await setPassword(person.id, word);
      showToast(t('org.password_set', { name }));
      onClose();
    } catch (e) {
      setFailure((e instanceof ApiProblem && e.errors[0]?.message) || failureText(e));
    }
    setBusy(false);
  };
  const copy = () => { void copyText(word); };
  return (
    <Modal open onCancel={onClose} title={t('org.password_of', { name })} width={440} footer={<div className="form-foot"><span className="note" /><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={busy} disabled={!word} onClick={() => void save()}>{t('org.password_do')}</Button></div>}>
      <form className={failure ? 'ff bad' : 'ff'} onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <label htmlFor="new-password">{t('org.new_password')}</label>
        <div className="row"><Input id="new-password" className="code" value={word} onChange={(e) => { setFailure(''); setWord(e.target.value); }} autoComplete="new-password" spellCheck={false} status={failure ? 'error' : undefined} /><IconButton icon={RefreshCw} label={t('org.another_password')} onClick={() => setWord(freshPassword())} /><IconButton icon={Copy} label={t('org.copy_password')} onClick={copy} /></div>
        {failure ? <div className="err" role="alert">{failure}</div> : <div className="help">{t('org.password_help')}</div>}
      </form>
    </Modal>
  );
}
