// Day by day what comes: the calendar of a phone.
import { CalendarDays } from 'lucide-react';
import { PageState } from '@/components/state';
import { formatDay, today, weekday } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { OddMark, type OddDays } from './day-head';
import { daysOfEntry, type Entry } from './entries';
import { EntryView } from './entry-view';
import type { Move } from './use-move';

export function AgendaList({ days, entries, odd, move }: { days: string[]; entries: Entry[]; odd: OddDays; move: Move }) {
  const full = days.filter((d) => entries.some((e) => daysOfEntry(e, [d]).length));
  if (!full.length) return <PageState icon={CalendarDays} title={t('cal.free')} text={t('cal.free_text')} />;
  return (
    <div className="cal-agenda">
      {full.map((d) => (
        <section key={d}>
          <h3 className={d === today() ? 'acc' : ''}>{formatDay(d)} <span className="muted">{weekday(d)}</span> <OddMark day={d} odd={odd} /></h3>
          {entries.filter((e) => daysOfEntry(e, [d]).length).map((e) => <EntryView key={e.key} entry={e} move={move} step={0} className="wide">{e.where && <span className="wh cut">{e.where}</span>}</EntryView>)}
        </section>
      ))}
    </div>
  );
}
