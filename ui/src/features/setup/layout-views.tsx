// Views that everybody gets: which records, in which order.
import { Button, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { label as wordsOf, t } from '@/lib/i18n';
import { fieldLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, View } from '@/lib/types';
import { putView, resetView } from './api';
import { ConditionEditor } from '@/record/expression/condition-editor';
import { Labelled, LabelPair, Refusals } from './parts';
import { cleanLabel } from './labels';
import { useSubmit } from './use-submit';

function ViewEditor({ object, view, onSaved }: { object: ObjectMeta; view: View; onSaved: () => void }) {
  const { meta } = useCatalogue();
  const [version] = useState(meta.version);
  const before = { label: view.label ?? {}, filter: view.filter ?? '', sort: view.sort ?? [] };
  const [draft, setDraft] = useState(before);
  const form = useSubmit(onSaved, version);
  const dirty = JSON.stringify(draft) !== JSON.stringify(before);
  const sortable = object.fields.filter((f) => f.sortable).flatMap((f) => [{ value: `-${f.name}`, label: t('layout.descending', { field: fieldLabel(f) }) }, { value: f.name, label: t('layout.ascending', { field: fieldLabel(f) }) }]);
  const save = () => void form.submit((v) => putView(object.object, { view: view.view, label: cleanLabel(draft.label), filter: draft.filter.trim() || null, sort: draft.sort }, v), t('layout.saved'));
  return (
    <section className="view-edit">
      <h3>{wordsOf(view.label, view.view)} <code>{view.view}</code>{view.broken && <span className="chip danger">{t('layout.broken')}</span>}</h3>
      <Refusals of={form} shown={['filter']} />
      <LabelPair value={draft.label} onChange={(label) => setDraft({ ...draft, label })} focus={false} />
      <ConditionEditor object={object.object} rows={1} value={draft.filter} onChange={(filter) => setDraft({ ...draft, filter })} label={t('layout.filter')} help={t('layout.filter_help')} error={form.errorOf('filter')} />
      <Labelled label={t('layout.sort')}><Select mode="multiple" maxCount={4} value={draft.sort} onChange={(sort: string[]) => setDraft({ ...draft, sort })} options={sortable} showSearch={{ optionFilterProp: 'label' }} /></Labelled>
      <div className="row between">
        <Popconfirm title={t('layout.reset_sure')} okText={t('layout.reset')} cancelText={t('action.cancel')} onConfirm={() => void form.submit(() => resetView(object.object, view.view), t('layout.was_reset'))}><Button type="text" size="small">{t('layout.reset')}</Button></Popconfirm>
        <Button size="small" disabled={!dirty} loading={form.busy} onClick={save}>{t('action.save')}</Button>
      </div>
    </section>
  );
}

export function LayoutViews({ object, onSaved }: { object: ObjectMeta; onSaved: () => void }) {
  return <div className="pane layout-pane">{(object.views ?? []).map((v) => <ViewEditor key={v.view} object={object} view={v} onSaved={onSaved} />)}</div>;
}
