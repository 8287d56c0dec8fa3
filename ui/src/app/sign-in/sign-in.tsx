import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, type InputRef } from 'antd';
import { Languages } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { failureText } from '@/components/state';
import { setPrefs, usePrefs } from '@/lib/prefs';
import { t } from '@/lib/i18n';
import { metaKey } from '@/lib/meta';
import { meKey, signIn } from '@/lib/session';

function LanguageSwitch() {
  const { language } = usePrefs();
  const other = language === 'en' ? 'zh-CN' : 'en';
  return (
    <button type="button" className="link-button soft row gap4" lang={other} onClick={() => setPrefs({ language: other })}>
      <Languages size={14} strokeWidth={1.75} aria-hidden />{t('prefs.other_language')}
    </button>
  );
}

function useSignIn() {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const submit = async (login: string, password: string) => {
    setBusy(true);
    setFailure('');
    try {
      await signIn(login, password);
      await client.resetQueries({ queryKey: metaKey });
      await client.invalidateQueries({ queryKey: meKey });
    } catch (e) {
      setFailure(failureText(e));
      setBusy(false);
    }
  };
  return { busy, failure, submit };
}

export default function SignIn() {
  const { busy, failure, submit } = useSignIn();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const passwordRef = useRef<InputRef>(null);
  const onSubmit = (e: FormEvent) => {
    e.preventDefault();
    if (!login || !password) return passwordRef.current?.focus();
    void submit(login.trim(), password);
  };
  return (
    <main className="sign-in">
      <form onSubmit={onSubmit} aria-label={t('sign_in.title')}>
        <div className="row gap12 brandline"><span className="seal big-seal">{t('app.seal')}</span><div><h1>{t('app.name')}</h1><p className="muted">{t('app.claim')}</p></div></div>
        <div className="f">
          <label htmlFor="login">{t('sign_in.login')}</label>
          <Input id="login" size="large" autoFocus autoComplete="username" value={login} onChange={(e) => setLogin(e.target.value)} />
        </div>
        <div className="f">
          <label htmlFor="password">{t('sign_in.password')}</label>
          <Input.Password id="password" ref={passwordRef} size="large" autoComplete="current-password" value={password} onChange={(e) => setPassword(e.target.value)} status={failure ? 'error' : undefined} aria-describedby="sign-in-failure" />
        </div>
        <div id="sign-in-failure" className="failure" role="alert">{failure}</div>
        <Button type="primary" size="large" htmlType="submit" block loading={busy}>{t('sign_in.submit')}</Button>
        <div className="row between foot"><LanguageSwitch /><span className="muted cap">{t('sign_in.hint')}</span></div>
      </form>
    </main>
  );
}
