// Tabs of a list: its views with counts, and the kinds it can be shown as.
import { useQuery } from '@tanstack/react-query';
import { Calendar, ChartColumn, ChartGantt, Grid3x3, LayoutGrid, Map as MapIcon, PanelRight, SquareKanban, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';
import { placeField } from '@/fields/geo/geo';
import type { Count, ObjectMeta, View } from '@/lib/types';
import { boardOf } from '../board/board-meta';
import { fetchPage } from '../data/records';
import { useShell } from '../page/shell-context';
import { viewLabel } from '../page/views';
import type { ListState } from './list-view';
import { ViewMenu } from '../views/view-menu';
import { isSavedView } from '../views/view-api';
import type { useChosenColumns } from './use-chosen-columns';
import type { ListKind } from './use-list-state';

export const countText = (count: Count | null | undefined): string =>
  (count ? formatNumber(count.value) + (count.exact ? '' : '+') : '');

function useViewCount(object: ObjectMeta, view: View, enabled: boolean) {
  const filter = view.filter ?? '';
  const query = useQuery({
    queryKey: ['count', object.plural, filter],
    queryFn: ({ signal }) => fetchPage(`/${object.plural}`, { filter, limit: 1, count: 'capped', fields: 'id' }, null, signal),
    enabled, staleTime: 60_000,
  });
  return query.data?.count;
}

function Tab({ object, view, on, settled, onSelect }: { object: ObjectMeta; view: View; on: boolean; settled: boolean; onSelect: () => void }) {
  const count = useViewCount(object, view, settled);
  return <button type="button" role="tab" aria-selected={on} className={on ? 'on' : ''} onClick={onSelect}>{viewLabel(view)}<em>{countText(count)}</em></button>;
}

interface Props { object: ObjectMeta; state: ListState; settled: boolean; kind: 'table' | 'board'; columns?: ReturnType<typeof useChosenColumns>; extra?: ReactNode }

export function ViewTabs({ object, state, settled, kind, columns, extra }: Props) {
  const navigate = useNavigate();
  const { phone } = useShell();
  const go = (to: string) => void navigate(to + (state.view === state.home ? '' : `?view=${state.view.view}`));
  const hasBoard = !!boardOf(object);
  const open = (view: View) => (isSavedView(view) && hasBoard && (view.kind === 'board') !== (kind === 'board') ? void navigate(`/${object.plural}${view.kind === 'board' ? '/board' : ''}?view=${view.view}`) : state.setView(view.view));
  const tabs = state.views.map((v) => <Tab key={v.view} object={object} view={v} on={v.view === state.view.view} settled={settled} onSelect={() => open(v)} />);
  const menu = <ViewMenu object={object} state={state} kind={kind} columns={columns} onOpen={open} />;
  const dated = object.fields.some((f) => f.type === 'date' || f.type === 'datetime');
  /** Another way to look at the same page; from the board first back to it. */
  const show = (next: ListKind) => (kind === 'board' ? void navigate(`/${object.plural}?${new URLSearchParams({ ...(state.view === state.home ? {} : { view: state.view.view }), ...(next === 'table' ? {} : { as: next }) }).toString()}`) : state.setKind(next));
  const at = kind === 'board' ? 'board' : state.kind;
  const kinds = (
    <div className="row end gap4" role="group" aria-label={t('view.view')}>{extra}
      <IconButton icon={Table2} label={t('view.table')} on={at === 'table'} onClick={() => show('table')} />
      {hasBoard && <IconButton icon={SquareKanban} label={t('view.board')} on={at === 'board'} onClick={() => go(`/${object.plural}/board`)} />}
      {dated && <IconButton icon={Calendar} label={t('view.calendar')} on={at === 'calendar'} onClick={() => show('calendar')} />}
      {!phone && <IconButton icon={PanelRight} label={t('view.split')} on={at === 'split'} onClick={() => show('split')} />}
      {dated && <IconButton icon={ChartGantt} label={t('view.timeline')} on={at === 'timeline'} onClick={() => show('timeline')} />}
      <IconButton icon={LayoutGrid} label={t('view.gallery')} on={at === 'gallery'} onClick={() => show('gallery')} />
      <IconButton icon={ChartColumn} label={t('view.chart')} on={at === 'chart'} onClick={() => show('chart')} />
      {placeField(object) && <IconButton icon={MapIcon} label={t('view.map')} on={at === 'map'} onClick={() => show('map')} />}
      <IconButton icon={Grid3x3} label={t('view.pivot')} on={at === 'pivot'} onClick={() => show('pivot')} />
    </div>
  );
  if (phone) return <div className="mchips"><div className="mtabs" role="tablist">{tabs}</div>{menu}{kinds}</div>;
  return <div className="toolbar line"><div className="tabs" role="tablist">{tabs}</div>{menu}{kinds}</div>;
}
