// A new field: in force at once in lists, forms, filters, import and API.
import { Button, Drawer, Input, Select, Switch } from 'antd';
import { useState } from 'react';
import { label as wordsOf, t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { changeField, createField, type NewField } from './api';
import { ChoicesEditor } from './choices-editor';
import { FieldActions } from './field-actions';
import { CREATABLE, RESULTS } from './field-types';
import { identifierOf, isIdentifier } from './names';
import { cleanLabel, Labelled, LabelPair } from './parts';
import { useSubmit } from './use-submit';

interface Props { object: ObjectMeta; field?: FieldMeta; onClose: () => void }

const START: NewField = { name: '', type: 'text', label: {} };
const typeOptions = CREATABLE.map((type) => ({ value: type as string, label: `type.${type}` }));

/** What the chosen type needs, and nothing of what an earlier choice left behind. */
export function bodyOf(field: NewField): NewField {
  const { name, type, label, required, search } = field;
  return {
    name, type, label: cleanLabel(label), ...(required ? { required } : {}), ...(type === 'text' && search ? { search } : {}),
    ...(type === 'link' || type === 'links' ? { to: field.to } : {}),
    ...(type === 'choice' ? { choices: (field.choices ?? []).filter((c) => c.value.trim()) } : {}),
    ...(type === 'money' || type === 'decimal' ? { scale: 2 } : {}),
    ...(type === 'formula' ? { of: field.of ?? '', result: field.result ?? 'money' } : {}),
  };
}

function TypeParts({ field, set, errorOf }: { field: NewField; set: (part: Partial<NewField>) => void; errorOf: (name: string) => string | undefined }) {
  const { meta } = useCatalogue();
  if (field.type === 'link' || field.type === 'links') {
    return <Labelled label={t('setup.to')} error={errorOf('to')}><Select value={field.to} onChange={(to: string) => set({ to })} showSearch={{ optionFilterProp: 'label' }} options={meta.objects.map((o) => ({ value: o.object, label: objectLabel(o) }))} /></Labelled>;
  }
  if (field.type === 'choice') return <ChoicesEditor choices={field.choices ?? []} error={errorOf('choices')} onChange={(choices) => set({ choices })} />;
  if (field.type !== 'formula') return null;
  return (
    <>
      <Labelled label={t('setup.of')} error={errorOf('of')} help={t('setup.of_help')}><Input value={field.of ?? ''} onChange={(e) => set({ of: e.target.value })} className="code" /></Labelled>
      <Labelled label={t('setup.result')} error={errorOf('result')}><Select value={field.result ?? 'money'} onChange={(result: string) => set({ result })} options={RESULTS.map((r) => ({ value: r, label: t(`type.${r}`) }))} /></Labelled>
    </>
  );
}

export default function FieldDrawer({ object, field: existing, onClose }: Props) {
  const [field, setField] = useState<NewField>(existing ? { ...START, name: existing.name, type: existing.type, label: existing.label ?? {}, required: existing.required } : START);
  const [named, setNamed] = useState(!!existing);
  const { busy, failure, errors, errorOf, submit } = useSubmit(onClose);
  const set = (part: Partial<NewField>) => setField((old) => ({ ...old, ...part }));
  const relabel = (label: NewField['label']) => set(named ? { label } : { label, name: identifierOf(label.en ?? '') });
  const words = wordsOf(cleanLabel(field.label), field.name);
  const save = () => void submit(
    () => (existing ? changeField(object.object, existing.name, { label: cleanLabel(field.label), required: field.required ?? false }) : createField(object.object, bodyOf(field))),
    existing ? t('toast.saved', { name: words }) : t('setup.field_added', { field: words }),
  );
  const rest = errors.filter((e) => e.field && !['name', 'label', 'type', 'to', 'choices', 'of', 'result'].includes(e.field.split(/[.[]/)[0]!));
  return (
    <Drawer open onClose={onClose} size={440} title={existing ? <>{words} <code>{object.object}.{existing.name}</code></> : t('setup.add_field')}
      footer={<div className="form-foot"><span className="note cut">{t('setup.at_once')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={busy} disabled={!isIdentifier(field.name)} onClick={save}>{existing ? t('action.save') : t('action.create')}</Button></div>}>
      {[failure, ...rest.map((e) => `${e.field}: ${e.message}`)].filter(Boolean).map((text) => <div key={text} className="banner danger" role="alert"><div className="grow">{text}</div></div>)}
      <LabelPair value={field.label} error={errorOf('label')} onChange={relabel} />
      <Labelled label={t('setup.name')} error={errorOf('name')} help={t('setup.name_help')}><Input value={field.name} disabled={!!existing} onChange={(e) => { setNamed(true); set({ name: e.target.value }); }} className="code" /></Labelled>
      <Labelled label={t('setup.type')} error={errorOf('type')}><Select value={field.type} disabled={!!existing} onChange={(type: string) => set({ type })} options={typeOptions.map((o) => ({ ...o, label: t(o.label) }))} /></Labelled>
      {!existing && <TypeParts field={field} set={set} errorOf={errorOf} />}
      {field.type !== 'formula' && <div className="row between switch-row"><span>{t('setup.required')}</span><Switch size="small" checked={field.required ?? false} onChange={(required) => set({ required })} aria-label={t('setup.required')} /></div>}
      {!existing && field.type === 'text' && <div className="row between switch-row"><span>{t('setup.search')}</span><Switch size="small" checked={field.search ?? false} onChange={(search) => set({ search })} aria-label={t('setup.search')} /></div>}
      {existing && <FieldActions object={object} field={existing} onClose={onClose} />}
    </Drawer>
  );
}
