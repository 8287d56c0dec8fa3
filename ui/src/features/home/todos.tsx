// To-dos: what is due, by kind; each can be ticked off, put off, or answered with a follow-up.
import { AlarmClock, CalendarDays, MessageSquareText } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { PageState } from '@/components/state';
import { dayNumber, dayOf, formatDay, fullInstant, timeOf, today } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { mayUpdate, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { Rec } from '@/lib/types';
import { useShell } from '@/record/page/shell-context';
import type { HomeAnswer } from './api';
import { todoCount, todosOf, type Todo, type TodoGroup } from './todo-items';
import { asksResult, TaskResult } from './task-result';
import { useTodo } from './use-todo';

const SHOWN = 8;
const GROUPS: TodoGroup[] = ['followups', 'tasks', 'pool'];

function Due({ todo }: { todo: Todo }) {
  const day = dayOf(Date.parse(todo.at));
  const late = dayNumber(today()) - dayNumber(day);
  const time = todo.allDay ? '' : ` ${timeOf(todo.at)}`;
  if (todo.group === 'pool') return <span className="num nw" title={fullInstant(todo.at)}>{formatDay(day)}</span>;
  if (late > 0) return <span className="num nw late" title={fullInstant(todo.at)}>{t('date.days_late', { n: late })}</span>;
  const passed = !todo.allDay && Date.parse(todo.at) < Date.now();
  return <span className={`num nw ${passed ? 'late' : 'warn'}`} title={fullInstant(todo.at)}>{formatDay(day)}{time}</span>;
}

function Row({ todo }: { todo: Todo }) {
  const { byName } = useCatalogue();
  const { phone } = useShell();
  const navigate = useNavigate();
  const { done, later } = useTodo();
  const [asked, setAsked] = useState<Rec | null>(null);
  const target = byName.get(todo.object);
  const tasks = byName.get('task');
  const about = todo.about && byName.get(todo.about.object);
  const task = todo.task && tasks && mayUpdate(tasks) ? todo.task : undefined;
  const Icon = todo.icon;
  const words = <Link className="cut ink" to={target ? `/${target.plural}/${todo.id}` : '/'}>{todo.title}</Link>;
  const tick = task ? <button type="button" className="tick" aria-label={t('home.tick', { name: todo.title })} title={t('home.tick_short')} onClick={() => (asksResult(tasks, task) ? setAsked(task) : void done(task))} /> : <span />;
  const result = <TaskResult task={asked} onClose={() => setAsked(null)} />;
  if (phone) return <div className="mrow todo-m" role="listitem">{tick}<Icon size={20} strokeWidth={1.75} className="muted" aria-hidden /><div className="grow"><div className="cut">{words}</div><div className="cap muted cut">{todo.whom}</div></div><span className="cap"><Due todo={todo} /></span>{result}</div>;
  return (
    <div className="todo" role="listitem">
      {tick}<Icon size={16} strokeWidth={1.75} className="muted" aria-hidden />{words}<span className="cut soft" title={todo.whom}>{todo.whom}</span>
      <Due todo={todo} />
      <span className="todo-acts">
        {task && <IconButton small icon={AlarmClock} label={t('home.later')} onClick={() => void later(task)} />}
        {about && <IconButton small icon={MessageSquareText} label={t('home.write')} onClick={() => void navigate(`/${about.plural}/${todo.about!.id}?follow=1`)} />}
      </span>
      {result}
    </div>
  );
}

export function Todos({ home }: { home: HomeAnswer }) {
  const [group, setGroup] = useState<TodoGroup | null>(null);
  const all = todosOf(home);
  const count = todoCount(home);
  const shown = group ? all.filter((x) => x.group === group) : all;
  const tab = (key: TodoGroup | null, words: string, n: number, over = false) => (n > 0 || key === null) && (
    <button key={key ?? 'all'} type="button" role="tab" aria-selected={group === key} className={group === key ? 'on' : ''} onClick={() => setGroup(key)}>{words} <em>{formatNumber(n)}{over && '+'}</em></button>
  );
  return (
    <section className="card c8" aria-label={t('home.todos')}>
      <header><div className="tabs small" role="tablist" aria-label={t('home.todos')}>{tab(null, t('home.todos'), count.value, count.over)}{GROUPS.map((g) => tab(g, t(`home.todos.${g}`), all.filter((x) => x.group === g).length))}</div>
        <span className="extra"><Link to="/todo">{t('home.all_todos')}</Link></span></header>
      {shown.length === 0 && <PageState icon={CalendarDays} title={t('home.nothing_due')} text={t('home.nothing_due_text')} />}
      <div role={shown.length ? 'list' : undefined}>{shown.slice(0, SHOWN).map((todo) => <Row key={todo.key} todo={todo} />)}</div>
      {shown.length > SHOWN && <Link className="todo-rest cap block" to="/todo">{t('home.more', { n: shown.length - SHOWN })}</Link>}
    </section>
  );
}
