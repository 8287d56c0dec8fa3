// Page shortcuts. Keys do nothing while someone types or an input method is composing.
import { useEffect, useRef } from 'react';

type Handlers = Record<string, (e: KeyboardEvent) => void>;

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const overlayOpen = (): boolean => document.querySelector('.ant-drawer-open, .ant-modal-wrap:not([style*="display: none"]), .palette') !== null;

export function keyName(e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>): string {
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  return (e.ctrlKey || e.metaKey ? 'mod+' : '') + key;
}

/** Single letters act only when nothing is open above the page; `mod+…` acts everywhere. */
export function useKeys(handlers: Handlers) {
  const latest = useRef(handlers);
  useEffect(() => { latest.current = handlers; });
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const name = keyName(e);
      const handler = latest.current[name];
      if (!handler || e.isComposing || e.defaultPrevented || e.altKey) return;
      const everywhere = name === 'mod+k';
      if (!everywhere && (typing(e.target) || overlayOpen())) return;
      handler(e);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
