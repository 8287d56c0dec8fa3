// One thing that waits: ticked off, put off, answered where it stands.
import { Button, Dropdown } from 'antd';
import { AlarmClock, AtSign, Check, MessageSquareText } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { dayNumber, dayOf, formatDay, fullInstant, timeOf, today } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { fieldOf, isEditable, mayUpdate, useCatalogue } from '@/lib/meta';
import type { Rec } from '@/lib/types';
import { useShell } from '@/record/page/shell-context';
import { asksResult, TaskResult } from '../home/task-result';
import type { Todo } from '../home/todo-items';
import type { Message } from '../messages/messages-api';
import { sentenceOf } from '../messages/sentence';
import { putOffDays } from './when';

const PutOffDialog = lazy(() => import('./put-off-dialog'));

export interface TodoActs { done: (task: Rec, name: string) => void; putOff: (todo: Todo, field: string, day: string) => void; read: (message: Message) => void }

function Due({ todo }: { todo: Todo }) {
  if (!todo.at) return <span className="num nw muted">{t('todo.no_date')}</span>;
  const day = dayOf(Date.parse(todo.at));
  const late = dayNumber(today()) - dayNumber(day);
  const title = fullInstant(todo.at);
  if (todo.group === 'pool') return <span className="num nw warn" title={title}>{late >= 0 ? t('todo.pool_today') : formatDay(day)}</span>;
  if (late > 0) return <span className="num nw late" title={title}>{t('date.days_late', { n: late })}</span>;
  const passed = !todo.allDay && Date.parse(todo.at) < Date.now();
  return <span className={`num nw ${passed ? 'late' : late === 0 ? 'warn' : ''}`} title={title}>{formatDay(day)}{!todo.allDay && ` ${timeOf(todo.at)}`}</span>;
}

/** The date that is put off, where the person may change it. */
function useDateField(todo: Todo): string | undefined {
  const object = useCatalogue().byName.get(todo.object);
  const name = todo.task ? 'due_at' : todo.group === 'followups' ? 'next_followup_at' : '';
  const field = object && name ? fieldOf(object, name) : undefined;
  return object && mayUpdate(object) && field && isEditable(field) ? name : undefined;
}

function PutOff({ todo, field, acts }: { todo: Todo; field: string; acts: TodoActs }) {
  const [asks, setAsks] = useState(false);
  const { phone } = useShell();
  const days = putOffDays();
  const items = [...days.map(({ key, day }) => ({ key: day, label: `${t(`todo.put_off.${key}`)} · ${formatDay(day)}` })), { key: 'date', label: t('todo.put_off.date') }];
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => (key === 'date' ? setAsks(true) : acts.putOff(todo, field, key)) }}>
        <button type="button" className={phone ? 'ib' : 'ib sm'} aria-label={t('todo.put_off', { name: todo.title })} title={t('todo.put_off_short')}><AlarmClock size={phone ? 20 : 14} strokeWidth={1.75} aria-hidden /></button>
      </Dropdown>
      <Suspense>{asks && <PutOffDialog name={todo.title} onClose={() => setAsks(false)} onDay={(day) => { setAsks(false); acts.putOff(todo, field, day); }} />}</Suspense>
    </>
  );
}

export function TodoRow({ todo, acts }: { todo: Todo; acts: TodoActs }) {
  const { byName } = useCatalogue();
  const { phone } = useShell();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const target = byName.get(todo.object);
  const tasks = byName.get('task');
  const about = todo.about && byName.get(todo.about.object);
  const field = useDateField(todo);
  const [asked, setAsked] = useState<Rec | null>(null);
  const Icon = todo.icon;
  const tick = todo.task && tasks && mayUpdate(tasks) ? <button type="button" className="tick" aria-label={t('todo.tick', { name: todo.title })} title={t('todo.tick_short')} onClick={() => (asksResult(tasks, todo.task!) ? setAsked(todo.task!) : acts.done(todo.task!, todo.title))} /> : <span className="no-tick" />;
  const words = <Link className="cut ink" to={target ? `/${target.plural}/${todo.id}` : '/'}>{todo.title}</Link>;
  const write = about && <IconButton small={!phone} size={phone ? 20 : 14} icon={MessageSquareText} label={t('todo.write', { name: todo.title })} onClick={() => void navigate(`/${about.plural}/${todo.about!.id}?follow=1`)} />;
  const later = field && <PutOff todo={todo} field={field} acts={acts} />;
  const result = <TaskResult task={asked} onClose={() => setAsked(null)} />;
  const here = params.get('at') === todo.key ? ' here' : '';
  if (phone) return <div className={`mrow todo-m${here}`} role="listitem" data-todo={todo.key}>{tick}<div className="grow"><div className="cut">{words}</div><div className="cap muted cut"><Due todo={todo} />{todo.whom && ` · ${todo.whom}`}</div></div>{write}{later}{result}</div>;
  return <div className={`todo${here}`} role="listitem" data-todo={todo.key}>{tick}<Icon size={16} strokeWidth={1.75} className="muted" aria-hidden />{words}<span className="cut soft" title={todo.whom}>{todo.whom}</span><Due todo={todo} /><span className="todo-acts">{later}{write}</span>{result}</div>;
}

export function MentionRow({ message, acts }: { message: Message; acts: TodoActs }) {
  const catalogue = useCatalogue();
  const { phone } = useShell();
  const object = catalogue.byName.get(message.object ?? '');
  const words = <Link className="cut ink" to={object ? `/${object.plural}/${message.record?.id ?? ''}` : '/'} onClick={() => acts.read(message)}>{message.source?.text || sentenceOf(message, catalogue)}</Link>;
  const read = <Button size={phone ? 'middle' : 'small'} type="text" icon={<Check size={14} strokeWidth={1.75} />} onClick={() => acts.read(message)}>{t('todo.read')}</Button>;
  const who = `${message.by?.title ?? ''} · ${message.record?.title ?? ''}`;
  if (phone) return <div className="mrow todo-m" role="listitem"><AtSign size={20} strokeWidth={1.75} className="muted" aria-hidden /><div className="grow"><div className="cut">{words}</div><div className="cap muted cut">{who}</div></div>{read}</div>;
  return <div className="todo" role="listitem"><span /><AtSign size={16} strokeWidth={1.75} className="muted" aria-hidden />{words}<span className="cut soft">{who}</span><span className="num nw">{formatDay(dayOf(Date.parse(message.at)))} {timeOf(message.at)}</span><span className="todo-acts">{read}</span></div>;
}
