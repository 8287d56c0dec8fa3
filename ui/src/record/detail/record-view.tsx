// A record: header with facts, tabs (activity, related lists), its fields at the side.
import { lazy, Suspense, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useKeys } from '@/lib/keyboard';
import { t } from '@/lib/i18n';
import { fieldOf, layoutOf, mayRead, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Rec, Relation } from '@/lib/types';
import { isShareable, PeopleSection } from '../access/people-section';
import { useMay } from '../access/use-may';
import { useOpened } from '../data/use-marks';
import { RelatedCount } from '../related/related-count';
import { RelatedList } from '../related/related-list';
import { RelatedPeek } from '../related/related-peek';
import { relationLabel } from '../page/relation-label';
import { useShell } from '../page/shell-context';
import { useSlots } from '../page/slots';
import { HereFaces } from './here-faces';
import { FieldPanel } from './field-panel';
import { LatestChange } from './latest-change';
import { RecordHeader } from './record-header';
import { Timeline } from './timeline';

const FormDrawer = lazy(() => import('../form/form-drawer'));
const HistoryDrawer = lazy(() => import('./history-drawer'));
const ShareDrawer = lazy(() => import('../access/share-drawer'));
const ExplainDrawer = lazy(() => import('../access/explain-drawer'));

function useRelations(object: ObjectMeta, record: Rec): Relation[] {
  const { byName } = useCatalogue();
  const declared = layoutOf(object, 'form', record)?.related?.map((r) => r.relation);
  const seen = (object.relations ?? []).filter((r) => { const o = byName.get(r.object); return o && mayRead(o) && (declared?.includes(r.name) || !fieldOf(o, r.field)?.shares); }); // who is named by hundreds of records sees them in their lists
  if (!declared?.length) return seen;
  const at = (r: Relation) => { const i = declared.indexOf(r.name); return i < 0 ? declared.length : i; };
  return [...seen].sort((a, b) => at(a) - at(b));
}

/** On a phone the fields, unless one came to write. */
const firstTab = (phone: boolean, params: URLSearchParams): string => (phone && params.get('follow') !== '1' ? 'fields' : 'activity');

function Activity({ object, record, past, pins }: { object: ObjectMeta; record: Rec; past: boolean; pins: boolean }) {
  const { aboveTimeline: Above } = useSlots();
  return <>{Above && !past && <Suspense><Above object={object} record={record} /></Suspense>}<Timeline object={object} id={record.id} pins={pins && !past} /></>;
}

const PEEKS = 2;

export function RecordView({ object, record }: { object: ObjectMeta; record: Rec }) {
  const { byName } = useCatalogue();
  const { phone } = useShell();
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState(false);
  const [history, setHistory] = useState(false);
  const [access, setAccess] = useState<'share' | 'why' | null>(null);
  const may = useMay(object, record);
  const shareable = isShareable(object);
  const relations = useRelations(object, record);
  useOpened(object, record, params.has('as_of'));
  const tab = params.get('tab') ?? firstTab(phone, params);
  const relation = relations.find((r) => r.name === tab);
  const setTab = (name: string) => setParams((old) => { const next = new URLSearchParams(old); if (name === (phone ? 'fields' : 'activity')) next.delete('tab'); else next.set('tab', name); return next; }, { replace: true });
  const edit = () => { if (may('update')) setEditing(true); };
  useKeys({ e: (e) => { e.preventDefault(); edit(); } });
  const tabButton = (name: string, words: string, count?: Relation) => (
    <button key={name} type="button" role="tab" aria-selected={tab === name} className={tab === name ? 'on' : ''} onClick={() => setTab(name)}>{words}{count && <RelatedCount object={object} id={record.id} relation={count} />}</button>
  );
  const peeks = relations.slice(0, PEEKS).map((r) => {
    const target = byName.get(r.object);
    return target && <RelatedPeek key={r.name} object={object} record={record} relation={r} target={target} label={relationLabel(r, target)} onAll={() => setTab(r.name)} />;
  });
  const people = shareable && <PeopleSection object={object} record={record} share={may('share')} onShare={() => setAccess('share')} onWhy={() => setAccess('why')} />;
  const panel = <>{!phone && peeks}{people}<FieldPanel object={object} record={record} onEdit={edit} fixed={!may('update')} /></>;
  return (
    <>
      <RecordHeader object={object} record={record} may={may} onEdit={edit} onHistory={() => setHistory(true)} onAccess={shareable ? setAccess : undefined} here={!params.has('as_of') && <HereFaces key={record.id} object={object} id={record.id} editing={editing} />}>
        <div className="tabs">
          <div className="mtabs" role="tablist">
            {phone && tabButton('fields', t('record.fields'))}
            {tabButton('activity', t('record.activity'))}
            {relations.map((r) => tabButton(r.name, relationLabel(r, byName.get(r.object)), r))}
          </div>
          {!phone && <LatestChange object={object} id={record.id} onOpen={() => setHistory(true)} />}
        </div>
      </RecordHeader>
      <div className="rec">
        <div className={relation ? 'l flush' : phone && tab === 'fields' ? 'l bare' : 'l'} role="tabpanel">
          {relation ? <RelatedList key={relation.name} object={object} record={record} relation={relation} /> : phone && tab === 'fields' ? panel : <Activity object={object} record={record} past={params.has('as_of')} pins={may('update')} />}
        </div>
        {!phone && <aside className="r">{panel}</aside>}
      </div>
      <Suspense>
        {editing && <FormDrawer object={object} record={record} onClose={() => setEditing(false)} />}
        {access === 'share' && <ShareDrawer object={object} record={record} may={may} onWhy={() => setAccess('why')} onClose={() => setAccess(null)} />}
        {access === 'why' && <ExplainDrawer object={object} record={record} may={may} onClose={() => setAccess(null)} />}
        {history && <HistoryDrawer object={object} record={record} onClose={() => setHistory(false)} />}
      </Suspense>
    </>
  );
}
