// Records as bars between two of their dates; a bar is carried or drawn longer, and one undo takes it back.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button, Segmented, Select } from 'antd';
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Link, useSearchParams } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState, failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { formatDay, today } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { fieldLabel, isEditable, mayUpdate } from '@/lib/meta';
import type { FieldMeta } from '@/lib/types';
import { useLive } from '@/lib/use-live';
import { putRecord } from '../data/put-record';
import { fetchPage, touch } from '../data/records';
import { update } from '../data/save';
import { toastUpdated } from '../data/undo';
import { joinAnd } from '../filter/expression';
import { useAsOf } from '../page/as-of';
import { fieldsParam } from '../page/columns';
import { recordTitle } from '../page/record-mark';
import { useShell } from '../page/shell-context';
import { datesOf } from './calendar-list';
import { dayAfter, daysBetween } from './days';
import type { KindProps } from './other-kind';
import { endsOf, stepOf, takenOf, ticksOf, windowOf, ZOOMS, type Window, type Zoom } from './span';
import { TimelineBar, type Move } from './timeline-bar';

const PAGE = 100;
const ROW = 36;

/** What touches the days that are shown: between both dates, or on the one that is filled. */
function rangeOf([start, end]: [FieldMeta, FieldMeta], { from, days }: Window): string {
  const to = dayAfter(from, days);
  const within = (f: FieldMeta) => `(${f.name} >= "${from}" and ${f.name} < "${to}")`;
  return start === end ? within(start) : `((${start.name} < "${to}" and ${end.name} >= "${from}") or ${within(start)} or (${start.name} is null and ${within(end)}))`;
}

function useRows({ object, state, columns }: KindProps, ends: [FieldMeta, FieldMeta] | null, shown: Window) {
  const { asOf } = useAsOf();
  const client = useQueryClient();
  const filter = joinAnd([state.effective, ends ? rangeOf(ends, shown) : '']);
  const fields = [...new Set([...fieldsParam(columns).split(','), ...(ends ?? []).map((f) => f.name)])].join(',');
  const sort = state.q ? undefined : state.sort || ends?.[0].name;
  const query = useInfiniteQuery({
    queryKey: ['board', object.plural, 'timeline', filter, state.q, fields, sort, asOf], enabled: !!ends, staleTime: 10_000, initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => fetchPage(`/${object.plural}`, { filter, q: state.q, sort, fields, limit: PAGE, count: 'none', ...(asOf ? { as_of: asOf } : {}) } as never, pageParam, signal),
    getNextPageParam: (last) => last.next,
  });
  useLive([object.plural], () => { void client.invalidateQueries({ queryKey: ['board', object.plural, 'timeline'] }); });
  const move: Move = async (row, values) => {
    const answer = await update(object, row, values);
    if (answer.kind === 'saved') {
      putRecord(client, object, answer.record);
      const now = ends && takenOf(ends[0], ends[1], answer.record);
      toastUpdated(client, object, row, answer.record, Object.keys(values), now ? t('timeline.moved', { name: recordTitle(object, row), from: formatDay(now.from), to: formatDay(now.to) }) : undefined);
    } else showFailure(answer.kind === 'invalid' ? answer.errors[0]?.message ?? answer.message : answer.kind === 'failed' ? failureText(answer.error) : t('toast.undo_conflict'));
    touch(client, object.plural);
  };
  return { query, rows: query.data?.pages.flatMap((p) => p.items) ?? [], move };
}

interface HeadProps { zoom: Zoom; fields: FieldMeta[]; ends: [FieldMeta, FieldMeta]; onZoom: (z: Zoom) => void; onStep: (by: number) => void; onEnds: (a: string, b: string) => void }

