// A list: top bar, view tabs, filter, table (or phone rows), status line; forms open above it.
import { Button } from 'antd';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useKeys } from '@/lib/keyboard';
import { inSentence, t } from '@/lib/i18n';
import { mayCreate, objectLabel, pluralLabel } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { useList } from '../data/use-list';
import { fieldsParam } from '../page/columns';
import { PageMenu } from '../page/page-menu';
import { useShell } from '../page/shell-context';
import { TopBar } from '../page/top-bar';
import { FilterBar } from './filter-bar';
import { ListBody } from './list-body';
import { StatusLine } from './status-line';
import { useChosenColumns } from './use-chosen-columns';
import { askOf, useListState } from './use-list-state';
import { ViewTabs } from './view-tabs';

const PhoneFilter = lazy(() => import('./phone-filter'));
const FormDrawer = lazy(() => import('../form/form-drawer'));

export function ListView({ object }: { object: ObjectMeta }) {
  const state = useListState(object);
  const { phone } = useShell();
  const chosen = useChosenColumns(object, state.view);
  const { columns } = chosen;
  const heads = { onWidth: (field: string, width: number) => chosen.change(field, { width }), onMove: chosen.move };
  const list = useList(object, askOf(state, fieldsParam(columns)), undefined, !state.waiting);
  const [editing, setEditing] = useState<Rec | null>(null);
  const name = inSentence(objectLabel(object));
  const add = () => state.setCreating(true);
  useKeys({ c: (e) => { if (mayCreate(object)) { e.preventDefault(); add(); } } });
  const create = mayCreate(object) && <Button type="primary" icon={<Plus size={16} strokeWidth={1.75} />} onClick={add}>{t('action.new_object', { object: name })}</Button>;
  return (
    <>
      <TopBar title={pluralLabel(object)} phone={phone && <Suspense><PhoneFilter object={object} state={state} error={list.query.error} /></Suspense>}>{create}<PageMenu object={object} shown={{ filter: state.effective, q: state.q, sort: state.sort, fields: fieldsParam(columns), group: state.group }} /></TopBar>
      <ViewTabs object={object} state={state} settled={list.query.isSuccess} kind="table" columns={chosen} />
      {!phone && <FilterBar object={object} state={state} error={list.query.error} columns={chosen} />}
      <ListBody object={object} state={state} columns={columns} list={list} heads={heads} onEdit={setEditing} onCreate={add} />
      <StatusLine object={object} state={state} columns={columns} count={list.count} ready={list.query.isSuccess} />
      <Suspense>
        {state.creating && <FormDrawer object={object} onClose={() => state.setCreating(false)} />}
        {editing && <FormDrawer object={object} record={editing} onClose={() => setEditing(null)} />}
      </Suspense>
    </>
  );
}

export type ListState = ReturnType<typeof useListState>;
export type ListData = ReturnType<typeof useList>;
