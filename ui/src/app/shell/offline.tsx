// Out of reach, or with something that waits to be sent: the bar above the page. When the server is back everything is read again and sent.
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useSignedIn } from '@/lib/me';
import { useLink } from '@/lib/offline/link';

const loadBar = () => import('./offline-bar');
const OfflineBar = lazy(loadBar);
const MOMENT_MS = 800;
const AHEAD_MS = 3000;

/** What is needed without the server has to be here before it is gone. */
function useAhead(user: string) {
  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([loadBar(), import('./unsent-drawer'), import('@/lib/offline/unsent').then((m) => m.recount(user))]).catch(() => {}), AHEAD_MS);
    return () => clearTimeout(timer);
  }, [user]);
}

/** A server that is back within a moment is not worth a word. */
function useLost(lost: number | null): boolean {
  const [told, setTold] = useState(false);
  useEffect(() => {
    if (lost === null) { setTold(false); return; }
    const timer = setTimeout(() => setTold(true), MOMENT_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  return told;
}

export function Offline() {
  const client = useQueryClient();
  const { user } = useSignedIn();
  const { lost, unsent } = useLink();
  const told = useLost(lost);
  const before = useRef(lost);
  useAhead(user.id);
  useEffect(() => {
    if (before.current !== null && lost === null) void client.invalidateQueries();
    before.current = lost;
  }, [lost, client]);
  return told || unsent > 0 ? <Suspense><OfflineBar /></Suspense> : null;
}
