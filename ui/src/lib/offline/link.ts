// Whether the server can be reached, what is shown instead, and how much waits to be sent. The smallest part: it is there from the start.
import { useSyncExternalStore } from 'react';

/** lost: when the server was last found out of reach; shownAt: when the oldest of what is shown instead was read; unsent: follow-ups that wait. */
export interface Link { lost: number | null; shownAt: number | null; unsent: number }

let link: Link = { lost: null, shownAt: null, unsent: 0 };
const listeners = new Set<() => void>();
const subscribe = (f: () => void) => { listeners.add(f); return () => { listeners.delete(f); }; };

export const getLink = (): Link => link;
export const useLink = (): Link => useSyncExternalStore(subscribe, getLink);

export function setLink(change: Partial<Link>) {
  if (Object.entries(change).every(([k, v]) => link[k as keyof Link] === v)) return;
  link = { ...link, ...change };
  listeners.forEach((f) => f());
}
