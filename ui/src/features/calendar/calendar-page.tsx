// 日程: meetings, visits, calls, tasks and follow-ups due on their days, of oneself or of others as far as rights show them.
import '@/lib/calendar-words';
import '@/styles/calendar.css';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown, Segmented } from 'antd';
import { ChevronLeft, ChevronRight, Info, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState } from '@/components/state';
import { formatDay, fullDay, today } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { mayCreate, mayRead, objectLabel, useCatalogue } from '@/lib/meta';
import { useLive } from '@/lib/use-live';
import { firstOf } from '@/record/kinds/days';
import { monthWords } from '@/record/groups/group-values';
import { useShell } from '@/record/page/shell-context';
import { TopBar } from '@/record/page/top-bar';
import { useTitle } from '@/record/page/use-title';
import { AgendaList } from './agenda-list';
import { calendarKey, useCalendar, whoseParams, type CalendarAnswer } from './calendar-api';
import { entriesOf, isCut, KINDS, presetOf, type Kind } from './entries';
import { KIND_ICONS } from './entry-view';
import { MonthGrid, TeamGrid, type OnTime } from './month-grid';
import { TimeGrid } from './time-grid';
import { useMove } from './use-move';
import { spanOf, stepOf, usePlace } from './use-place';
import { WhosePick } from './whose-pick';
import { dayAfter } from '@/record/kinds/days';
import { instantAt, minuteOf } from './zone';

const FormDrawer = lazy(() => import('@/record/form/form-drawer'));
const MADE: Kind[] = ['meeting', 'visit', 'call', 'task'];
const WATCHED = [...MADE, 'account', 'lead', 'opportunity'];
const HOUR = 3_600_000;

type Place = ReturnType<typeof usePlace>;
interface Spot { day: string; minute: number; x: number; y: number }

/** Which kinds are shown: the legend is the filter. */
function Legend({ hidden, onToggle }: { hidden: Kind[]; onToggle: (kind: Kind) => void }) {
  return (
    <div className="cal-legend" role="group" aria-label={t('cal.legend')}>
      {KINDS.map((k) => { const Icon = KIND_ICONS[k]; return <button key={k} type="button" aria-pressed={!hidden.includes(k)} className={`k-${k}${hidden.includes(k) ? '' : ' on'}`} onClick={() => onToggle(k)}><Icon size={12} strokeWidth={1.75} aria-hidden />{t(`cal.kind.${k}`)}</button>; })}
    </div>
  );
}

const spanWords = (place: Place, days: string[]): string => (place.view === 'month' ? monthWords(firstOf(place.day)) : place.view === 'day' ? fullDay(place.day) : `${formatDay(days[0]!)} – ${formatDay(days.at(-1)!)}`);

function Bar({ place, days }: { place: Place; days: string[] }) {
  const { view, day, put } = place;
  const go = (to: string) => put({ day: to === today() ? null : to });
  return (
    <div className="cal-bar">
      <IconButton icon={ChevronLeft} label={t(`cal.before.${view}`)} onClick={() => go(stepOf(view, day, -1))} /><IconButton icon={ChevronRight} label={t(`cal.after.${view}`)} onClick={() => go(stepOf(view, day, 1))} />
      <Button size="small" onClick={() => go(today())}>{t('cal.today')}</Button>
      <b className="cut">{spanWords(place, days)}</b>
      <span className="row end wrap"><WhosePick whose={place.whose} onChange={place.setWhose} /><Segmented size="small" value={view} onChange={(v: string) => put({ view: v })} options={place.offered.map((v) => ({ value: v, label: t(`cal.${v}`) }))} /></span>
    </div>
  );
}

function useKinds() {
  const { byName } = useCatalogue();
  return MADE.flatMap((kind) => { const object = byName.get(kind); return object && mayCreate(object) ? [{ kind, object }] : []; });
}

/** The menu of kinds where one clicked on empty time. */
function NewMenu({ spot, onPick, onClose }: { spot: Spot; onPick: (kind: Kind) => void; onClose: () => void }) {
  const kinds = useKinds();
  return (
    <Dropdown open trigger={['click']} onOpenChange={(open) => { if (!open) onClose(); }} menu={{ items: kinds.map(({ kind, object }) => { const Icon = KIND_ICONS[kind]; return { key: kind, icon: <Icon size={14} strokeWidth={1.75} />, label: t('action.new_object', { object: objectLabel(object) }) }; }), onClick: ({ key }: { key: string }) => onPick(key as Kind) }}>
      <span className="cal-spot" style={{ left: spot.x, top: spot.y }} />
    </Dropdown>
  );
}

