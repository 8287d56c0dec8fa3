// The same records otherwise: in groups, beside one that is open, on their days, as a chart.
import './kinds.css';
import './more-kinds.css';
import { lazy } from 'react';
import '@/lib/lists-words';
import { fieldOf } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import type { HeadActions } from '../list/grid-head';
import type { ListData, ListState } from '../list/list-view';
import { PhoneList } from '../list/phone-list';
import type { Column } from '../page/columns';
import { useShell } from '../page/shell-context';

const GroupList = lazy(() => import('../groups/group-list'));
const SplitList = lazy(() => import('./split-list'));
const CalendarList = lazy(() => import('./calendar-list'));
const ChartList = lazy(() => import('./chart-list'));
const GalleryList = lazy(() => import('./gallery-list'));
const TimelineList = lazy(() => import('./timeline-list'));
const MapList = lazy(() => import('./map-list'));
const PivotList = lazy(() => import('./pivot-list'));

export interface KindProps { object: ObjectMeta; state: ListState; columns: Column[]; list: ListData; group?: FieldMeta; heads?: HeadActions; onEdit: (row: Rec) => void }

export default function OtherKind(props: KindProps) {
  const { object, columns, list, group, state } = props;
  const { phone } = useShell();
  if (state.kind === 'calendar') return <CalendarList {...props} />;
  if (state.kind === 'chart') return <ChartList {...props} />;
  if (state.kind === 'gallery') return <GalleryList {...props} />;
  if (state.kind === 'timeline') return <TimelineList {...props} />;
  if (state.kind === 'map') return <MapList {...props} />;
  if (state.kind === 'pivot') return <PivotList {...props} />;
  if (state.kind === 'split' && !phone) return <SplitList {...props} />;
  return group && state.kind === 'table' ? <GroupList {...props} key={state.group} fields={state.groups.map((name) => fieldOf(object, name)).filter((f) => !!f)} /> : <div className="sheet"><PhoneList object={object} list={list} columns={columns} /></div>;
}
