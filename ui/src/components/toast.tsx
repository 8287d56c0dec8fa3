// The toast after every change: what happened, and undo for eight seconds (also Ctrl Z).
import { Check, CircleAlert } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { Kbd } from './kbd';

export interface Toast { id: number; text: string; tone: 'done' | 'error'; action?: { label: string; key?: string; run: () => void } }

let shown: Toast | null = null;
let next = 1;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const LIFE = 8000;

function put(toast: Toast | null) {
  clearTimeout(timer);
  shown = toast;
  if (toast) timer = setTimeout(() => put(null), LIFE);
  listeners.forEach((f) => f());
}

export const showToast = (text: string, action?: Toast['action']) => put({ id: next++, text, tone: 'done', action });
export const showFailure = (text: string) => put({ id: next++, text, tone: 'error' });
export const hideToast = () => put(null);

const subscribe = (f: () => void) => { listeners.add(f); return () => { listeners.delete(f); }; };

export function ToastRegion() {
  const toast = useSyncExternalStore(subscribe, () => shown);
  const action = toast?.action;
  const act = () => { put(null); action?.run(); };
  useEffect(() => {
    if (!action) return;
    const onKey = (e: KeyboardEvent) => {
      if (!(e.ctrlKey || e.metaKey) || e.key !== 'z' || (e.target as HTMLElement).closest('input, textarea')) return;
      e.preventDefault();
      put(null);
      action.run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [action]);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toast && (
        <div className={`toast ${toast.tone}`} key={toast.id}>
          {toast.tone === 'done' ? <Check size={16} strokeWidth={1.75} aria-hidden /> : <CircleAlert size={16} strokeWidth={1.75} aria-hidden />}
          <span className="cut">{toast.text}</span>
          {action && <button type="button" onClick={act}>{action.label}{action.key && <Kbd>{action.key}</Kbd>}</button>}
        </div>
      )}
    </div>
  );
}
