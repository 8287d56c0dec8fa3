// What an object is called, what it keeps, and its removal.
import { Button, Input, Popconfirm, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { hasMessage, label as wordsOf, t } from '@/lib/i18n';
import { fieldLabel, objectLabel, titleField, useCatalogue } from '@/lib/meta';
import type { Job, ObjectMeta } from '@/lib/types';
import { changeObject, isJob, removeObject } from './api';
import { IconPick } from './icon-pick';
import { JobProgress, jobProblem } from './job-progress';
import { cleanLabel } from './labels';
import { AREAS } from './object-draft';
import { Labelled, LabelPair, Refusals, SwitchRow } from './parts';
import { useRounds } from './use-rounds';
import { useSubmit } from './use-submit';

const draftOf = (o: ObjectMeta) => ({ label: o.label ?? {}, icon: o.icon ?? '', area: o.area ?? '', title: titleField(o), number: o.number ?? '', history: o.history ?? false, timeline: o.timeline ?? false, record_type: o.record_type ?? null });

function About({ object, tabs, onSaved }: { object: ObjectMeta; tabs: ReactNode; onSaved: () => void }) {
  const navigate = useNavigate();
  const { meta } = useCatalogue();
  const [version] = useState(meta.version);
  const [before] = useState(() => draftOf(object));
  const [draft, setDraft] = useState(before);
  const [job, setJob] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const form = useSubmit(onSaved, version);
  const going = useSubmit(() => { void navigate('/settings/objects'); });
  const set = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }));
  const changes = Object.fromEntries(Object.entries({ ...draft, label: cleanLabel(draft.label) }).filter(([k, v]) => JSON.stringify(v) !== JSON.stringify((before as Record<string, unknown>)[k])));
  const few = Object.keys(changes).length;
  const send = async (v: number | string | undefined) => {
    const answer: unknown = await changeObject(object.object, changes, v);
    if (isJob(answer)) setJob(answer.id);
  };
  const ended = (end: Job<unknown>) => { setJob(null); if (end.status !== 'done') setProblem(jobProblem(end)); else void form.reload(); };
  const areas = [...new Set([...AREAS, ...(draft.area ? [draft.area] : [])])].map((a) => ({ value: a, label: hasMessage(`area.${a}`) ? t(`area.${a}`) : a }));
  return (
    <>
      <div className="toolbar line">{tabs}</div>
      <div className="pane layout-pane about">
        <Refusals of={form} shown={['label', 'icon', 'area', 'title', 'number', 'record_type']} />
        {problem && <div className="banner danger" role="alert"><div className="grow">{problem}</div></div>}
        {job && <JobProgress<unknown> id={job} words={t('setup.derive_runs')} onEnd={ended} />}
        <LabelPair value={draft.label} error={form.errorOf('label')} onChange={(label) => set({ label })} focus={false} />
        <div className="form-grid two">
          <Labelled label={t('setup.name')} help={t('setup.object_name_help')}><Input value={object.object} disabled className="code" /></Labelled>
          <Labelled label={t('setup.plural')}><Input value={object.plural} disabled className="code" /></Labelled>
          <Labelled label={t('setup.area')} error={form.errorOf('area')}><Select value={draft.area || undefined} onChange={(area: string) => set({ area })} options={areas} /></Labelled>
          <Labelled label={t('setup.icon')} error={form.errorOf('icon')}><IconPick value={draft.icon} onChange={(icon) => set({ icon })} /></Labelled>
          <Labelled label={t('setup.title_field')} error={form.errorOf('title')} help={t('setup.title_help')}><Select value={draft.title} onChange={(title: string) => set({ title })} options={object.fields.filter((f) => (f.type === 'text' && !f.system) || f.name === draft.title).map((f) => ({ value: f.name, label: fieldLabel(f) }))} /></Labelled>
          <Labelled label={t('setup.record_type')} error={form.errorOf('record_type')} help={t('setup.record_type_help')}><Select value={draft.record_type ?? undefined} allowClear placeholder={t('setup.record_type_none')} onChange={(type?: string) => set({ record_type: type ?? null })} options={object.fields.filter((f) => f.type === 'choice' && !f.system).map((f) => ({ value: f.name, label: fieldLabel(f) }))} aria-label={t('setup.record_type')} /></Labelled>
          {object.traits?.includes('numbered') && <Labelled label={t('setup.number')} error={form.errorOf('number')} help={t('setup.number_help')}><Input value={draft.number} className="code" onChange={(e) => set({ number: e.target.value })} /></Labelled>}
        </div>
        <SwitchRow label={t('setup.history_kept')} help={t('setup.history_help')} error={form.errorOf('history')} checked={draft.history} onChange={(history) => set({ history })} />
        <SwitchRow label={t('setup.timeline')} help={t('setup.timeline_help')} error={form.errorOf('timeline')} checked={draft.timeline} onChange={(timeline) => set({ timeline })} />
        {object.custom && (
          <section className="field-actions">
            <Refusals of={going} />
            <div className="row between"><span className="cap soft">{t('setup.object_remove_help')}</span>
              <Popconfirm title={t('setup.object_remove_sure', { name: objectLabel(object) })} okText={t('setup.object_remove')} cancelText={t('action.cancel')} onConfirm={() => void going.submit(() => removeObject(object.object), t('setup.removed_name', { name: objectLabel(object) }))}><Button danger loading={going.busy}>{t('setup.object_remove')}</Button></Popconfirm>
            </div>
          </section>
        )}
      </div>
      <div className="layout-foot"><span className="note cut">{few ? t('setup.changes_n', { n: few }) : t('setup.at_once')}</span><Button disabled={!few} onClick={() => setDraft(before)}>{t('layout.discard')}</Button><Button type="primary" disabled={!few || !!job} loading={form.busy} onClick={() => void form.submit(send, t('toast.saved', { name: wordsOf(cleanLabel(draft.label), object.object) }))}>{t('action.save')}</Button></div>
    </>
  );
}

export default function AboutPart(props: { object: ObjectMeta; tabs: ReactNode }) {
  const { round, saved } = useRounds();
  return <About key={round} {...props} onSaved={saved} />;
}
