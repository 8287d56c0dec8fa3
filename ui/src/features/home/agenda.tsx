// The week as seven days, and what is on the chosen one: meetings, visits, tasks with a time.
import { CalendarDays } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { linkOf, linkTitle } from '@/fields/link/link';
import { dayOf, formatDay, timeOf, today, weekday } from '@/lib/dates';
import { language, t } from '@/lib/i18n';
import { choiceLabel, fieldOf, useCatalogue } from '@/lib/meta';
import { useShell } from '@/record/page/shell-context';
import { rowsOf, type HomeAnswer } from './api';
import { weekOf } from './week';

interface Entry { key: string; at: string; allDay: boolean; title: string; where: string; to: string; over: boolean }

function useEntries(home: HomeAnswer): Entry[] {
  const { byName } = useCatalogue();
  const place = (object: string, id: string) => `/${byName.get(object)?.plural ?? ''}/${id}`;
  const purpose = byName.get('visit') && fieldOf(byName.get('visit')!, 'purpose');
  const facts = (...parts: unknown[]) => parts.map((p) => (typeof p === 'string' ? p : linkTitle(linkOf(p)))).filter(Boolean).join(' · ');
  const { week_meetings: meetings, week_visits: visits, week_tasks: tasks } = home.cards;
  return [
    ...rowsOf(meetings).map((r): Entry => ({ key: r.id, at: String(r.starts_at), allDay: r.is_all_day === true, title: String(r.subject), where: facts(r.account, r.place), to: place('meeting', r.id), over: Date.parse(String(r.ends_at)) < Date.now() })),
    ...rowsOf(visits).map((r): Entry => ({ key: r.id, at: String(r.planned_at), allDay: false, title: t('home.visit', { what: purpose ? choiceLabel(purpose, String(r.purpose)) : '' }), where: facts(r.account ?? r.lead), to: place('visit', r.id), over: r.status === 'done' })),
    ...rowsOf(tasks).map((r): Entry => ({ key: r.id, at: String(r.due_at), allDay: r.is_all_day === true, title: String(r.subject), where: facts(r.account ?? r.about), to: place('task', r.id), over: false })),
  ].sort((a, b) => a.at.localeCompare(b.at));
}

function Line({ entry, next }: { entry: Entry; next: boolean }) {
  const state = entry.over ? 'past' : next ? 'next' : '';
  return (
    <Link className={`agenda ${state}`} to={entry.to}>
      <span className="soft nw">{entry.allDay ? t('home.all_day') : timeOf(entry.at)}</span><i />
      <span className="grow"><span className={next ? 'cut block strong' : 'cut block'}>{entry.title}</span>{entry.where && <span className="cap muted cut block">{entry.where}</span>}</span>
    </Link>
  );
}

const shortDay = (day: string): string => (language() === 'zh-CN' ? weekday(day).slice(-1) : weekday(day).slice(0, 2));

export function Agenda({ home }: { home: HomeAnswer }) {
  const { phone } = useShell();
  const now = today();
  const [day, setDay] = useState(now);
  const entries = useEntries(home);
  const days = weekOf(now);
  const shown = entries.filter((e) => dayOf(Date.parse(e.at)) === day);
  const next = day === now ? shown.find((e) => !e.over && Date.parse(e.at) >= Date.now()) : undefined;
  return (
    <section className="card c4" aria-label={t('home.calendar')}>
      {!phone && <header><h3>{t('home.calendar')}</h3><span className="extra"><Link to={day === now ? '/calendar' : `/calendar?day=${day}`}>{t('home.open_calendar')}</Link></span></header>}
      <div className="week">
        {days.map((d) => (
          <button key={d} type="button" aria-pressed={d === day} title={`${formatDay(d)} ${weekday(d)}`} className={`${d === day ? 'now' : ''} ${d === now ? 'today' : ''}`} onClick={() => setDay(d)}>
            {shortDay(d)}<b>{Number(d.slice(8))}</b><i className={entries.some((e) => dayOf(Date.parse(e.at)) === d) ? 'some' : ''} />
          </button>
        ))}
      </div>
      <div className="agenda-list">
        {shown.map((e) => <Line key={e.key} entry={e} next={e === next} />)}
        {!shown.length && <div className="agenda-none muted row"><CalendarDays size={16} strokeWidth={1.75} aria-hidden />{t('home.day_free')}</div>}
      </div>
    </section>
  );
}
