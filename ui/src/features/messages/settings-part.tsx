// Which kinds one wants, in the message centre and on the desktop. The browser is asked on a click, never by itself.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Select, Switch } from 'antd';
import { useState } from 'react';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { t } from '@/lib/i18n';
import { PushPart } from './push-part';
import { DigestPart } from './digest-part';
import { choose, chooseTimes, KEY, useChoices, type Choice, type Choices, type DigestTimes } from './messages-api';

const permission = (): NotificationPermission | 'none' => (typeof Notification === 'undefined' ? 'none' : Notification.permission);

function Desktop() {
  const [now, setNow] = useState(permission);
  if (now === 'none') return null;
  return (
    <div className="ms-desktop">
      <p className="soft">{t('messages.desktop_text')}</p>
      {now === 'default' && <Button onClick={() => void Notification.requestPermission().then(setNow)}>{t('messages.desktop_ask')}</Button>}
      {now === 'granted' && <PushPart />}
      {now === 'denied' && <p className="muted cap">{t('messages.desktop_refused')}</p>}
    </div>
  );
}

const MODES = ['now', 'digest', 'off'] as const;
type Mode = typeof MODES[number];
const modeOf = (k: Choice): Mode => (!k.product ? 'off' : k.digest ? 'digest' : 'now');

export function SettingsPart() {
  const client = useQueryClient();
  const query = useChoices();
  if (query.isPending) return <BlockSkeleton lines={8} />;
  if (query.isError) return <ErrorState error={query.error} title={t('messages.failed')} onRetry={() => void query.refetch()} />;
  const { kinds, digest } = query.data;
  const store = async (next: Choices, save: () => Promise<null>) => {
    client.setQueryData([KEY, 'settings'], next);
    try { await save(); } catch (e) { showFailure(failureText(e)); }
    void query.refetch();
  };
  const set = (choice: Choice) => void store({ kinds: kinds.map((k) => (k.kind === choice.kind ? choice : k)), digest }, () => choose([choice]));
  const setTimes = (part: Partial<DigestTimes>) => void store({ kinds, digest: { ...digest, ...part } }, () => chooseTimes(part));
  return (
    <>
      <table className="ms-settings">
        <thead><tr><th scope="col"><span className="visually-hidden">{t('messages.settings')}</span></th><th scope="col">{t('messages.product')}</th><th scope="col">{t('messages.desktop')}</th></tr></thead>
        <tbody>
          {kinds.map((k) => {
            const words = t(`messages.kind.${k.kind}`);
            const now = modeOf(k) === 'now';
            return (
              <tr key={k.kind}><th scope="row">{words}</th>
                <td><Select<Mode> size="small" className="ms-mode" popupMatchSelectWidth={false} aria-label={`${words} · ${t('messages.product')}`} value={modeOf(k)} onChange={(mode) => set({ ...k, product: mode !== 'off', digest: mode === 'digest' })} options={MODES.map((mode) => ({ value: mode, label: t(`messages.mode.${mode}`) }))} /></td>
                <td><Switch size="small" checked={now && k.desktop} disabled={!now} aria-label={`${words} · ${t('messages.desktop')}`} onChange={(on) => set({ ...k, desktop: on })} /></td></tr>
            );
          })}
        </tbody>
      </table>
      <DigestPart times={digest} used={kinds.some((k) => modeOf(k) === 'digest')} onChange={setTimes} />
      <Desktop />
    </>
  );
}