function Views({ place, days, answer, hidden, onTime }: { place: Place; days: string[]; answer: CalendarAnswer; hidden: Kind[]; onTime: OnTime }) {
  const catalogue = useCatalogue();
  const { phone } = useShell();
  const { shown, move } = useMove(entriesOf(answer, catalogue));
  const entries = shown.filter((e) => !hidden.includes(e.kind));
  const toDay = (day: string) => place.put({ view: 'day', day });
  if (place.view === 'month') return <MonthGrid days={days} month={place.day} entries={entries} odd={answer} move={move} onTime={onTime} onDay={toDay} />;
  if (place.view === 'team') return <TeamGrid days={days} people={answer.people} entries={entries} odd={answer} move={move} onDay={toDay} />;
  if (place.view === 'agenda') return <AgendaList days={days} entries={entries} odd={answer} move={move} />;
  return <TimeGrid key={days.length} days={days} entries={entries} odd={answer} move={move} onTime={onTime} still={phone} />;
}

function useHidden(): [Kind[], (kind: Kind) => void] {
  const [hidden, setHidden] = useState<Kind[]>([]);
  return [hidden, (kind) => setHidden((old) => (old.includes(kind) ? old.filter((k) => k !== kind) : [...old, kind]))];
}

/** The next full hour of the day that is shown, or its morning. */
const nextHour = (day: string): number => (day === today() ? Math.min(1380, (Math.floor(minuteOf(Date.now()) / 60) + 1) * 60) : 540);

export default function CalendarPage() {
  const client = useQueryClient();
  const { byName } = useCatalogue();
  const { phone } = useShell();
  const place = usePlace(phone);
  const days = spanOf(place.view, place.day);
  const query = useCalendar(days[0]!, dayAfter(days.at(-1)!, 1), place.whose);
  const [hidden, toggle] = useHidden();
  const [spot, setSpot] = useState<Spot | null>(null);
  const [form, setForm] = useState<{ kind: Kind; start: number } | null>(null);
  const kinds = useKinds();
  const again = () => { void client.invalidateQueries({ queryKey: calendarKey }); };
  useLive(WATCHED.map((n) => byName.get(n)).filter((o) => !!o && mayRead(o)).map((o) => o!.plural), again);
  useTitle(t('cal.title'));
  const onTime: OnTime = (day, minute, at) => { if (kinds.length) setSpot({ day, minute, ...at }); };
  const target = form && byName.get(form.kind);
  const items = kinds.map(({ kind, object }) => ({ key: kind, label: objectLabel(object) }));
  const begin = (key: string) => setForm({ kind: key as Kind, start: instantAt(place.day, nextHour(place.day)) });
  const fresh = kinds.length > 0 && <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => begin(key) }}>{phone ? <button type="button" className="ib" aria-label={t('cal.new')} title={t('cal.new')}><Plus size={22} strokeWidth={1.75} aria-hidden /></button> : <Button type="primary" icon={<Plus size={14} strokeWidth={1.75} />}>{t('cal.new')}</Button>}</Dropdown>;
  return (
    <>
      <TopBar title={t('cal.title')} phone={fresh}>{fresh}</TopBar>
      <div className="sheet calendar">
        <Bar place={place} days={days} />
        <div className="cal-notes"><Legend hidden={hidden} onToggle={toggle} />
          {place.whose.kind !== 'mine' && <span className="cap muted row gap4"><Info size={12} strokeWidth={1.75} aria-hidden />{t('cal.rights_note')}</span>}
          {query.data && isCut(query.data) && <span className="cap warn">{t('cal.too_many')}</span>}
          {query.data?.people_more && <span className="cap warn">{t('cal.people_more', { n: query.data.people.length })}</span>}</div>
        {query.isError && <ErrorState error={query.error} title={t('cal.failed')} onRetry={() => void query.refetch()} />}
        {query.isPending && (whoseParams(place.whose) ? <BlockSkeleton lines={10} /> : <p className="muted cal-choose">{t('cal.choose')}</p>)}
        {query.data && !query.isError && <Views place={place} days={days} answer={query.data} hidden={hidden} onTime={onTime} />}
      </div>
      {spot && <NewMenu spot={spot} onClose={() => setSpot(null)} onPick={(kind) => { setForm({ kind, start: instantAt(spot.day, spot.minute) }); setSpot(null); }} />}
      <Suspense>{form && target && <FormDrawer object={target} preset={presetOf(form.kind, form.start, form.start + HOUR)} onClose={() => setForm(null)} onSaved={again} />}</Suspense>
    </>
  );
}
