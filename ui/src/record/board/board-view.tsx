// A board: one request per column, one for counts and sums; cards move by mouse, touch or keyboard.
import { Button, Select } from 'antd';
import { ListFilter, Plus, SquareKanban } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useSearchParams } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { ErrorState, PageState } from '@/components/state';
import { BlockSkeleton } from '@/components/skeleton';
import { useKeys } from '@/lib/keyboard';
import { inSentence, t } from '@/lib/i18n';
import { fieldLabel, mayCreate, objectLabel, pluralLabel } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { joinAnd } from '../filter/expression';
import { FilterBar } from '../list/filter-bar';
import { ViewTabs } from '../list/view-tabs';
import { useListState } from '../list/use-list-state';
import { PageMenu } from '../page/page-menu';
import { TopBar } from '../page/top-bar';
import type { BoardSpec } from './board-meta';
import { Columns } from './columns';
import { useColumns, useParents, type Parent } from './use-columns';

const FormDrawer = lazy(() => import('../form/form-drawer'));

function useParentChoice(spec: BoardSpec) {
  const [params, setParams] = useSearchParams();
  const { parents, needed, query } = useParents(spec);
  const asked = params.get('by');
  const parent = parents.find((p) => p.id === asked) ?? parents.find((p) => p.isDefault) ?? parents[0];
  const choose = (id: string) => setParams((old) => { const next = new URLSearchParams(old); next.set('by', id); return next; }, { replace: true });
  return { parents, parent, choose, needed, query };
}

function ParentPick({ spec, parents, parent, onChoose }: { spec: BoardSpec; parents: Parent[]; parent?: Parent; onChoose: (id: string) => void }) {
  if (!spec.groupBy || parents.length < 2) return null;
  return (
    <span className="pick cap"><span className="muted nw">{fieldLabel(spec.groupBy)}</span>
      <Select size="small" value={parent?.id} onChange={onChoose} options={parents.map((p) => ({ value: p.id, label: p.title }))} popupMatchSelectWidth={false} aria-label={fieldLabel(spec.groupBy)} />
    </span>
  );
}

export function BoardView({ object, spec }: { object: ObjectMeta; spec: BoardSpec }) {
  const state = useListState(object);
  const choice = useParentChoice(spec);
  const board = useColumns(spec, choice.parent);
  const filter = joinAnd([state.expression, board.scope]);
  const waiting = state.waiting || board.isPending && !(choice.needed && choice.query.isSuccess && !choice.parent);
  const error = board.error ?? choice.query.error;
  useKeys({ c: (e) => { if (mayCreate(object)) { e.preventDefault(); state.setCreating(true); } } });
  const [filterError, setFilterError] = useState<unknown>(null);
  const [filtering, setFiltering] = useState(false);
  const filtered = filtering || state.own !== '';
  const content = () => {
    if (error) return <div className="sheet"><ErrorState error={error} title={t('error.board')} onRetry={() => { void choice.query.refetch(); board.refetch(); }} /></div>;
    if (waiting) return <div className="sheet"><BlockSkeleton lines={8} /></div>;
    if (!board.columns.length) return <div className="sheet"><PageState icon={SquareKanban} title={t('board.no_columns')} text={t('board.no_columns_text', { field: fieldLabel(spec.group) })} /></div>;
    return <Columns key={filter} onWrong={setFilterError} object={object} spec={spec} columns={board.columns} filter={filter} />;
  };
  const preset = spec.groupBy && choice.parent ? { [spec.groupBy.name]: choice.parent } : undefined;
  return (
    <>
      <TopBar title={pluralLabel(object)}>
        {mayCreate(object) && <Button type="primary" icon={<Plus size={16} strokeWidth={1.75} />} onClick={() => state.setCreating(true)}>{t('action.new_object', { object: inSentence(objectLabel(object)) })}</Button>}
        <PageMenu object={object} />
      </TopBar>
      <ViewTabs object={object} state={state} settled={board.columns.length > 0} kind="board" extra={<><ParentPick spec={spec} parents={choice.parents} parent={choice.parent} onChoose={choice.choose} /><IconButton icon={ListFilter} label={t('filter.title')} on={filtered} onClick={() => setFiltering(!filtering)} /></>} />
      {filtered && <div className="board-filter"><FilterBar object={object} state={{ ...state, sort: '' }} error={filterError} /></div>}
      {content()}
      <Suspense>{state.creating && <FormDrawer object={object} preset={preset} onClose={() => state.setCreating(false)} />}</Suspense>
    </>
  );
}
