// Records where they are: points on a plane to scale, near ones as one, and the list of what is seen beside it. No map is fetched from elsewhere.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { MapPin, ZoomIn, ZoomOut } from 'lucide-react';
import { useRef, useState, type PointerEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { fieldText } from '@/fields/fields';
import { placeField, placeOf, type Place } from '@/fields/geo/geo';
import { t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';
import type { FieldMeta, Rec } from '@/lib/types';
import { useLive } from '@/lib/use-live';
import { fetchPage } from '../data/records';
import { joinAnd } from '../filter/expression';
import { useAsOf } from '../page/as-of';
import { fieldsParam } from '../page/columns';
import { recordTitle } from '../page/record-mark';
import { useShell } from '../page/shell-context';
import type { KindProps } from './other-kind';
import { boxFrom, boxOf, boxText, carried, scaleOf, spotsOf, zoomed, type Box, type Spot } from './plane';

const PAGE = 200;
const MOST = 1000;
const LISTED = 100;
interface Stop { row: Rec; place: Place }

function usePlaces({ object, state, columns }: KindProps, field: FieldMeta | undefined) {
  const { asOf } = useAsOf();
  const client = useQueryClient();
  const filter = joinAnd([state.effective, field ? `${field.name} is not null` : '']);
  const fields = [...new Set([...fieldsParam(columns).split(','), ...(field ? [field.name] : [])])].join(',');
  useLive([object.plural], () => { void client.invalidateQueries({ queryKey: ['board', object.plural, 'map'] }); });
  return useQuery({
    queryKey: ['board', object.plural, 'map', filter, state.q, fields, asOf], enabled: !!field, staleTime: 10_000,
    queryFn: async ({ signal }) => {
      const stops: Stop[] = [];
      let after: string | null = null;
      do {
        const page = await fetchPage(`/${object.plural}`, { filter, q: state.q, fields, limit: PAGE, count: 'none', ...(asOf ? { as_of: asOf } : {}) } as never, after, signal);
        stops.push(...page.items.flatMap((row) => { const place = placeOf(row[field!.name]); return place ? [{ row, place }] : []; }));
        after = page.next;
      } while (after && stops.length < MOST);
      return { stops, more: !!after };
    },
  });
}

const lengthText = (metres: number): string => (metres < 1000 ? t('map.m', { n: formatNumber(metres) }) : t('map.km', { n: formatNumber(metres / 1000) }));

interface PlaneProps { props: KindProps; box: Box; spots: Spot<Stop>[]; onCarry: (box: Box) => void; onBox: (box: Box) => void }

function Plane({ props: { object }, box, spots, onCarry, onBox }: PlaneProps) {
  const navigate = useNavigate();
  const held = useRef<{ x: number; y: number; box: Box } | null>(null);
  const press = (e: PointerEvent<HTMLElement>) => { if (e.button || e.target !== e.currentTarget) return; e.currentTarget.setPointerCapture(e.pointerId); held.current = { x: e.clientX, y: e.clientY, box }; };
  const draw = (e: PointerEvent<HTMLElement>) => { const h = held.current; if (h) onCarry(carried(h.box, (e.clientX - h.x) / e.currentTarget.clientWidth, (e.clientY - h.y) / e.currentTarget.clientHeight)); };
  const drop = () => { if (held.current && held.current.box !== box) onBox(box); held.current = null; };
  const scale = scaleOf(box);
  return (
    <div className="plane" role="group" aria-label={t('view.map')} onPointerDown={press} onPointerMove={draw} onPointerUp={drop} onPointerCancel={drop}>
      {spots.map(({ x, y, items }) => {
        const first = items[0]!.row;
        const style = { left: `${x * 100}%`, top: `${y * 100}%` };
        const name = items.length > 1 ? t('map.cluster', { n: formatNumber(items.length) }) : recordTitle(object, first);
        return <button key={first.id} type="button" className={items.length > 1 ? 'spot many' : 'spot'} style={style} title={name} aria-label={name} onClick={() => (items.length > 1 ? onBox(boxOf(items)) : void navigate(`/${object.plural}/${first.id}`))}>{items.length > 1 && formatNumber(items.length)}</button>;
      })}
      <div className="scale" style={{ width: `${scale.part * 100}%` }}>{lengthText(scale.metres)}</div>
    </div>
  );
}

export default function MapList(props: KindProps) {
  const { object, columns, state } = props;
  const { phone } = useShell();
  const field = placeField(object);
  const query = usePlaces(props, field);
  /** While it is carried; where it was put down stands in the address. */
  const [carrying, setCarrying] = useState<Box | null>(null);
  const setBox = (next: Box | null) => { setCarrying(null); state.setLook('box', next ? boxText(next) : ''); };
  if (!field) return <div className="sheet"><p className="muted kind-note">{t('map.none')}</p></div>;
  if (query.isError) return <div className="sheet"><ErrorState error={query.error} title={t('error.list')} onRetry={() => void query.refetch()} /></div>;
  if (!query.data) return <div className="sheet"><TableSkeleton columns={2} /></div>;
  const { stops, more } = query.data;
  if (!stops.length) return <div className="sheet"><PageState icon={MapPin} title={t('map.empty')} text={t('map.empty_text')} /></div>;
  const box = carrying ?? boxFrom(state.look('box')) ?? boxOf(stops);
  const spots = spotsOf(box, stops, phone ? 9 : 18);
  const seen = spots.flatMap((s) => s.items);
  return (
    <div className="sheet map-kind">
      <div className="cal-bar">
        <IconButton icon={ZoomIn} label={t('map.closer')} onClick={() => setBox(zoomed(box, 0.5))} /><IconButton icon={ZoomOut} label={t('map.farther')} onClick={() => setBox(zoomed(box, 2))} />
        <Button size="small" onClick={() => setBox(null)}>{t('map.all')}</Button>
        <span className="muted cap end" role="status">{t('map.seen', { n: formatNumber(seen.length), all: formatNumber(stops.length) })}{more && ` · ${t('map.cut', { n: formatNumber(MOST) })}`}</span>
      </div>
      <div className="map-body">
        <Plane props={props} box={box} spots={spots} onCarry={setCarrying} onBox={setBox} />
        <div className="map-list" role="list">{seen.slice(0, LISTED).map(({ row }) => <div key={row.id} role="listitem"><Link to={`/${object.plural}/${row.id}`}><b className="cut">{recordTitle(object, row)}</b><span className="muted cap cut">{columns.slice(1, 4).map((c) => fieldText(c.field, row[c.field.name])).filter(Boolean).join(' · ')}</span></Link></div>)}</div>
      </div>
    </div>
  );
}
