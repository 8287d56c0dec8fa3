// Back returns to where one was: the scroll offset of each list, as long as the page lives.
import { useState, type UIEvent } from 'react';

const places = new Map<string, number>();

export function usePlace(key: string | undefined) {
  const [start] = useState(() => (key ? places.get(key) ?? 0 : 0));
  const keep = (e: UIEvent<HTMLElement>) => { if (key) places.set(key, e.currentTarget.scrollTop); };
  return { start, keep };
}
