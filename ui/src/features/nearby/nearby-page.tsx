// Records around another one, or around where the phone is: the nearest first, with their distance, the way to the map, and visits to those chosen.
import '@/lib/nearby-words';
import '@/styles/nearby.css';
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented, Select } from 'antd';
import { LocateFixed, MapPinOff, Route } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { placeField, type Place } from '@/fields/geo/geo';
import { useHere } from '@/fields/geo/use-here';
import { get } from '@/lib/api';
import { inSentence, plural as pluralOf, t } from '@/lib/i18n';
import { objectLabel, titleField } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { ObjectMeta, Rec, View } from '@/lib/types';
import { NotFoundPage } from '@/record/page/not-found';
import { recordTitle } from '@/record/page/record-mark';
import { TopBar } from '@/record/page/top-bar';
import { useObject } from '@/record/page/use-object';
import { useTitle } from '@/record/page/use-title';
import { viewLabel, viewsOf } from '@/record/page/views';
import { useSavedViews } from '@/record/views/use-saved-views';
import { distanceText } from './distance';
import { NearRow, shownFields } from './near-row';
import { PLANNED_AT_ONCE, useMayPlan } from './plan-api';

const PlanDrawer = lazy(() => import('./plan-drawer'));

interface Answer { at: Place; km: number; complete: boolean; items: { distance_m: number; record: Rec }[] }

const CIRCLES = ['1', '3', '5', '10', '20', '50'];
const USUAL = '5';

/** The same as the tabs of the list, and what one saved. */
function useViews(object: ObjectMeta): View[] {
  const { saved } = useSavedViews(object);
  return [...viewsOf(object), ...saved.items.filter((v) => !v.problem)];
}

/** Where, how far and which stand in the URL. */
function useAsked(object: ObjectMeta) {
  const [params, setParams] = useSearchParams();
  const set = (change: Record<string, string | null>) => setParams((old) => {
    const next = new URLSearchParams(old);
    Object.entries(change).forEach(([key, value]) => { if (value === null) next.delete(key); else next.set(key, value); });
    return next;
  }, { replace: true });
  const of = params.get('of');
  const [lat, lng] = [params.get('lat'), params.get('lng')];
  const km = params.get('km') ?? USUAL;
  const views = useViews(object);
  const view = views.find((v) => v.view === params.get('view')) ?? views.find((v) => v.view === 'all');
  const fields = [...new Set(['id', titleField(object), placeField(object)!.name, ...shownFields(object)])].join(',');
  const body: Record<string, string> = { ...(of ? { of } : { lat: lat ?? '', lng: lng ?? '' }), km, fields, ...(view?.filter ? { filter: view.filter } : {}) };
  return { of, km, views, view: view?.view, known: !!of || (!!lat && !!lng), fields, body, set };
}
type Asked = ReturnType<typeof useAsked>;

function useNear(object: ObjectMeta, asked: Asked) {
  const centre = useQuery({ queryKey: ['nearby-centre', object.plural, asked.of, asked.fields], queryFn: ({ signal }) => get<Rec>(`/${object.plural}/${asked.of}`, { fields: asked.fields }, signal), enabled: !!asked.of });
  const around = useQuery({ queryKey: ['nearby', object.plural, asked.body], queryFn: ({ signal }) => get<Answer>(`/${object.plural}/nearby`, asked.body, signal), enabled: asked.known });
  return { centre: asked.of ? centre.data : undefined, around };
}

function Bar({ asked, here }: { asked: Asked; here: ReturnType<typeof useHere> }) {
  return (
    <div className="near-bar">
      <Segmented className="near-circles" value={asked.km} options={CIRCLES.map((value) => ({ value, label: t('nearby.km', { n: value }) }))} onChange={(km) => asked.set({ km })} aria-label={t('nearby.circle')} />
      <Select className="near-view" value={asked.view} options={asked.views.map((v) => ({ value: v.view, label: viewLabel(v) }))} onChange={(view) => asked.set({ view: view === 'all' ? null : view })} aria-label={t('nearby.view')} popupMatchSelectWidth={false} />
      <Button icon={<LocateFixed size={16} strokeWidth={1.75} />} loading={here.asking} onClick={here.ask}>{t('nearby.here')}</Button>
    </div>
  );
}

