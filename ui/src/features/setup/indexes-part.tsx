// Unique rules and indexes over one or several fields: what stands, what is being built, what cannot be.
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Popconfirm, Select, Segmented } from 'antd';
import { Plus, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState } from '@/components/state';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { changeObject, getIndexes, type IndexState } from './api';
import { canBeUnique } from './field-types';
import { Labelled, Refusals } from './parts';
import { useSubmit } from './use-submit';

const same = (a: string[], b: string[]) => a.join() === b.join();
const namesOf = (object: ObjectMeta, fields: string[]) => fields.map((n) => fieldLabel(fieldOf(object, n) ?? { name: n, type: '' })).join(' · ');

/** Whether the set stands in the object's own declaration; the others come with fields and traits. */
export const isDeclared = (object: ObjectMeta, index: IndexState): boolean => (index.unique ? object.unique ?? [] : object.indexes ?? []).some((set) => same(set, index.fields));

function IndexDrawer({ object, onClose }: { object: ObjectMeta; onClose: () => void }) {
  const { meta } = useCatalogue();
  const [version] = useState(meta.version);
  const [unique, setUnique] = useState(true);
  const [fields, setFields] = useState<string[]>([]);
  const form = useSubmit(onClose, version);
  const key = unique ? 'unique' : 'indexes';
  const options = object.fields.filter((f) => canBeUnique(f.type) || (!unique && (f.sortable || f.type === 'boolean'))).map((f) => ({ value: f.name, label: fieldLabel(f) }));
  const error = form.errors.find((e) => e.field?.startsWith(key))?.message;
  const save = () => void form.submit((v) => changeObject(object.object, { [key]: [...(object[key] ?? []), fields] }, v), t(unique ? 'setup.unique_added' : 'setup.index_added'));
  return (
    <Drawer open onClose={onClose} size={440} title={t('setup.new_index')}
      footer={<div className="form-foot"><span className="note cut">{t('setup.index_note')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" disabled={!fields.length} loading={form.busy} onClick={save}>{t('action.create')}</Button></div>}>
      <Refusals of={form} shown={['unique', 'indexes']} />
      <Segmented block value={unique ? 'unique' : 'index'} onChange={(v) => { setUnique(v === 'unique'); setFields([]); }} options={[{ value: 'unique', label: t('setup.unique_rule') }, { value: 'index', label: t('setup.plain_index') }]} />
      <p className="help index-help">{t(unique ? 'setup.unique_rule_help' : 'setup.plain_index_help')}</p>
      <Labelled label={t('setup.index_fields')} error={error} help={t('setup.index_fields_help')}><Select mode="multiple" maxCount={6} value={fields} onChange={setFields} options={options} showSearch={{ optionFilterProp: 'label' }} /></Labelled>
    </Drawer>
  );
}

function Row({ object, index }: { object: ObjectMeta; index: IndexState }) {
  const { meta } = useCatalogue();
  const form = useSubmit(() => {}, meta.version);
  const key = index.unique ? 'unique' : 'indexes';
  const drop = () => void form.submit((v) => changeObject(object.object, { [key]: (object[key] ?? []).filter((set) => !same(set, index.fields)) }, v), t('setup.index_removed'));
  const state = t(`setup.index_${index.state}`);
  return (
    <>
      <div className="frow four still">
        <span className="cut">{namesOf(object, index.fields)}</span><code className="cut">{index.fields.join(', ')}</code><span className="soft cut">{index.unique ? t('setup.unique_rule') : t('setup.plain_index')}</span>
        <span className="row between">{index.state === 'ready' ? <span className="soft">{state}</span> : <span className={index.state === 'pending' ? 'chip warn' : 'chip danger'}>{state}</span>}
          {isDeclared(object, index) && <Popconfirm title={t('setup.index_remove_sure')} okText={t('action.delete')} cancelText={t('action.cancel')} onConfirm={drop}><button type="button" className="ib sm" aria-label={t('setup.index_remove', { fields: namesOf(object, index.fields) })}><X size={14} strokeWidth={1.75} aria-hidden /></button></Popconfirm>}
        </span>
      </div>
      <Refusals of={form} />
      {index.duplicates && index.duplicates.length > 0 && <div className="banner danger" role="alert"><div className="grow">{t('setup.index_duplicates')} <code>{index.duplicates.slice(0, 3).map((d) => JSON.stringify(d)).join(' ')}</code></div></div>}
    </>
  );
}

export default function IndexesPart({ object, tabs }: { object: ObjectMeta; tabs: ReactNode }) {
  const [making, setMaking] = useState(false);
  const { meta } = useCatalogue();
  const query = useQuery({ queryKey: ['meta-indexes', object.object, meta.version], queryFn: async () => (await getIndexes(object.object)).items, staleTime: 0, refetchInterval: (q) => (q.state.data?.some((i) => i.state === 'pending') ? 2000 : false) });
  const sorted = [...(query.data ?? [])].sort((a, b) => Number(b.unique) - Number(a.unique));
  return (
    <>
      <div className="toolbar line">{tabs}<span className="row end"><Button type="primary" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => setMaking(true)}>{t('setup.new_index')}</Button></span></div>
      {query.isError && <ErrorState error={query.error} title={t('setup.load_failed')} onRetry={() => void query.refetch()} />}
      {query.isPending && <TableSkeleton rows={8} columns={4} />}
      {query.isSuccess && (
        <div className="pane">
          <div className="frow four hd"><span>{t('setup.index_fields')}</span><span>{t('setup.name')}</span><span>{t('setup.type')}</span><span>{t('setup.state')}</span></div>
          {sorted.map((i) => <Row key={i.name} object={object} index={i} />)}
        </div>
      )}
      {making && <IndexDrawer object={object} onClose={() => setMaking(false)} />}
    </>
  );
}
