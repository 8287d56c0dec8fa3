// The bell: how much is unread, told at once while a page is open; on the desktop where one allowed it.
import '@/lib/message-words';
import { useQueryClient } from '@tanstack/react-query';
import { Bell as Icon } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { t } from '@/lib/i18n';
import { mayRead, useCatalogue } from '@/lib/meta';
import { useSignedIn } from '@/lib/me';
import { useLive } from '@/lib/use-live';
import { showOnDesktop } from './desktop';
import { readAgain, useUnread } from './messages-api';

const Panel = lazy(() => import('./panel'));

export default function Bell({ size }: { size: number }) {
  const client = useQueryClient();
  const catalogue = useCatalogue();
  const { user } = useSignedIn();
  const [open, setOpen] = useState(false);
  const { hash } = useLocation();
  useEffect(() => { if (hash === '#messages') setOpen(true); }, [hash]); // where a pushed digest leads
  const { unread, more } = useUnread();
  const since = useRef(Date.now());
  const people = catalogue.byName.get('user');
  useLive(people && mayRead(people) ? [`${people.plural}/${user.id}`] : [], (events, reset) => {
    if (!reset && !events.some((e) => e.object === 'message')) return;
    readAgain(client);
    since.current = showOnDesktop(catalogue, since.current);
  });
  const words = unread ? t('messages.open', { n: unread }) : t('messages.open_none');
  return (
    <>
      <button type="button" className="ib bell" aria-label={words} title={words} onClick={() => setOpen(true)}>
        <Icon size={size} strokeWidth={1.75} aria-hidden />{unread > 0 && <span className="bell-n" aria-hidden>{more ? `${unread}+` : unread}</span>}
      </button>
      {open && <Suspense><Panel onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
