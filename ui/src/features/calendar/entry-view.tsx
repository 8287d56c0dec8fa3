// An entry as it stands in every view: colour and icon of its kind, time, words; carried by mouse or by Alt and arrows.
import { ClipboardList, Headset, MapPin, MessageSquareText, Repeat, Users, type LucideIcon } from 'lucide-react';
import type { CSSProperties, DragEvent, KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { Link } from 'react-router';
import { fullInstant, timeOf } from '@/lib/dates';
import { t } from '@/lib/i18n';
import type { Entry, Kind } from './entries';
import type { Move } from './use-move';

export const KIND_ICONS: Record<Kind, LucideIcon> = { meeting: Users, visit: MapPin, call: Headset, task: ClipboardList, followup: MessageSquareText };
export const CARRIED = 'application/x-gx-entry';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Alt and arrows move by days and by `step` up and down; with Shift too the end alone goes up and down by a quarter of an hour. */
export function entryKeys(entry: Entry, move: Move, step: number) {
  return (e: KeyboardEvent) => {
    const by = { ArrowLeft: -DAY, ArrowRight: DAY, ArrowUp: -step, ArrowDown: step }[e.key];
    if (!by || !e.altKey || !entry.at) return;
    e.preventDefault();
    if (!e.shiftKey) return move(entry, entry.start + by, entry.end + by);
    const end = entry.end + Math.sign(by) * 15 * MINUTE;
    if (entry.sizable && (e.key === 'ArrowUp' || e.key === 'ArrowDown') && end - entry.start >= 15 * MINUTE) move(entry, entry.start, end);
  };
}

export const told = (e: Entry): string => [e.title, e.where, e.allDay ? t('cal.all_day') : `${fullInstant(new Date(e.start).toISOString())}${e.sizable ? `–${timeOf(e.end)}` : ''}`].filter(Boolean).join('\n');

interface Props { entry: Entry; move: Move; step: number; draggable?: boolean; style?: CSSProperties; className?: string; onPointerDown?: (e: PointerEvent) => void; hideTime?: boolean; children?: ReactNode }

export function EntryView({ entry, move, step, draggable, style, className = '', onPointerDown, hideTime, children }: Props) {
  const Icon = KIND_ICONS[entry.kind];
  const words = (
    <>
      <Icon size={12} strokeWidth={1.75} aria-hidden /><span className="visually-hidden">{t(`cal.kind.${entry.kind}`)}</span>
      {!entry.allDay && !hideTime && <em>{timeOf(entry.start)}</em>}<span className="cut">{entry.title}</span>{entry.repeats && <Repeat size={10} strokeWidth={1.75} role="img" aria-label={t('cal.repeats')} />}{children}
    </>
  );
  const classes = `cev k-${entry.kind}${entry.done ? ' done' : ''}${entry.busy ? ' busy' : ''} ${className}`;
  if (entry.busy) return <div className={classes} style={style} title={told(entry)} data-key={entry.key}>{words}</div>;
  return (
    <Link className={classes} style={style} title={told(entry)} to={`/${entry.object.plural}/${entry.record.id}`} data-key={entry.key} onKeyDown={entryKeys(entry, move, step)} onPointerDown={onPointerDown}
      draggable={!!draggable && !!entry.at} onDragStart={(e: DragEvent) => { e.dataTransfer.setData(CARRIED, entry.key); e.dataTransfer.effectAllowed = 'move'; }}>
      {words}
    </Link>
  );
}
