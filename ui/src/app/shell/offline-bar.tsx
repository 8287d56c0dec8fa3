// What is shown while the server is out of reach, from when it is, and what waits to be sent.
import '@/lib/offline-words';
import '@/styles/offline.css';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { CloudOff, CloudUpload } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { showToast } from '@/components/toast';
import { formatInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { useSignedIn } from '@/lib/me';
import { useLink } from '@/lib/offline/link';
import { sendAll } from '@/lib/offline/unsent';

const UnsentDrawer = lazy(() => import('./unsent-drawer'));

/** As soon as the server answers again; a refused one waits for its writer. */
function useSending(): boolean {
  const client = useQueryClient();
  const { user } = useSignedIn();
  const { lost, unsent } = useLink();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (lost !== null || !unsent) return;
    let here = true;
    setBusy(true);
    void sendAll(user.id).then((n) => {
      if (!n) return;
      showToast(t('offline.sent', { n }));
      void client.invalidateQueries();
    }).catch(() => {}).finally(() => { if (here) setBusy(false); });
    return () => { here = false; };
  }, [lost, unsent, user.id, client]);
  return busy;
}

export default function OfflineBar() {
  const { lost, shownAt, unsent } = useLink();
  const busy = useSending();
  const [open, setOpen] = useState(false);
  const Icon = lost === null ? CloudUpload : CloudOff;
  const state = lost === null ? t('offline.waiting', { n: unsent }) : shownAt ? t('offline.shown', { at: formatInstant(new Date(shownAt).toISOString()) }) : t('offline.lost');
  if (lost === null && !unsent) return null;
  return (
    <div className={lost === null ? 'offline-bar' : 'offline-bar lost'} role="status">
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <span className="grow">{state}</span>
      {unsent > 0 && <Button size="small" loading={busy} onClick={() => setOpen(true)}>{t('offline.unsent', { n: unsent })}</Button>}
      {open && <Suspense><UnsentDrawer onClose={() => setOpen(false)} /></Suspense>}
    </div>
  );
}
