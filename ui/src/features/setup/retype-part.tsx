// Another type for a field that holds values: tried first, with counts and examples of what does not fit.
import { Button, Input, Select } from 'antd';
import { useCallback, useState } from 'react';
import { label as wordsOf, t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import type { FieldMeta, Job, ObjectMeta } from '@/lib/types';
import { changeField, giveUpRetype, isJob } from './api';
import { becomes } from './field-types';
import { JobProgress, jobProblem } from './job-progress';
import { useLists } from './lists';
import { Labelled, Refusals } from './parts';
import { useSubmit } from './use-submit';

export interface Retyped { converted: number; misfit_count: number; misfits: { id: string; value: string }[]; empty?: number }

function Outcome({ of, tried }: { of: Retyped; tried: boolean }) {
  return (
    <div className={of.misfit_count ? 'banner warn' : 'banner'} role="status">
      <div className="grow">
        {t(tried ? 'setup.retype_outcome' : 'setup.retype_result', { converted: of.converted.toLocaleString(), misfits: of.misfit_count.toLocaleString() })}
        {of.misfits.length > 0 && <ul className="samples">{of.misfits.slice(0, 8).map((m) => <li key={m.id} className="cut"><code>{m.value}</code></li>)}</ul>}
        {of.misfit_count > 0 && <div className="cap soft">{t('setup.misfit_help')}</div>}
      </div>
    </div>
  );
}

const isScaled = (type: string | undefined): boolean => ['money', 'decimal', 'percent'].includes(type ?? '');
const isLinked = (type: string | undefined): boolean => ['link', 'links', 'any_link'].includes(type ?? '');

/** What the new type has to know. */
function bodyFor(type: string, more: More): Record<string, unknown> {
  if (isScaled(type)) return { type, scale: Number(more.scale) };
  if (type === 'link' || type === 'links') return { type, to: more.to };
  if (type === 'any_link') return { type, to: [more.to ?? '*'] };
  if (type === 'choice' || type === 'choices') return more.list ? { type, list: more.list } : { type };
  return { type };
}

type More = { scale: string; to?: string; list?: string };

function MoreParts({ type, field, more, again }: { type: string; field: FieldMeta; more: More; again: (part: Partial<More>) => void }) {
  const { meta } = useCatalogue();
  const lists = useLists();
  if (isScaled(type)) return <Labelled label={t('setup.scale')}><Input value={more.scale} inputMode="numeric" onChange={(e) => again({ scale: e.target.value })} /></Labelled>;
  if (isLinked(type)) return <Labelled label={t('setup.to')}><Select value={more.to} onChange={(to: string) => again({ to })} showSearch={{ optionFilterProp: 'label' }} options={meta.objects.map((o) => ({ value: o.object, label: objectLabel(o) }))} /></Labelled>;
  if ((type === 'choice' || type === 'choices') && !field.choices?.length) return <Labelled label={t('setup.list')}><Select value={more.list} onChange={(list: string) => again({ list })} showSearch={{ optionFilterProp: 'label' }} options={(lists.data ?? []).map((l) => ({ value: l.list, label: wordsOf(l.label, l.list) }))} /></Labelled>;
  return null;
}

export function RetypePart({ object, field, onDone }: { object: ObjectMeta; field: FieldMeta; onDone: () => void }) {
  const [type, setType] = useState<string>();
  const [more, setMore] = useState<More>({ scale: '2', to: field.to ? [field.to].flat()[0] : undefined, list: field.list });
  const [outcome, setOutcome] = useState<Retyped>();
  const [job, setJob] = useState<{ id: string; dry: boolean } | null>(field.retype ? { id: field.retype.job, dry: false } : null);
  const [problem, setProblem] = useState('');
  const form = useSubmit(() => {});
  const ask = (dry: boolean) => void form.submit(async () => {
    setProblem('');
    const answer = await changeField(object.object, field.name, { ...bodyFor(type!, more), ...(dry ? { dry_run: true } : {}) });
    if (isJob(answer)) setJob({ id: answer.id, dry });
  }, t(dry ? 'setup.retype_trying' : 'setup.retype_begun'), { undo: false });
  const ended = useCallback((end: Job<Retyped>) => {
    const dry = job?.dry;
    setJob(null);
    if (end.status !== 'done' || !end.result) return setProblem(jobProblem(end));
    setOutcome(end.result);
    if (!dry) onDone();
  }, [job, onDone]);
  const pick = (next: string) => { setType(next); setOutcome(undefined); setProblem(''); };
  const again = (part: Partial<More>) => { setMore({ ...more, ...part }); setOutcome(undefined); };
  const offered = becomes(field.type);
  if (!offered.length) return null;
  const linked = isLinked(type);
  return (
    <div className="retype">
      <Refusals of={form} />
      {problem && <div className="banner danger" role="alert"><div className="grow">{problem}</div></div>}
      <Labelled label={t('setup.retype')} help={t('setup.retype_help')}>
        <div className="row"><Select value={type} onChange={pick} aria-label={t('setup.retype')} options={offered.map((x) => ({ value: x, label: t(`type.${x}`) }))} className="grow" disabled={!!job} /><Button disabled={!type || !!job || (linked && !more.to)} loading={form.busy} onClick={() => ask(true)}>{t('setup.retype_try')}</Button></div>
      </Labelled>
      {type && <MoreParts type={type} field={field} more={more} again={again} />}
      {job && <JobProgress<Retyped> id={job.id} words={t(job.dry ? 'setup.retype_trying' : 'setup.retype_runs')} onEnd={ended} onCancel={job.dry ? undefined : () => giveUpRetype(object.object, field.name)} />}
      {outcome && <Outcome of={outcome} tried />}
      {outcome && !job && <Button loading={form.busy} onClick={() => ask(false)}>{t('setup.retype_do')}</Button>}
    </div>
  );
}
