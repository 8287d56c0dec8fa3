// Ticking off a task whose outcome matters asks for it: a person added on WeChat has answered, declined, or not yet.
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Rec, VerbMeta } from '@/lib/types';
import { useAfterVerb } from '@/record/verbs/use-verbs';
import { homeKey, todoKey } from './api';

const VerbDrawer = lazy(() => import('@/record/verbs/verb-drawer'));

const resultOf = (tasks: ObjectMeta | undefined, task: Rec): VerbMeta | undefined => (task.kind === 'wechat_add' ? tasks?.verbs?.find((v) => v.verb === 'wechat_result') : undefined);
export const asksResult = (tasks: ObjectMeta | undefined, task: Rec): boolean => !!resultOf(tasks, task);

function Ask({ tasks, task, verb, onClose }: { tasks: ObjectMeta; task: Rec; verb: VerbMeta; onClose: () => void }) {
  const client = useQueryClient();
  const after = useAfterVerb(tasks, task);
  const done: typeof after = (v, told) => {
    after(v, told);
    [homeKey, todoKey].forEach((queryKey) => void client.invalidateQueries({ queryKey }));
  };
  return <VerbDrawer object={tasks} record={task} verb={verb} onClose={onClose} onDone={done} />;
}

export function TaskResult({ task, onClose }: { task: Rec | null; onClose: () => void }) {
  const tasks = useCatalogue().byName.get('task');
  const verb = task ? resultOf(tasks, task) : undefined;
  return task && tasks && verb ? <Suspense><Ask tasks={tasks} task={task} verb={verb} onClose={onClose} /></Suspense> : null;
}
