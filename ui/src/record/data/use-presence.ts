// Who else has this record open: said again while the page is seen, looked up when the stream tells that somebody came or went.
import { useCallback, useContext, useEffect, useRef, useState } from 'react';
import { get, send } from '@/lib/api';
import { useSignedIn } from '@/lib/me';
import { LiveContext } from '@/lib/use-live';
import type { LinkValue, ObjectMeta } from '@/lib/types';

export interface Here { user: LinkValue; editing: boolean }
interface Answer { items: Here[]; again_ms: number }

const FIRST_MS = 600; // who only passes through is not here
const AGAIN_MS = 15_000;

export function usePresence(object: ObjectMeta, id: string, editing: boolean): Here[] {
  const live = useContext(LiveContext);
  const viewer = !!useSignedIn().viewed_by;
  const [here, setHere] = useState<Here[]>([]);
  const path = `/${object.plural}/${id}/presence`;
  const now = useRef(editing);
  const said = useRef(false);
  const beat = useCallback(() => {
    if (viewer || document.visibilityState === 'hidden') return;
    said.current = true;
    send<Answer>('PUT', path, { body: { editing: now.current }, beat: true }).then((a) => setHere(a.items), () => setHere([]));
  }, [path, viewer]);
  useEffect(() => {
    now.current = editing;
    if (said.current) beat();
  }, [editing, beat]);
  useEffect(() => {
    const leave = () => { if (said.current) send('DELETE', path, { beat: true }).catch(() => {}); said.current = false; };
    const seen = () => { if (document.visibilityState === 'hidden') leave(); else beat(); };
    const first = setTimeout(beat, FIRST_MS);
    const again = setInterval(beat, AGAIN_MS);
    document.addEventListener('visibilitychange', seen);
    window.addEventListener('pagehide', leave);
    return () => { clearTimeout(first); clearInterval(again); document.removeEventListener('visibilitychange', seen); window.removeEventListener('pagehide', leave); leave(); };
  }, [beat, path]);
  useEffect(() => live?.on((event) => {
    if (event === 'reset' || event.action !== 'presence' || event.object !== object.object || event.id !== id || !said.current) return;
    get<Answer>(path).then((a) => setHere(a.items), () => {});
  }), [live, object.object, id, path]);
  return here;
}
