// 待办: tasks, follow-ups due, mentions, warnings of the pool as one list by when they are due.
import '@/lib/home-words';
import '@/lib/message-words';
import '@/lib/todo-words';
import '@/styles/todo.css';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheckBig } from 'lucide-react';
import { useEffect } from 'react';
import { Link, useSearchParams } from 'react-router';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, failureText, PageState } from '@/components/state';
import { showFailure } from '@/components/toast';
import { formatDay } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { mayCreate, mayRead, useCatalogue } from '@/lib/meta';
import { useSignedIn } from '@/lib/me';
import { formatNumber } from '@/lib/numbers';
import { TopBar } from '@/record/page/top-bar';
import { useTitle } from '@/record/page/use-title';
import type { HomeAnswer } from '../home/api';
import { listUrl } from '../home/links';
import { saveTodo } from '../home/save-todo';
import { todosOf, type Todo } from '../home/todo-items';
import { markRead, readAgain, type Message } from '../messages/messages-api';
import { QuickAdd } from './quick-add';
import { useMentions, useTodoAnswer } from './todo-api';
import { useTodoLive } from './todo-count';
import { MentionRow, TodoRow, type TodoActs } from './todo-row';
import { GROUPS, onDay, whenOf, type When } from './when';

const PARTS = ['followups', 'tasks', 'mentions', 'pool'] as const;
type Part = (typeof PARTS)[number];

function useActs(): TodoActs {
  const client = useQueryClient();
  const { byName } = useCatalogue();
  const viewed = !!useSignedIn().viewed_by;
  const done: TodoActs['done'] = (task, name) => { const o = byName.get('task'); if (o) void saveTodo(client, o, task, { status: 'done' }, t('todo.done', { name })); };
  const putOff: TodoActs['putOff'] = (todo, field, day) => {
    const object = byName.get(todo.object);
    const record = todo.task ?? todo.record;
    if (object && record) void saveTodo(client, object, record, { [field]: onDay(todo.at, day) }, t('todo.put_off_said', { name: todo.title, day: formatDay(day) }));
  };
  const read = (message: Message) => { if (!viewed) void markRead([message.id]).catch((e: unknown) => showFailure(failureText(e))).finally(() => readAgain(client)); };
  return { done, putOff, read };
}

function Section({ name, todos, mentions, acts }: { name: When | 'mentions'; todos: Todo[]; mentions?: Message[]; acts: TodoActs }) {
  const n = todos.length + (mentions?.length ?? 0);
  if (!n) return null;
  return (
    <section className="todo-group" aria-label={t(`todo.when.${name}`)}>
      <h3 className={name === 'overdue' ? 'late' : ''}>{t(`todo.when.${name}`)} <em>{formatNumber(n)}</em></h3>
      <div role="list" className="card">{mentions?.map((m) => <MentionRow key={m.id} message={m} acts={acts} />)}{todos.map((x) => <TodoRow key={x.key} todo={x} acts={acts} />)}</div>
    </section>
  );
}

/** Lists that were cut say where the rest is. */
function Rest({ cards }: Pick<HomeAnswer, 'cards'>) {
  const { byName } = useCatalogue();
  const card = cards.tasks;
  const object = card && byName.get(card.object);
  return card?.list?.next && object ? <p className="cap muted"><Link to={listUrl(object.plural, card.filter, card.sort)}>{t('todo.rest', { n: card.list.items.length })}</Link></p> : null;
}

function Lists({ answer, mentions, part }: { answer: Pick<HomeAnswer, 'cards'>; mentions: Message[]; part: Part | null }) {
  const acts = useActs();
  const todos = todosOf(answer).filter((x) => !part || x.group === part);
  const named = !part || part === 'mentions' ? mentions : [];
  const of = (when: When) => todos.filter((x) => whenOf(x.at, x.allDay || x.group === 'pool') === when);
  if (!todos.length && !named.length) return <PageState icon={CircleCheckBig} title={t('todo.none')} text={t('todo.none_text')} />;
  return (
    <>
      <Section name="overdue" todos={of('overdue')} acts={acts} />
      <Section name="mentions" todos={[]} mentions={named} acts={acts} />
      {GROUPS.filter((g) => g !== 'overdue').map((g) => <Section key={g} name={g} todos={of(g)} acts={acts} />)}
      <Rest cards={answer.cards} />
    </>
  );
}

/** Shows the to-do that a message leads to: `?at=task-1`; once, when it is there. */
function useAsked(there: boolean) {
  const at = useSearchParams()[0].get('at');
  useEffect(() => {
    const row = there && at ? document.querySelector<HTMLElement>(`.todo-page [data-todo="${CSS.escape(at)}"]`) : null;
    row?.scrollIntoView({ block: 'center' });
    row?.querySelector<HTMLElement>('a')?.focus({ preventScroll: true });
  }, [there, at]);
}

export default function TodoPage() {
  const [params, setParams] = useSearchParams();
  const { byName } = useCatalogue();
  const query = useTodoAnswer();
  const mentions = useMentions().data?.items ?? [];
  useTodoLive();
  useAsked(Boolean(query.data));
  useTitle(t('todo.title'));
  const asked = params.get('part') as Part | null;
  const part = asked && PARTS.includes(asked) ? asked : null;
  const all = query.data ? todosOf(query.data) : [];
  const countOf = (p: Part | null) => (p === 'mentions' ? mentions.length : all.filter((x) => !p || x.group === p).length + (p ? 0 : mentions.length));
  const tasks = byName.get('task');
  const tab = (p: Part | null) => <button key={p ?? 'all'} type="button" role="tab" aria-selected={part === p} className={part === p ? 'on' : ''} onClick={() => setParams(p ? { part: p } : {}, { replace: true })}>{t(`todo.part.${p ?? 'all'}`)} <em>{formatNumber(countOf(p))}</em></button>;
  return (
    <>
      <TopBar title={t('todo.title')} />
      <div className="todo-page">
        <div className="todo-body">
          {tasks && mayRead(tasks) && mayCreate(tasks) && <QuickAdd object={tasks} />}
          <div className="tabs" role="tablist" aria-label={t('todo.parts')}>{[null, ...PARTS].filter((p) => !p || p === part || countOf(p) > 0).map(tab)}</div>
          {query.isError && !query.data && <ErrorState error={query.error} title={t('todo.failed')} onRetry={() => void query.refetch()} />}
          {query.isPending && <BlockSkeleton lines={8} />}
          {query.data && <Lists answer={query.data} mentions={mentions} part={part} />}
        </div>
      </div>
    </>
  );
}
