// The page's data: asked for early, read again when something in it has changed, at most every few seconds.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { mayRead, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { useLive } from '@/lib/use-live';
import { homeKey, homeOptions, type HomeScope } from './api';

const CALM_MS = 4000;
const KEY = 'gx.home';
const WATCHED = ['task', 'account', 'lead', 'opportunity', 'meeting', 'visit', 'followup', 'order'];

/** Who sees everything begins with everything, others with their own; a choice is kept on the device. */
const usualScope = (deals: ObjectMeta | undefined): HomeScope => (deals?.rights?.read === 'all' ? 'all' : 'mine');
const listeners = new Set<() => void>();
const subscribe = (f: () => void) => { listeners.add(f); return () => { listeners.delete(f); }; };
const stored = (): string => { try { return localStorage.getItem(KEY) ?? ''; } catch { return ''; } };

export const setScope = (scope: HomeScope) => {
  try { localStorage.setItem(KEY, scope); } catch { /* private mode: the usual one */ }
  listeners.forEach((f) => f());
};

export function useScope(): HomeScope {
  const { byName } = useCatalogue();
  const chosen = useSyncExternalStore(subscribe, stored);
  return chosen === 'mine' || chosen === 'all' ? chosen : usualScope(byName.get('opportunity') ?? byName.get('account'));
}

export function useHome(scope: HomeScope) {
  const client = useQueryClient();
  const { byName } = useCatalogue();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(WATCHED.map((n) => byName.get(n)).filter((o): o is ObjectMeta => !!o && mayRead(o)).map((o) => o.plural), () => {
    timer.current ??= setTimeout(() => { timer.current = undefined; void client.invalidateQueries({ queryKey: homeKey }); }, CALM_MS);
  });
  return useQuery({ ...homeOptions(scope), placeholderData: (old) => old, refetchOnWindowFocus: true, refetchInterval: 5 * 60_000 });
}