interface ItemsProps { object: ObjectMeta; answer: Answer; centre?: Rec; chosen: Map<string, Rec>; onChoose?: (record: Rec) => void }

function Items({ object, answer, centre, chosen, onChoose }: ItemsProps) {
  const row = (record: Rec, far: string) => <NearRow key={record.id} object={object} record={record} far={far} chosen={chosen.has(record.id)} onChoose={onChoose} />;
  const n = formatNumber(answer.items.length);
  return (
    <>
      {centre && <div role="list" className="card near-centre">{row(centre, t('nearby.centre'))}</div>}
      {answer.items.length === 0 && <PageState icon={MapPinOff} title={t('nearby.none', { km: answer.km })} text={t('nearby.none_text')} />}
      {answer.items.length > 0 && <p className="cap muted" aria-live="polite">{answer.complete ? t('nearby.count', { n, objects: pluralOf(inSentence(objectLabel(object))) }) : t('nearby.cut', { n })}</p>}
      {answer.items.length > 0 && <div role="list" className="card">{answer.items.map((item) => row(item.record, distanceText(item.distance_m)))}</div>}
    </>
  );
}

function Foot({ object, chosen, from, onDone }: { object: ObjectMeta; chosen: Map<string, Rec>; from?: Place; onDone: () => void }) {
  const [planning, setPlanning] = useState(false);
  const stops = [...chosen.values()].map((r) => ({ id: r.id, title: recordTitle(object, r) }));
  return (
    <div className="near-foot" role="toolbar" aria-label={t('nearby.chosen', { n: stops.length })}>
      <b className="grow">{t('nearby.chosen', { n: stops.length })}</b>
      <Button onClick={onDone}>{t('list.clear_selection')}</Button>
      <Button type="primary" icon={<Route size={16} strokeWidth={1.75} />} disabled={stops.length > PLANNED_AT_ONCE} onClick={() => setPlanning(true)}>{t('visit_plan.open')}</Button>
      <Suspense>{planning && <PlanDrawer chosen={stops} from={from} onClose={(done) => { setPlanning(false); if (done) onDone(); }} />}</Suspense>
    </div>
  );
}

const NONE = new Map<string, Rec>();

function Near({ object }: { object: ObjectMeta }) {
  const asked = useAsked(object);
  const here = useHere((place) => asked.set({ of: null, lat: String(place.lat), lng: String(place.lng) }));
  const { centre, around } = useNear(object, asked);
  const mayPlan = useMayPlan(object);
  const [chosen, setChosen] = useState(NONE);
  const choose = (record: Rec) => setChosen((old) => {
    const next = new Map(old);
    if (!next.delete(record.id)) next.set(record.id, record);
    return next;
  });
  useTitle(t('nearby.open'));
  return (
    <>
      <TopBar title={t('nearby.open')} />
      <div className="near-page"><div className="near-body">
        <Bar asked={asked} here={here} />
        {here.refused && <div className="banner warn" role="alert"><div className="grow">{here.refused}</div></div>}
        {!asked.known && <PageState icon={LocateFixed} title={t('nearby.where')} text={t('nearby.where_text')} />}
        {asked.known && around.isPending && <BlockSkeleton lines={6} />}
        {around.isError && <ErrorState error={around.error} title={t('nearby.failed')} onRetry={() => void around.refetch()} />}
        {around.data && <Items object={object} answer={around.data} centre={centre} chosen={chosen} onChoose={mayPlan ? choose : undefined} />}
      </div></div>
      {chosen.size > 0 && <Foot object={object} chosen={chosen} from={asked.of && chosen.has(asked.of) ? undefined : around.data?.at} onDone={() => setChosen(NONE)} />}
    </>
  );
}

export default function NearbyPage() {
  const object = useObject(useParams().plural ?? '');
  return object && placeField(object) ? <Near object={object} /> : <NotFoundPage />;
}
