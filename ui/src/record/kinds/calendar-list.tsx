// Records on the days of one of their dates, by month or week; a record carried to another day gets that date, and one undo takes it back.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Segmented, Select } from 'antd';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState, type DragEvent, type KeyboardEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { ErrorState, failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { dayOf, formatDay, fullDay, timeOf, today, weekday } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, isEditable, mayUpdate } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { putRecord } from '../data/put-record';
import { fetchPage, touch } from '../data/records';
import { update } from '../data/save';
import { toastUpdated } from '../data/undo';
import { joinAnd } from '../filter/expression';
import { useLive } from '@/lib/use-live';
import { monthWords } from '../groups/group-values';
import { useAsOf } from '../page/as-of';
import { fieldsParam, type Column } from '../page/columns';
import { recordTitle } from '../page/record-mark';
import { useShell } from '../page/shell-context';
import { dayAfter, daysBetween, daysOf, firstOf, monthAfter, type Span } from './days';
import type { KindProps } from './other-kind';

const MAX = 200;
const SHOWN = 4;
const CARRIED = 'application/x-gx-record';

export const datesOf = (object: ObjectMeta): FieldMeta[] => {
  const dated = object.fields.filter((f) => (f.type === 'date' || f.type === 'datetime') && f.filterable !== false);
  return [...dated.filter((f) => !f.system), ...dated.filter((f) => f.system)];
};

const dayOfRecord = (field: FieldMeta, row: Rec): string => { const v = String(row[field.name] ?? ''); return field.type === 'date' ? v : v && dayOf(Date.parse(v)); };

/** The same time of day on another day. */
const onDay = (field: FieldMeta, row: Rec, day: string): string => {
  const old = String(row[field.name]);
  return field.type === 'date' ? day : new Date(Date.parse(old) + daysBetween(dayOfRecord(field, row), day) * 86_400_000).toISOString();
};

function useCalendar({ object, state }: KindProps, field: FieldMeta | undefined, days: string[], columns: Column[]) {
  const { asOf } = useAsOf();
  const client = useQueryClient();
  const range = field ? `(${field.name} >= "${days[0]}" and ${field.name} < "${dayAfter(days.at(-1)!, 1)}")` : '';
  const filter = joinAnd([state.effective, range]);
  const query = useQuery({
    queryKey: ['board', object.plural, 'calendar', filter, state.q, asOf], enabled: !!field, staleTime: 10_000,
    queryFn: ({ signal }) => fetchPage(`/${object.plural}`, { filter, q: state.q, sort: state.q ? undefined : field!.name, fields: [...new Set([...fieldsParam(columns).split(','), field!.name])].join(','), limit: MAX, count: 'none', ...(asOf ? { as_of: asOf } : {}) } as never, null, signal),
  });
  useLive([object.plural], () => { void client.invalidateQueries({ queryKey: ['board', object.plural, 'calendar'] }); });
  const move = async (row: Rec, day: string) => {
    if (!field || dayOfRecord(field, row) === day) return;
    const answer = await update(object, row, { [field.name]: onDay(field, row, day) });
    if (answer.kind === 'saved') {
      putRecord(client, object, answer.record);
      toastUpdated(client, object, row, answer.record, [field.name], t('calendar.moved', { name: recordTitle(object, row), day: formatDay(day) }));
    } else showFailure(answer.kind === 'invalid' ? answer.errors[0]?.message ?? answer.message : answer.kind === 'failed' ? failureText(answer.error) : t('toast.undo_conflict'));
    touch(client, object.plural);
  };
  return { query, move };
}

interface ItemProps { object: ObjectMeta; field: FieldMeta; row: Rec; movable: boolean; onMove: (row: Rec, day: string) => void }

function Item({ object, field, row, movable, onMove }: ItemProps) {
  const day = dayOfRecord(field, row);
  const keys = (e: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[e.key];
    if (!by || !e.altKey || !movable) return;
    e.preventDefault();
    onMove(row, dayAfter(day, by));
  };
  return (
    <Link className="event" to={`/${object.plural}/${row.id}`} draggable={movable} onKeyDown={keys} title={recordTitle(object, row)}
      onDragStart={(e: DragEvent) => { e.dataTransfer.setData(CARRIED, row.id); e.dataTransfer.effectAllowed = 'move'; }}>
      {field.type === 'datetime' && <em>{timeOf(String(row[field.name]))}</em>}<span className="cut">{recordTitle(object, row)}</span>
    </Link>
  );
}

