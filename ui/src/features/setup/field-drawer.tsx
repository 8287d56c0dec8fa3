// A field, made or changed: in force at once in lists, forms, filters, import and API.
import { Button, Collapse, Drawer, Input, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { label as wordsOf, t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import type { FieldMeta, Job, ObjectMeta } from '@/lib/types';
import { changeField, createField, isJob, removeField } from './api';
import { ConditionEditor } from '@/record/expression/condition-editor';
import { bodyOf, changesOf, draftOf, EMPTY, type FieldDraft } from './field-draft';
import { FieldOptions } from './field-options';
import { FieldPreview } from './field-preview';
import { canBeUnique, canRequire, canSearch, fieldIcon, isComputed, TYPE_GROUPS } from './field-types';
import { FormerPart } from './former-part';
import { JobProgress, jobProblem } from './job-progress';
import { cleanLabel } from './labels';
import { identifierOf, isIdentifier } from './names';
import { Labelled, LabelPair, Refusals, SwitchRow } from './parts';
import { RetypePart } from './retype-part';
import { useSubmit } from './use-submit';

interface Props { object: ObjectMeta; field?: FieldMeta; onClose: () => void }
type Set = (part: Partial<FieldDraft>) => void;
type Part = { object: ObjectMeta; draft: FieldDraft; set: Set; errorOf: (name: string) => string | undefined };

const SHOWN = ['name', 'label', 'help', 'type', 'to', 'choices', 'list', 'depends_on', 'of', 'result', 'max', 'min', 'scale', 'format', 'default', 'inverse', 'inverse_label', 'on_delete', 'accept', 'max_size', 'number', 'required_when', 'visible_when', 'readonly_when', 'unique', 'search', 'required'];

function TypePick({ value, disabled, onChange }: { value: string; disabled: boolean; onChange: (type: string) => void }) {
  const options = TYPE_GROUPS.map((g) => ({ label: t(g.label), options: g.types.map((type) => ({ value: type as string, label: t(`type.${type}`) })) }));
  return (
    <Select value={value} disabled={disabled} onChange={onChange} options={options} showSearch={{ optionFilterProp: 'label' }} listHeight={360}
      optionRender={(o) => { const Icon = fieldIcon(String(o.value)); return <span className="row"><Icon size={16} strokeWidth={1.75} aria-hidden />{o.label}<span className="muted cap cut">{t(`typehelp.${String(o.value)}`)}</span></span>; }} />
  );
}

function Switches({ draft, set, errorOf }: Part) {
  return (
    <div className="switches">
      {canRequire(draft.type) && <SwitchRow label={t('setup.required')} help={t('setup.required_help')} error={errorOf('required')} checked={draft.required} onChange={(required) => set({ required })} />}
      {canBeUnique(draft.type) && <SwitchRow label={t('setup.unique_rule')} help={t('setup.unique_help')} error={errorOf('unique')} checked={draft.unique} onChange={(unique) => set({ unique })} />}
      {canSearch(draft.type) && <SwitchRow label={t('setup.search')} help={t('setup.search_help')} error={errorOf('search')} checked={draft.search} onChange={(search) => set({ search })} />}
    </div>
  );
}

function Conditions({ object, draft, set, errorOf }: Part) {
  const about = object.object;
  return (
    <>
      <ConditionEditor object={about} rows={1} value={draft.visible_when} onChange={(visible_when) => set({ visible_when })} label={t('setup.visible_when')} help={t('setup.visible_help')} error={errorOf('visible_when')} />
      {!isComputed(draft.type) && <ConditionEditor object={about} rows={1} value={draft.required_when} onChange={(required_when) => set({ required_when })} label={t('setup.required_when')} error={errorOf('required_when')} />}
      {!isComputed(draft.type) && <ConditionEditor object={about} rows={1} value={draft.readonly_when} onChange={(readonly_when) => set({ readonly_when })} label={t('setup.readonly_when')} help={t('setup.readonly_help')} error={errorOf('readonly_when')} />}
      <LabelPair value={draft.help} error={errorOf('help')} onChange={(help) => set({ help })} zh={t('setup.help_zh')} en={t('setup.help_en')} focus={false} />
      <Labelled label={t('setup.personal')}><Select value={draft.personal} onChange={(personal: string) => set({ personal })} options={['none', 'personal', 'sensitive'].map((p) => ({ value: p, label: t(`setup.personal_${p}`) }))} /></Labelled>
    </>
  );
}

function Rename({ object, field, onDone }: { object: ObjectMeta; field: FieldMeta; onDone: () => void }) {
  const [name, setName] = useState(field.name);
  const form = useSubmit(onDone);
  return (
    <>
      <Refusals of={form} shown={['name']} />
      <Labelled label={t('setup.rename')} error={form.errorOf('name')} help={t('setup.rename_help')}>
        <div className="row"><Input value={name} onChange={(e) => setName(e.target.value)} className="code" aria-label={t('setup.rename')} /><Button disabled={name === field.name || !isIdentifier(name)} loading={form.busy} onClick={() => void form.submit((v) => changeField(object.object, field.name, { name }, v), t('setup.renamed'))}>{t('setup.rename_do')}</Button></div>
      </Labelled>
    </>
  );
}

function Remove({ object, field, onDone }: { object: ObjectMeta; field: FieldMeta; onDone: () => void }) {
  const form = useSubmit(onDone);
  return (
    <>
      <Refusals of={form} />
      <div className="row between"><span className="cap soft">{t('setup.remove_help')}</span>
        <Popconfirm title={t('setup.remove_sure')} okText={t('setup.remove')} cancelText={t('action.cancel')} onConfirm={() => void form.submit(() => removeField(object.object, field.name), t('setup.removed_name', { name: wordsOf(field.label, field.name) }))}>
          <Button danger>{t('setup.remove')}</Button>
        </Popconfirm>
      </div>
    </>
  );
}

function More({ object, field, onDone }: { object: ObjectMeta; field: FieldMeta; onDone: () => void }) {
  return (
    <section className="field-actions">
      <div className="group">{t('setup.more_changes')}</div>
      <Rename object={object} field={field} onDone={onDone} />
      {field.custom ? <RetypePart object={object} field={field} onDone={onDone} /> : <div className="help">{t('setup.shipped_type')}</div>}
      <FormerPart object={object} field={field} />
      {field.custom && <Remove object={object} field={field} onDone={onDone} />}
    </section>
  );
}

function headOf(object: ObjectMeta, field: FieldMeta | undefined, words: string) {
  return field ? <span className="cut">{words} <code>{object.object}.{field.name}</code></span> : t('setup.add_field');
}

export default function FieldDrawer({ object, field: existing, onClose }: Props) {
  const { meta } = useCatalogue();
  const [version] = useState(meta.version);
  const [before] = useState(existing ? draftOf(existing) : EMPTY);
  const [draft, setDraft] = useState(before);
  const [named, setNamed] = useState(!!existing);
  const [job, setJob] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const form = useSubmit(() => {}, existing ? version : undefined, onClose);
  const set: Set = (part) => setDraft((old) => ({ ...old, ...part }));
  const relabel = (label: FieldDraft['label']) => set(named ? { label } : { label, name: identifierOf(label.en ?? '') });
  const words = wordsOf(cleanLabel(draft.label), draft.name);
  const changes = existing ? changesOf(before, draft) : {};
  const ready = existing ? Object.keys(changes).length > 0 : isIdentifier(draft.name);
  const send = async (v: number | string | undefined) => {
    setProblem('');
    const answer = existing ? await changeField(object.object, existing.name, changes, v) : await createField(object.object, bodyOf(draft));
    if (isJob(answer)) setJob(answer.id);
    else onClose();
  };
  const save = () => void form.submit(send, existing ? t('toast.saved', { name: words }) : t('setup.field_added', { field: words }));
  const ended = (end: Job<{ changed?: boolean; duplicates?: unknown[] }>) => {
    setJob(null);
    if (end.status !== 'done') return setProblem(jobProblem(end));
    if (end.result?.changed === false) return setProblem(t('setup.unique_broken', { values: (end.result.duplicates ?? []).slice(0, 5).map((d) => JSON.stringify(d)).join('，') }));
    void form.reload();
  };
  const part = { object, draft, set, errorOf: form.errorOf };
  const few = Object.keys(changes).length;
  const open = ['visible_when', 'required_when', 'readonly_when', 'help'].some((k) => form.errorOf(k)) || !!(draft.visible_when || draft.required_when || draft.readonly_when);
  return (
    <Drawer open onClose={onClose} size={480} title={headOf(object, existing, words)} rootClassName="field-drawer"
      footer={<div className="form-foot"><span className="note cut">{existing && few > 0 ? t('setup.changes_n', { n: few }) : t('setup.at_once')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={form.busy} disabled={!ready || !!job} onClick={save}>{existing ? t('action.save') : t('action.create')}</Button></div>}>
      <Refusals of={form} shown={SHOWN} />
      {problem && <div className="banner danger" role="alert"><div className="grow">{problem}</div></div>}
      {job && <JobProgress<{ changed?: boolean; duplicates?: unknown[] }> id={job} words={t('setup.derive_runs')} onEnd={ended} />}
      <LabelPair value={draft.label} error={form.errorOf('label')} onChange={relabel} />
      <div className="form-grid two">
        <Labelled label={t('setup.name')} error={form.errorOf('name')} help={existing ? undefined : t('setup.name_help')}><Input value={draft.name} disabled={!!existing} onChange={(e) => { setNamed(true); set({ name: e.target.value }); }} className="code" /></Labelled>
        <Labelled label={t('setup.type')} error={form.errorOf('type')} help={existing ? undefined : t(`typehelp.${draft.type}`)}><TypePick value={draft.type} disabled={!!existing} onChange={(type) => set({ type })} /></Labelled>
      </div>
      <FieldOptions {...part} existing={!!existing} />
      <Switches {...part} />
      <Collapse ghost size="small" defaultActiveKey={open ? ['more'] : []} items={[{ key: 'more', label: t('setup.conditions'), children: <Conditions {...part} /> }]} />
      <FieldPreview object={object} draft={draft} />
      {existing && <More object={object} field={existing} onDone={onClose} />}
    </Drawer>
  );
}
