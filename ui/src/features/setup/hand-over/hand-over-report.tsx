// How far it is, then what was moved, pooled, left and failed, with the way back for all of it at once.
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { Link } from 'react-router';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState } from '@/components/state';
import { linkTitle } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { Job, LinkValue } from '@/lib/types';
import { undoBatch } from '@/record/bulk/bulk-api';
import { hasEnded, useJob } from '@/record/data/job';
import { partWords } from './part-words';
import type { Report } from './plan';

function Running({ job }: { job: Job<Report> }) {
  const { done, total } = job.progress ?? { done: 0, total: 0 };
  const share = total > 0 ? Math.min(100, (done / total) * 100) : 0;
  return (
    <div className="wizard" role="status">
      <p>{t('hand.running')}</p>
      <span className="bar" role="progressbar" aria-label={t('hand.running')} aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100}><i style={{ width: `${share}%` }} /></span>
      <p className="muted cap">{total > 0 && t('job.progress', { done: formatNumber(done), total: formatNumber(total) })} {t('hand.may_leave')}</p>
    </div>
  );
}

const CELLS = ['moved', 'pooled', 'left', 'failed'] as const;

function Table({ of }: { of: Report }) {
  const catalogue = useCatalogue();
  return (
    <table className="plain">
      <thead><tr><th>{t('hand.part')}</th>{CELLS.map((c) => <th key={c} className="num">{t(`hand.${c}`)}</th>)}</tr></thead>
      <tbody>
        {of.parts.map((p) => <tr key={p.part}><td>{partWords(catalogue, p.part)}</td>{CELLS.map((c) => <td key={c} className={c === 'failed' && p[c] ? 'num late' : 'num'}>{p[c] ? formatNumber(p[c]) : '–'}</td>)}</tr>)}
        {of.steps.map((s) => <tr key={s.part}><td>{partWords(catalogue, s.part)}</td><td className="num">{formatNumber(s.moved)}</td><td className="num">–</td><td className="num">–</td><td className="num">–</td></tr>)}
      </tbody>
    </table>
  );
}

export function HandOverReport({ job: id, leaver, onAgain }: { job: string; leaver: LinkValue | null; onAgain: () => void }) {
  const client = useQueryClient();
  const { byName } = useCatalogue();
  const query = useJob<Report>(id);
  const job = query.data;
  if (query.isError) return <ErrorState error={query.error} title={t('hand.error')} onRetry={() => void query.refetch()} />;
  if (!job) return <BlockSkeleton />;
  if (!hasEnded(job)) return <Running job={job} />;
  const report = job.result;
  const bad = job.status !== 'done' || !!report?.failed;
  const Icon = bad ? CircleAlert : CircleCheck;
  const moved = (report?.parts ?? []).reduce((n, p) => n + p.moved + p.pooled, 0);
  return (
    <div className="wizard wide">
      <h2 className="row hand-end"><Icon size={18} strokeWidth={1.75} aria-hidden className={bad ? 'late' : 'good'} />{job.status === 'done' ? t('hand.done', { name: linkTitle(leaver), n: moved }) : t(`job.status.${job.status}`)}</h2>
      {job.error && <div className="banner danger" role="alert"><div className="grow">{job.error.detail ?? job.error.title}</div></div>}
      {report && <Table of={report} />}
      {!!report?.errors.length && <ul className="hand-errors">{report.errors.map((e) => { const o = byName.get(e.object); return <li key={`${e.object}-${e.id}`}>{o ? <Link to={`/${o.plural}/${e.id}`}>{objectLabel(o)} #{e.id}</Link> : e.id} <span className="muted">{e.error.detail ?? e.error.title}</span></li>; })}</ul>}
      <div className="row">
        <Button onClick={onAgain}>{t('hand.again')}</Button>
        {job.batch && <Button onClick={() => void undoBatch(client, null, job.batch!)}>{t('hand.undo')}</Button>}
        {leaver && <Link to={`/users/${leaver.id}`}>{t('hand.open_person', { name: linkTitle(leaver) })}</Link>}
      </div>
    </div>
  );
}
