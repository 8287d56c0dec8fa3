// A rule tried before it is saved: how many pairs it would find, and those it is least sure of, side by side.
import { Button } from 'antd';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, titleField, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { DuplicateRule, Job, LinkValue, ObjectMeta, Rec } from '@/lib/types';
import { JobProgress, jobProblem } from '../job-progress';
import { tryRule, useRecords, type Sample, type Trial } from './match-rules';

const textOf = (value: unknown): string => (value && typeof value === 'object' ? String((value as LinkValue).title ?? '') : typeof value === 'string' ? value : '');

function Side({ object, record, names }: { object: ObjectMeta; record: Rec | undefined; names: string[] }) {
  if (!record) return <span className="cut muted">…</span>;
  const title = titleField(object);
  const rest = names.filter((n) => n !== title && fieldOf(object, n)).map((n) => textOf(record[n])).filter(Boolean).join(' · ');
  return <span className="match-side"><a className="cut" href={`/${object.plural}/${record.id}`} target="_blank" rel="noreferrer">{textOf(record[title]) || record.id}</a>{rest && <span className="cap muted cut">{rest}</span>}</span>;
}

function Samples({ object, samples, names }: { object: ObjectMeta; samples: Sample[]; names: string[] }) {
  const { byName } = useCatalogue();
  const other = byName.get(samples.find((s) => s.other !== object.object)?.other ?? '');
  const own = useRecords(object, [...new Set(samples.flatMap((s) => (s.other === object.object ? [s.a, s.b] : [s.a])))], names);
  const theirs = useRecords(other, samples.filter((s) => s.other === other?.object).map((s) => s.b), []);
  return (
    <ul className="match-samples" aria-label={t('match.samples')}>
      {samples.map((s) => {
        const to = byName.get(s.other);
        return <li key={`${s.a} ${s.b}`}><span className="num muted">{Math.floor(s.score * 100)}%</span><Side object={object} record={own.get(s.a)} names={names} />{to && <Side object={to} record={(to === object ? own : theirs).get(s.b)} names={to === object ? names : []} />}</li>;
      })}
    </ul>
  );
}

function Result({ object, trial, names }: { object: ObjectMeta; trial: Trial; names: string[] }) {
  const [found] = trial.rules;
  const numbers = { n: formatNumber(found?.pairs ?? 0), records: formatNumber(trial.records), looked: formatNumber(trial.looked_at) };
  return (
    <div role="status">
      <p className="match-told">{t(!trial.whole ? 'match.found_part' : found?.pairs ? 'match.found' : 'match.found_none', numbers)}</p>
      {found && found.samples.length > 0 && <><div className="cap muted">{t('match.samples')} · {names.map((n) => fieldLabel(fieldOf(object, n) ?? { name: n, type: '' })).join(' + ')}</div><Samples object={object} samples={found.samples} names={names} /></>}
    </div>
  );
}

interface Done { of: string; trial?: Trial; problem?: string }

export function MatchTrial({ object, rule, ready }: { object: ObjectMeta; rule: DuplicateRule; ready: boolean }) {
  const [job, setJob] = useState<string | null>(null);
  const [asked, setAsked] = useState('');
  const [done, setDone] = useState<Done | null>(null);
  const now = JSON.stringify([rule.fields, rule.fuzzy, rule.threshold, rule.among]);
  const fail = (e: unknown) => setDone({ of: now, problem: failureText(e) });
  const start = () => { setDone(null); setAsked(now); void tryRule(object, { ...rule, name: rule.name || 'rule', action: 'warn' }).then((made) => setJob(made.id), fail); };
  const end = (of: Job<Trial>) => { setJob(null); setDone({ of: asked, ...(of.status === 'done' && of.result ? { trial: of.result } : { problem: jobProblem(of) }) }); };
  return (
    <section className="match-trial">
      {job ? <JobProgress<Trial> id={job} words={t('match.trying')} onEnd={end} /> : <Button size="small" disabled={!ready} onClick={start}>{t('match.try')}</Button>}
      {done?.problem && <div className="banner danger" role="alert"><div className="grow">{t('match.failed', { reason: done.problem })}</div></div>}
      {done?.trial && (done.of === now ? <Result object={object} trial={done.trial} names={rule.fields.map((f) => f.field)} /> : <p className="cap muted">{t('match.changed')}</p>)}
    </section>
  );
}
