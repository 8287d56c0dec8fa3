// Records that point here: the same table as a list, without the column that would say the same in every row.
import { Button } from 'antd';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { iconOf } from '@/components/icons';
import { ErrorState, isNoRight, NoRightState, PageState } from '@/components/state';
import { TableSkeleton } from '@/components/skeleton';
import { inSentence, plural, t } from '@/lib/i18n';
import { mayCreate, objectLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Rec, Relation } from '@/lib/types';
import { useList } from '../data/use-list';
import { Grid } from '../list/grid';
import { PhoneList } from '../list/phone-list';
import { inThePast, useAsOf } from '../page/as-of';
import { columnsOf, fieldsParam, type Column } from '../page/columns';
import { recordTitle } from '../page/record-mark';
import { useShell } from '../page/shell-context';
import { relatedPath } from './related-count';
import { relatedLayout } from './related-layout';

const FormDrawer = lazy(() => import('../form/form-drawer'));

interface Props { object: ObjectMeta; record: Rec; relation: Relation }

function relatedColumns(object: ObjectMeta, target: ObjectMeta, relation: Relation): Column[] {
  const named = relatedLayout(object, relation, target).fields;
  const view = named?.length ? { view: relation.name, columns: named } : undefined;
  return columnsOf(target, view).filter((c) => c.field.name !== relation.field);
}

function Content({ object, record, relation, target }: Props & { target: ObjectMeta }) {
  const { phone } = useShell();
  const [sort, setSort] = useState(() => relatedLayout(object, relation, target).sort);
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<Rec | null>(null);
  const columns = relatedColumns(object, target, relation);
  const list = useList(target, { sort, fields: fieldsParam(columns) }, relatedPath(object, record.id, relation));
  const name = inSentence(objectLabel(target));
  const add = mayCreate(target) && <Button size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => setAdding(true)}>{t('action.new_object', { object: name })}</Button>;
  const preset = { [relation.field]: { id: record.id, title: recordTitle(object, record) } };
  const state = () => {
    if (list.query.isError && !list.rows.length) return isNoRight(list.query.error) ? <NoRightState /> : <ErrorState error={list.query.error} title={t('error.list')} onRetry={() => void list.query.refetch()} />;
    if (list.query.isPending) return <TableSkeleton rows={6} columns={5} />;
    if (!list.rows.length) return <PageState icon={iconOf(target.icon ?? target.object)} title={t('empty.related', { objects: plural(name) })} text={t('empty.related_text', { object: name })}>{mayCreate(target) && <Button onClick={() => setAdding(true)}>{t('action.new_object', { object: name })}</Button>}</PageState>;
    return phone ? <PhoneList object={target} list={list} columns={columns} /> : <Grid object={target} columns={columns} list={list} sort={sort} onSort={setSort} onEdit={setEditing} />;
  };
  return (
    <>
      {list.rows.length > 0 && add && <div className="toolbar"><span className="end">{add}</span></div>}
      {state()}
      <Suspense>
        {adding && <FormDrawer object={target} preset={preset} onClose={() => setAdding(false)} />}
        {editing && <FormDrawer object={target} record={editing} onClose={() => setEditing(null)} />}
      </Suspense>
    </>
  );
}

export function RelatedList(props: Props) {
  const target = useCatalogue().byName.get(props.relation.object);
  const { asOf } = useAsOf();
  return target ? <Content {...props} target={inThePast(target, asOf)} /> : <NoRightState />;
}