function Head({ zoom, fields, ends, onZoom, onStep, onEnds }: HeadProps) {
  const options = fields.map((f) => ({ value: f.name, label: fieldLabel(f) }));
  return (
    <div className="cal-bar">
      <IconButton icon={ChevronLeft} label={t('calendar.before')} onClick={() => onStep(-1)} /><IconButton icon={ChevronRight} label={t('calendar.after')} onClick={() => onStep(1)} />
      <Button size="small" onClick={() => onStep(0)}>{t('calendar.today')}</Button>
      <span className="row end">
        <Select size="small" value={ends[0].name} onChange={(v: string) => onEnds(v, ends[1].name)} options={options} aria-label={t('timeline.start')} popupMatchSelectWidth={false} />
        <span className="muted" aria-hidden>–</span>
        <Select size="small" value={ends[1].name} onChange={(v: string) => onEnds(ends[0].name, v)} options={options} aria-label={t('timeline.end')} popupMatchSelectWidth={false} />
        <Segmented size="small" value={zoom} onChange={(z: string) => onZoom(z as Zoom)} options={ZOOMS.map((z) => ({ value: z, label: t(`timeline.${z}`) }))} aria-label={t('timeline.zoom')} />
      </span>
    </div>
  );
}

function Scale({ zoom, shown }: { zoom: Zoom; shown: Window }) {
  const now = daysBetween(shown.from, today());
  return (
    <>
      {ticksOf(zoom, shown).map((tick) => <i key={tick.day} className="g-tick" style={{ left: `${tick.at * 100}%` }} />)}
      {now >= 0 && now < shown.days && <i className="g-now" style={{ left: `${((now + 0.5) / shown.days) * 100}%` }} title={t('calendar.today')} />}
    </>
  );
}

interface BodyProps { props: KindProps; ends: [FieldMeta, FieldMeta]; shown: Window; zoom: Zoom; data: ReturnType<typeof useRows> }

function Body({ props: { object }, ends, shown, zoom, data: { rows, query, move } }: BodyProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 8 });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => { if (hasNextPage && !isFetchingNextPage && last >= rows.length - 20) void fetchNextPage(); }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, rows.length]);
  const movable = (f: FieldMeta) => mayUpdate(object) && isEditable(f) && !object.past;
  return (
    <div className="gantt" ref={scroller} role="group" aria-label={t('view.timeline')} tabIndex={0}>
      <div className="g-head"><div className="g-name" /><div className="g-area">{ticksOf(zoom, shown).map((tick) => <span key={tick.day} style={{ left: `${tick.at * 100}%` }}>{tick.label}</span>)}</div></div>
      <div className="g-rows" style={{ height: virtual.getTotalSize() }}>
        <div className="g-back" aria-hidden><div className="g-area"><Scale zoom={zoom} shown={shown} /></div></div>
        {items.map((item) => { const row = rows[item.index]!; return (
          <div key={row.id} className="g-row" style={{ transform: `translateY(${item.start}px)` }}>
            <Link className="g-name cut" to={`/${object.plural}/${row.id}`} title={recordTitle(object, row)}>{recordTitle(object, row)}</Link>
            <div className="g-area"><TimelineBar object={object} row={row} ends={ends} shown={shown} movable={movable} onMove={move} /></div>
          </div>
        ); })}
      </div>
    </div>
  );
}

export default function TimelineList(props: KindProps) {
  const { object, state } = props;
  const { phone } = useShell();
  const [params, setParams] = useSearchParams();
  const put = (name: string, value: string) => setParams((old) => { const next = new URLSearchParams(old); next.set(name, value); return next; }, { replace: true });
  const fields = datesOf(object);
  const ends = endsOf(fields, state.groups);
  const zoom = ZOOMS.find((z) => z === state.look('zoom')) ?? 'week';
  const asked = params.get('day') ?? '';
  const day = /^\d{4}-\d{2}-\d{2}$/.test(asked) ? asked : today();
  const shown = windowOf(zoom, day, phone);
  const data = useRows(props, ends, shown);
  if (!ends) return <div className="sheet"><p className="muted kind-note">{t('calendar.none')}</p></div>;
  const { query, rows } = data;
  return (
    <div className="sheet timeline-kind">
      <Head zoom={zoom} fields={fields} ends={ends} onZoom={(z) => state.setLook('zoom', z)} onStep={(by) => put('day', by ? stepOf(zoom, day, by) : today())} onEnds={(a, b) => state.setGroup(a === b ? a : `${a},${b}`)} />
      {query.isError ? <ErrorState error={query.error} title={t('error.list')} onRetry={() => void query.refetch()} /> : query.isPending ? <TableSkeleton columns={2} /> : !rows.length ? <PageState icon={CalendarDays} title={t('timeline.empty')} text={t('timeline.empty_text')} /> : <Body props={props} ends={ends} shown={shown} zoom={zoom} data={data} />}
    </div>
  );
}
