// To-dos of several kinds as one list: what is most overdue first; warnings stand after what is due.
import { AlarmClock, ClipboardList, Headset, MapPin, MessageSquareText, Waves, type LucideIcon } from 'lucide-react';
import { linkOf, linkTitle } from '@/fields/link/link';
import type { Rec } from '@/lib/types';
import { t } from '@/lib/i18n';
import { rowsOf, countOf, isOver, type HomeAnswer } from './api';

export type TodoGroup = 'followups' | 'tasks' | 'pool';
/** `record`: what opens, and where a follow-up is written; `task`: what can be ticked off. */
export interface Todo { key: string; group: TodoGroup; icon: LucideIcon; title: string; whom: string; at: string; allDay: boolean; object: string; id: string; task?: Rec; /** What its date stands on, beside a task. */ record?: Rec; about?: { object: string; id: string } }

const TALK = new Set(['followup', 'call', 'visit', 'wechat_add', 'care']);
const ICONS: Record<string, LucideIcon> = { call: Headset, visit: MapPin, followup: MessageSquareText, wechat_add: MessageSquareText };

function ofTask(task: Rec): Todo {
  const kind = String(task.kind ?? '');
  const about = linkOf(task.about) ?? linkOf(task.account);
  const object = about?.object ?? (about ? 'account' : undefined);
  return {
    key: `task-${task.id}`, group: TALK.has(kind) ? 'followups' : 'tasks', icon: ICONS[kind] ?? ClipboardList, title: String(task.subject ?? ''),
    whom: linkTitle(linkOf(task.account)) || linkTitle(about), at: String(task.due_at ?? ''), allDay: task.is_all_day === true, object: 'task', id: task.id, task,
    about: about && object ? { object, id: about.id } : undefined,
  };
}

const nameOf = (record: Rec): string => String(record.name || record.company || `#${record.id}`);

const ofDue = (object: string) => (record: Rec): Todo => ({
  key: `due-${record.id}`, group: 'followups', icon: AlarmClock, title: t('home.follow_up', { name: nameOf(record) }), whom: linkTitle(linkOf(record.account)) || String(record.company ?? ''),
  at: String(record.next_followup_at ?? ''), allDay: false, object, id: record.id, record, about: { object, id: record.id },
});

const ofPool = (object: string) => (record: Rec): Todo => ({
  key: `pool-${record.id}`, group: 'pool', icon: Waves, title: t('home.recycled', { name: nameOf(record) }), whom: String(record.company ?? ''), at: String(record.recycle_at ?? ''), allDay: false, object, id: record.id,
  about: { object, id: record.id },
});

export function todosOf({ cards }: Pick<HomeAnswer, 'cards'>): Todo[] {
  const due = [
    ...rowsOf(cards.tasks).map(ofTask), ...rowsOf(cards.accounts_due).map(ofDue('account')),
    ...rowsOf(cards.leads_due).map(ofDue('lead')), ...rowsOf(cards.opportunities_due).map(ofDue('opportunity')),
  ].sort((a, b) => a.at.localeCompare(b.at));
  const pool = [...rowsOf(cards.accounts_pool).map(ofPool('account')), ...rowsOf(cards.leads_pool).map(ofPool('lead'))];
  return [...due, ...pool.sort((a, b) => a.at.localeCompare(b.at))];
}

const TODO_CARDS = ['tasks', 'accounts_due', 'leads_due', 'opportunities_due', 'accounts_pool', 'leads_pool'];
export const todoCount = ({ cards }: HomeAnswer) => ({
  value: TODO_CARDS.reduce((sum, name) => sum + countOf(cards[name]), 0), over: TODO_CARDS.some((name) => isOver(cards[name])),
});
