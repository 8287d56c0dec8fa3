// Which kinds one wants, in the message centre and on the desktop. The browser is asked on a click, never by itself.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Switch } from 'antd';
import { useState } from 'react';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { t } from '@/lib/i18n';
import { PushPart } from './push-part';
import { choose, KEY, useChoices, type Choice } from './messages-api';

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

export function SettingsPart() {
  const client = useQueryClient();
  const query = useChoices();
  if (query.isPending) return <BlockSkeleton lines={8} />;
  if (query.isError) return <ErrorState error={query.error} title={t('messages.failed')} onRetry={() => void query.refetch()} />;
  const set = async (choice: Choice) => {
    client.setQueryData([KEY, 'settings'], { kinds: query.data.kinds.map((k) => (k.kind === choice.kind ? choice : k)) });
    try { await choose([choice]); } catch (e) { showFailure(failureText(e)); void query.refetch(); }
  };
  return (
    <>
      <table className="ms-settings">
        <thead><tr><th scope="col"><span className="visually-hidden">{t('messages.settings')}</span></th><th scope="col">{t('messages.product')}</th><th scope="col">{t('messages.desktop')}</th></tr></thead>
        <tbody>
          {query.data.kinds.map((k) => {
            const words = t(`messages.kind.${k.kind}`);
            return (
              <tr key={k.kind}><th scope="row">{words}</th>
                <td><Switch size="small" checked={k.product} aria-label={`${words} · ${t('messages.product')}`} onChange={(on) => void set({ ...k, product: on })} /></td>
                <td><Switch size="small" checked={k.product && k.desktop} disabled={!k.product} aria-label={`${words} · ${t('messages.desktop')}`} onChange={(on) => void set({ ...k, desktop: on })} /></td></tr>
            );
          })}
        </tbody>
      </table>
      <Desktop />
    </>
  );
}
