// The states of a list's content: skeleton, rows, nothing yet, nothing found, no right, error.
import { Button } from 'antd';
import { SearchX } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useNavigate } from 'react-router';
import { iconOf } from '@/components/icons';
import { ErrorState, isNoRight, NoRightState, PageState } from '@/components/state';
import { TableSkeleton } from '@/components/skeleton';
import { ApiProblem } from '@/lib/api';
import { inSentence, plural, t } from '@/lib/i18n';
import { fieldOf, mayCreate, objectLabel } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { Column } from '../page/columns';
import { useShell } from '../page/shell-context';
import { Grid } from './grid';
import type { HeadActions } from './grid-head';
import { GridSkeleton } from './grid-skeleton';
import type { ListData, ListState } from './list-view';
import { PhoneList } from './phone-list';

/** Groups and the other kinds come when they are looked at. */
const OtherKind = lazy(() => import('../kinds/other-kind'));

interface Props { object: ObjectMeta; state: ListState; columns: Column[]; list: ListData; heads?: HeadActions; onEdit: (row: Rec) => void; onCreate: () => void }

function NothingYet({ object, onCreate }: { object: ObjectMeta; onCreate: () => void }) {
  const navigate = useNavigate();
  const name = inSentence(objectLabel(object));
  const many = plural(name);
  if (!mayCreate(object)) return <PageState icon={iconOf(object.icon ?? object.object)} title={t('empty.title', { objects: many })} text={t('empty.text_read')} />;
  return (
    <PageState icon={iconOf(object.icon ?? object.object)} title={t('empty.title', { objects: many })} text={t('empty.text', { object: name })}>
      <Button type="primary" onClick={() => void navigate(`/${object.plural}/import`)}>{t('action.import_objects', { objects: many })}</Button>
      <Button onClick={onCreate}>{t('action.new_object', { object: name })}</Button>
    </PageState>
  );
}

function NothingFound({ object, state }: { object: ObjectMeta; state: ListState }) {
  const many = plural(inSentence(objectLabel(object)));
  return (
    <PageState icon={SearchX} title={t('empty.filtered', { objects: many })} text={state.own ? t('empty.filtered_text', { filter: state.own }) : t('empty.view_text')}>
      {state.own ? <Button onClick={state.clear}>{t('filter.clear')}</Button> : <Button onClick={() => state.setView('all')}>{t('empty.show_all')}</Button>}
    </PageState>
  );
}

export function ListBody({ object, state, columns, list, heads, onEdit, onCreate }: Props) {
  const { phone } = useShell();
  const { query, rows } = list;
  const group = state.groups[0] ? fieldOf(object, state.groups[0]) : undefined;
  const place = `${object.plural}?${state.effective}&${state.q}&${state.sort}`;
  if (query.isError && !rows.length) {
    const expression = query.error instanceof ApiProblem && query.error.code === 'bad_expression';
    if (isNoRight(query.error)) return <div className="sheet"><NoRightState /></div>;
    if (expression) return <div className="sheet"><PageState icon={SearchX} title={t('error.expression')} text={t('error.expression_text')} /></div>;
    return <div className="sheet"><ErrorState error={query.error} title={t('error.list')} onRetry={() => void query.refetch()} /></div>;
  }
  if (query.isPending) return <div className="sheet">{phone ? <TableSkeleton columns={1} /> : <GridSkeleton columns={columns} sort={state.sort} />}</div>;
  if (!rows.length) return <div className="sheet">{state.effective || state.q ? <NothingFound object={object} state={state} /> : <NothingYet object={object} onCreate={onCreate} />}</div>;
  if (state.kind !== 'table' || group) return <Suspense fallback={<div className="sheet"><TableSkeleton columns={phone ? 1 : 4} /></div>}><OtherKind object={object} state={state} columns={columns} list={list} group={group} heads={heads} onEdit={onEdit} /></Suspense>;
  if (phone) return <div className="sheet"><PhoneList object={object} list={list} columns={columns} /></div>;
  return <div className="sheet"><Grid key={place} place={place} filter={state.effective} object={object} columns={columns} list={list} sort={state.sort} onSort={state.setSort} heads={heads} onEdit={onEdit} /></div>;
}