function Day({ day, rows, out, span, ...item }: Omit<ItemProps, 'row'> & { day: string; rows: Rec[]; out: boolean; span: Span; all: Map<string, Rec> }) {
  const [over, setOver] = useState(false);
  const [more, setMore] = useState(false);
  const most = span === 'week' || more ? rows.length : SHOWN;
  const drop = (e: DragEvent) => { setOver(false); const row = item.all.get(e.dataTransfer.getData(CARRIED)); if (row) item.onMove(row, day); };
  return (
    <div className={`day${out ? ' out' : ''}${over ? ' over' : ''}${day === today() ? ' now' : ''}`} data-day={day} role="gridcell"
      onDragOver={(e) => { if (item.movable && e.dataTransfer.types.includes(CARRIED)) { e.preventDefault(); setOver(true); } }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <div className="num"><span aria-hidden>{Number(day.slice(8))}</span><span className="visually-hidden">{fullDay(day)}</span></div>
      {rows.slice(0, most).map((r) => <Item key={r.id} {...item} row={r} />)}
      {rows.length > most && <button type="button" className="link-button cap" onClick={() => setMore(true)}>{t('calendar.more', { n: rows.length - most })}</button>}
    </div>
  );
}

function Bar({ span, day, fields, field, onSpan, onDay, onField }: { span: Span; day: string; fields: FieldMeta[]; field: FieldMeta; onSpan: (s: Span) => void; onDay: (d: string) => void; onField: (name: string) => void }) {
  const step = (n: number) => onDay(span === 'month' ? monthAfter(day, n) : dayAfter(day, n * 7));
  return (
    <div className="cal-bar">
      <IconButton icon={ChevronLeft} label={t('calendar.before')} onClick={() => step(-1)} /><IconButton icon={ChevronRight} label={t('calendar.after')} onClick={() => step(1)} />
      <Button size="small" onClick={() => onDay(today())}>{t('calendar.today')}</Button>
      <b>{span === 'month' ? monthWords(firstOf(day)) : `${formatDay(daysOf('week', day)[0]!)} – ${formatDay(daysOf('week', day)[6]!)}`}</b>
      <span className="row end"><Select size="small" value={field.name} onChange={onField} options={fields.map((f) => ({ value: f.name, label: fieldLabel(f) }))} aria-label={t('calendar.field')} popupMatchSelectWidth={false} /><Segmented size="small" value={span} onChange={(s: string) => onSpan(s as Span)} options={[{ value: 'month', label: t('calendar.month') }, { value: 'week', label: t('calendar.week') }]} /></span>
    </div>
  );
}

export default function CalendarList(props: KindProps) {
  const { object, state, columns, group } = props;
  const { phone } = useShell();
  const [params, setParams] = useSearchParams();
  const put = (name: string, value: string) => setParams((old) => { const next = new URLSearchParams(old); next.set(name, value); return next; }, { replace: true });
  const fields = datesOf(object);
  const field = fields.find((f) => f === group) ?? fields[0];
  const asked = params.get('day') ?? '';
  const day = /^\d{4}-\d{2}-\d{2}$/.test(asked) ? asked : today();
  const span: Span = state.look('span') === 'week' ? 'week' : 'month';
  const days = daysOf(span, day);
  const { query, move } = useCalendar(props, field, days, columns);
  if (!field) return <div className="sheet"><p className="muted kind-note">{t('calendar.none')}</p></div>;
  const rows = query.data?.items ?? [];
  const all = new Map(rows.map((r) => [r.id, r]));
  const of = (d: string) => rows.filter((r) => dayOfRecord(field, r) === d);
  const movable = mayUpdate(object) && isEditable(fieldOf(object, field.name)!) && !object.past;
  const item = { object, field, movable, onMove: (row: Rec, d: string) => void move(row, d), all };
  const bar = <Bar span={span} day={day} fields={fields} field={field} onSpan={(s) => state.setLook('span', s)} onDay={(d) => put('day', d)} onField={state.setGroup} />;
  const told = query.isError ? <ErrorState error={query.error} title={t('error.list')} onRetry={() => void query.refetch()} /> : rows.length === MAX && <p className="muted cap kind-note">{t('calendar.too_many', { n: MAX })}</p>;
  if (phone) {
    return <div className="sheet cal">{bar}{told}<div className="agenda">{days.filter((d) => of(d).length).map((d) => <section key={d}><h3>{fullDay(d)}</h3>{of(d).map((r) => <Item key={r.id} {...item} row={r} />)}</section>)}</div></div>;
  }
  return (
    <div className="sheet cal">
      {bar}{told}
      <div className={`month ${span}`} role="grid" aria-label={monthWords(firstOf(day))}>
        <div className="heads" role="row">{days.slice(0, 7).map((d) => <div key={d} role="columnheader">{weekday(d)}</div>)}</div>
        {Array.from({ length: days.length / 7 }, (_, w) => <div key={w} className="week" role="row">{days.slice(w * 7, w * 7 + 7).map((d) => <Day key={d} day={d} rows={of(d)} out={span === 'month' && d.slice(0, 7) !== day.slice(0, 7)} span={span} {...item} />)}</div>)}
      </div>
    </div>
  );
}
