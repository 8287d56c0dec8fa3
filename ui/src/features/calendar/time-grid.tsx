// Days as columns of hours: entries as long as they take, moved and stretched by mouse or keys; empty time begins a new one.
import { useEffect, useRef, useState, type MouseEvent, type PointerEvent } from 'react';
import { dayOf, fullDay, timeOf, today } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { DayHead, isRest, type OddDays } from './day-head';
import { daysOfEntry, lanesOf, NOMINAL, spansDays, type Entry } from './entries';
import { EntryView } from './entry-view';
import type { OnTime } from './month-grid';
import type { Move } from './use-move';
import { instantAt, minuteOf } from './zone';

const HOUR_PX = 44;
const STEP = 15;
const MINUTE = 60_000;
const DAY_MIN = 1440;
const BEGINS = 8; // what one sees first
const px = (minute: number): number => (minute / 60) * HOUR_PX;

interface Drag { entry: Entry; x: number; y: number; size: boolean; moved: boolean; start: number; end: number }
interface Props { days: string[]; entries: Entry[]; odd: OddDays; move: Move; onTime: OnTime; still: boolean }

/** Where the pointer has carried the entry: by columns and quarters of an hour. */
function target(drag: Drag, e: { clientX: number; clientY: number }, days: string[], width: number): { start: number; end: number } {
  const by = Math.round(((e.clientY - drag.y) / HOUR_PX) * 60 / STEP) * STEP;
  const { entry } = drag;
  if (drag.size) return { start: entry.start, end: Math.max(entry.start + STEP * MINUTE, entry.end + by * MINUTE) };
  const at = days.indexOf(dayOf(entry.start)) + Math.round((e.clientX - drag.x) / width);
  const day = days[Math.max(0, Math.min(days.length - 1, at))]!;
  const start = instantAt(day, Math.max(0, Math.min(DAY_MIN - STEP, minuteOf(entry.start) + by)));
  return { start, end: start + entry.end - entry.start };
}

function useDrag(days: string[], move: Move, still: boolean) {
  const body = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const [ghost, setGhost] = useState<{ key: string; start: number; end: number } | null>(null);
  const stop = useRef<() => void>(() => {});
  useEffect(() => () => stop.current(), []);
  const begin = (entry: Entry) => (down: PointerEvent) => {
    if (still || !entry.at || down.button !== 0 || down.pointerType === 'touch') return;
    const size = (down.target as HTMLElement).closest('.size') !== null;
    drag.current = { entry, x: down.clientX, y: down.clientY, size, moved: false, start: entry.start, end: entry.end };
    const width = (body.current?.clientWidth ?? 1) / days.length;
    const carry = (e: globalThis.PointerEvent) => {
      const d = drag.current;
      if (!d || (!d.moved && Math.abs(e.clientX - d.x) + Math.abs(e.clientY - d.y) < 5)) return;
      Object.assign(d, { moved: true }, target(d, e, days, width));
      setGhost({ key: entry.key, start: d.start, end: d.end });
    };
    const end = (save: boolean) => {
      stop.current();
      const d = drag.current;
      drag.current = null;
      setGhost(null);
      if (!d?.moved) return;
      const swallow = (e: globalThis.MouseEvent) => { e.preventDefault(); e.stopPropagation(); }; // the click that ends the drag opens nothing
      window.addEventListener('click', swallow, { capture: true });
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 50);
      if (save) move(entry, d.start, d.end);
    };
    const up = () => end(true);
    const key = (e: KeyboardEvent) => { if (e.key === 'Escape') end(false); };
    window.addEventListener('pointermove', carry);
    window.addEventListener('pointerup', up);
    window.addEventListener('keydown', key);
    stop.current = () => { window.removeEventListener('pointermove', carry); window.removeEventListener('pointerup', up); window.removeEventListener('keydown', key); };
  };
  return { body, ghost, begin };
}

function NowLine() {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => { const timer = setInterval(() => setNow(Date.now()), MINUTE); return () => clearInterval(timer); }, []);
  return <i className="now-line" style={{ top: px(minuteOf(now)) }} aria-hidden />;
}

export function TimeGrid({ days, entries, odd, move, onTime, still }: Props) {
  const { body, ghost, begin } = useDrag(days, move, still);
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => { scroll.current?.scrollTo({ top: px(BEGINS * 60) - 8 }); }, []);
  const shown = ghost ? entries.map((e) => (e.key === ghost.key ? { ...e, start: ghost.start, end: ghost.end } : e)) : entries;
  const isAbove = (e: Entry) => e.allDay || spansDays(e);
  const click = (day: string) => (e: MouseEvent<HTMLDivElement>) => {
    if (e.target !== e.currentTarget) return;
    const minute = Math.floor(((e.clientY - e.currentTarget.getBoundingClientRect().top) / HOUR_PX) * 2) * 30;
    onTime(day, minute, { x: e.clientX, y: e.clientY });
  };
  const columns = { gridTemplateColumns: `56px repeat(${days.length}, minmax(0, 1fr))` };
  return (
    <div className="cal-time">
      <div className="heads" style={columns}><span />{days.map((d) => <div key={d}><DayHead day={d} odd={odd} long /></div>)}</div>
      <div className="above" style={columns}><span className="cap muted">{t('cal.all_day')}</span>{days.map((d) => <div key={d} data-above={d}>{shown.filter((e) => isAbove(e) && daysOfEntry(e, [d]).length).map((e) => <EntryView key={e.key} entry={e} move={move} step={7 * DAY_MIN * MINUTE} hideTime={dayOf(e.start) !== d} />)}</div>)}</div>
      <div className="hours" ref={scroll} tabIndex={0} role="region" aria-label={t('cal.hours')}>
        <div className="scale" aria-hidden>{Array.from({ length: 24 }, (_, h) => <span key={h} style={{ top: px(h * 60) }}>{h ? `${String(h).padStart(2, '0')}:00` : ''}</span>)}</div>
        <div className="columns" ref={body} style={{ gridTemplateColumns: `repeat(${days.length}, minmax(0, 1fr))`, height: px(DAY_MIN) }}>
          {days.map((d) => (
            <div key={d} className={`column${isRest(d, odd) ? ' rest' : ''}`} data-day={d} onClick={click(d)}>
              <span className="visually-hidden">{fullDay(d)}</span>
              {lanesOf(shown.filter((e) => !isAbove(e) && dayOf(e.start) === d)).map(({ entry, lane, lanes }) => {
                const height = Math.max(px((entry.end - entry.start) / MINUTE), px(NOMINAL / MINUTE));
                return (
                  <EntryView key={entry.key} entry={entry} move={move} step={STEP * MINUTE} className={`block${height < 40 ? ' low' : ''}${ghost?.key === entry.key ? ' lifted' : ''}`} onPointerDown={begin(entry)} hideTime={lanes > 2}
                    style={{ top: px(minuteOf(entry.start)), height: height - 2, left: `calc(${(lane / lanes) * 100}% + 2px)`, width: `calc(${100 / lanes}% - 4px)` }}>
                    {height >= 40 && entry.where && <span className="wh cut">{entry.where}</span>}
                    {entry.sizable && !still && <i className="size" title={t('cal.until', { at: timeOf(entry.end) })} />}
                  </EntryView>
                );
              })}
              {d === today() && <NowLine />}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
