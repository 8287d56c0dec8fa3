// What can be done with a to-do where it stands.
import { useQueryClient } from '@tanstack/react-query';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import type { Rec } from '@/lib/types';
import { putOff } from './put-off';

export function useTodo() {
  const client = useQueryClient();
  const object = useCatalogue().byName.get('task');
  const save = async (task: Rec, change: Record<string, unknown>, said: string) => {
    if (object) await (await import('./save-todo')).saveTodo(client, object, task, change, said);
  };
  return {
    done: (task: Rec) => save(task, { status: 'done' }, t('home.done', { name: String(task.subject ?? '') })),
    later: (task: Rec) => save(task, { due_at: putOff(String(task.due_at)) }, t('home.put_off', { name: String(task.subject ?? '') })),
  };
}
