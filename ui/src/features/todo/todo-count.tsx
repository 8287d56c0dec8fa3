// Beside 待办 in the sidebar: how much is overdue or due today. It follows what changes.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { mayRead, useCatalogue } from '@/lib/meta';
import { useLive } from '@/lib/use-live';
import { todoKey } from '../home/api';
import { useDueCount } from './todo-api';

const CALM_MS = 4000;
export const WATCHED = ['task', 'account', 'lead', 'opportunity'];

/** Reads the to-dos again when one of their objects changes, at most every few seconds. */
export function useTodoLive() {
  const client = useQueryClient();
  const { byName } = useCatalogue();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(WATCHED.map((n) => byName.get(n)).filter((o) => !!o && mayRead(o)).map((o) => o!.plural), () => {
    timer.current ??= setTimeout(() => { timer.current = undefined; void client.invalidateQueries({ queryKey: todoKey }); }, CALM_MS);
  });
}

export default function TodoCount() {
  useTodoLive();
  const { data } = useDueCount();
  return data?.due ? <span className="side-n">{data.due}{data.over && '+'}</span> : null;
}
