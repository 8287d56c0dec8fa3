// Live changes for components: watch some items, be told (at most four times a second) that something there changed.
import { createContext, useContext, useEffect, useRef } from 'react';
import type { Live, LiveEvent } from './live';

export const LiveContext = createContext<Live | null>(null);

export function useLive(items: string[], onChange: (events: LiveEvent[], reset: boolean) => void) {
  const live = useContext(LiveContext);
  const latest = useRef(onChange);
  useEffect(() => { latest.current = onChange; });
  const key = items.join(',');
  useEffect(() => {
    if (!live || !key) return;
    let pending: LiveEvent[] = [];
    let reset = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => { timer = undefined; latest.current(pending, reset); pending = []; reset = false; };
    const unwatch = live.watch(key.split(','));
    const off = live.on((event) => {
      if (event !== 'reset' && event.action === 'presence') return; // nothing there changed
      if (event === 'reset') reset = true; else pending.push(event);
      timer ??= setTimeout(flush, 250);
    });
    return () => { unwatch(); off(); clearTimeout(timer); };
  }, [live, key]);
}
