// Weeks of days with their entries: the month, and the week of a team with a row for each person.
import { useState, type DragEvent, type ReactNode } from 'react';
import { Avatar } from '@/components/avatar';
import { linkTitle } from '@/fields/link/link';
import { dayOf, weekday } from '@/lib/dates';
import { language, t } from '@/lib/i18n';
import type { LinkValue } from '@/lib/types';
import { daysBetween } from '@/record/kinds/days';
import { DayHead, isRest, type OddDays } from './day-head';
import { daysOfEntry, type Entry } from './entries';
import { CARRIED, EntryView } from './entry-view';
import type { Move } from './use-move';

const SHOWN = 4;
const DAY = 86_400_000;
export type OnTime = (day: string, minute: number, at: { x: number; y: number }) => void;
interface Shared { entries: Entry[]; odd: OddDays; move: Move; onTime?: OnTime; onDay: (day: string) => void }

interface CellProps extends Shared { day: string; of: Entry[]; out?: boolean; most: number; head?: ReactNode }

function Cell({ day, of, out, most, head, entries, odd, move, onTime, onDay }: CellProps) {
  const [over, setOver] = useState(false);
  const drop = (e: DragEvent) => {
    setOver(false);
    const entry = entries.find((x) => x.key === e.dataTransfer.getData(CARRIED));
    const by = entry ? daysBetween(dayOf(entry.start), day) * DAY : 0;
    if (entry && by) move(entry, entry.start + by, entry.end + by);
  };
  return (
    <div className={`cell${out ? ' out' : ''}${over ? ' over' : ''}${isRest(day, odd) ? ' rest' : ''}`} data-day={day} role="gridcell"
      onDragOver={(e) => { if (e.dataTransfer.types.includes(CARRIED)) { e.preventDefault(); setOver(true); } }} onDragLeave={() => setOver(false)} onDrop={drop}
      onClick={(e) => { if (onTime && e.target === e.currentTarget) onTime(day, 540, { x: e.clientX, y: e.clientY }); }}>
      {head}
      {of.slice(0, most).map((x) => <EntryView key={x.key} entry={x} move={move} step={7 * DAY} draggable hideTime={dayOf(x.start) !== day} />)}
      {of.length > most && <button type="button" className="link-button cap" onClick={() => onDay(day)}>{t('cal.more', { n: of.length - most })}</button>}
    </div>
  );
}

const short = (day: string): string => (language() === 'zh-CN' ? weekday(day).replace('星期', '周') : weekday(day));

export function MonthGrid({ days, month, ...shared }: Shared & { days: string[]; month: string }) {
  return (
    <div className="cal-month" role="grid" aria-label={t('cal.month')}>
      <div className="heads" role="row">{days.slice(0, 7).map((d) => <div key={d} role="columnheader">{short(d)}</div>)}</div>
      {Array.from({ length: days.length / 7 }, (_, w) => (
        <div key={w} className="line" role="row">
          {days.slice(w * 7, w * 7 + 7).map((d) => (
            <Cell key={d} {...shared} day={d} of={shared.entries.filter((e) => daysOfEntry(e, [d]).length)} out={d.slice(0, 7) !== month.slice(0, 7)} most={SHOWN}
              head={<button type="button" className="to-day" onClick={() => shared.onDay(d)}><DayHead day={d} odd={shared.odd} /></button>} />
          ))}
        </div>
      ))}
    </div>
  );
}

export function TeamGrid({ days, people, ...shared }: Shared & { days: string[]; people: LinkValue[] }) {
  return (
    <div className="cal-team" role="grid" aria-label={t('cal.team')}>
      <div className="heads" role="row"><div role="columnheader">{t('cal.person')}</div>{days.map((d) => <div key={d} role="columnheader"><DayHead day={d} odd={shared.odd} long /></div>)}</div>
      {people.map((p) => (
        <div key={p.id} className="line" role="row">
          <div className="who" role="rowheader"><span className="person"><Avatar name={linkTitle(p)} seed={p.id} size={24} /><span className="cut">{linkTitle(p)}</span></span></div>
          {days.map((d) => <Cell key={d} {...shared} onTime={undefined} day={d} most={6} of={shared.entries.filter((e) => e.people.some((x) => x.id === p.id) && daysOfEntry(e, [d]).length)} />)}
        </div>
      ))}
    </div>
  );
}
