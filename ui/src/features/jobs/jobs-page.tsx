// Work that goes on in the background: how far it is, what failed and why, what can be taken back.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Segmented, Switch } from 'antd';
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, failureText, PageState } from '@/components/state';
import { showFailure } from '@/components/toast';
import { fullInstant } from '@/lib/dates';
import { hasMessage, t } from '@/lib/i18n';
import { mayManageJobs, maySeeJobs, useSignedIn } from '@/lib/me';
import { formatNumber } from '@/lib/numbers';
import { undoBatch } from '@/record/bulk/bulk-api';
import { TopBar } from '@/record/page/top-bar';
import { useTitle } from '@/record/page/use-title';
import { decide, useJobs, type JobRow } from './api';

const STATES = ['', 'running', 'queued', 'failed', 'done', 'cancelled'];
const kindName = (kind: string): string => (hasMessage(`job.kind.${kind}`) ? t(`job.kind.${kind}`) : kind);

function Progress({ job }: { job: JobRow }) {
  const { done, total } = job.progress ?? { done: 0, total: 0 };
  const share = total > 0 ? Math.min(100, (done / total) * 100) : job.status === 'done' ? 100 : 0;
  return (
    <span className="row gap8">
      <span className="bar grow" role="progressbar" aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100}><i style={{ width: `${share}%` }} /></span>
      <span className="cap muted nw">{total > 0 ? t('job.progress', { done: formatNumber(done), total: formatNumber(total) }) : ''}</span>
    </span>
  );
}

function Actions({ job, onDone }: { job: JobRow; onDone: () => void }) {
  const client = useQueryClient();
  const act = async (what: 'cancel' | 'retry' | 'discard') => {
    try { await decide(job.id, what); } catch (e) { showFailure(failureText(e)); }
    onDone();
  };
  const under = job.status === 'queued' || job.status === 'running';
  const dead = job.status === 'failed' || job.status === 'cancelled';
  return (
    <span className="row end nw">
      {under && <Button size="small" onClick={() => void act('cancel')}>{t('action.cancel')}</Button>}
      {dead && <Button size="small" onClick={() => void act('retry')}>{t('job.retry')}</Button>}
      {!under && job.batch && job.kind !== 'undo' && <Button size="small" onClick={() => void undoBatch(client, null, job.batch!)}>{t('action.undo')}</Button>}
      {!under && <Button size="small" type="text" onClick={() => void act('discard')}>{t('job.discard')}</Button>}
    </span>
  );
}

function Row({ job, withPerson, decides, onDone }: { job: JobRow; withPerson: boolean; decides: boolean; onDone: () => void }) {
  return (
    <tr>
      <td><b>{kindName(job.kind)}</b>{job.error && <div className="cap muted">{job.error.errors?.[0]?.message ?? job.error.detail ?? job.error.title}</div>}</td>
      {withPerson && <td>{job.run_as?.title ?? t('history.system')}</td>}
      <td><span className="chip">{t(`job.status.${job.status}`)}</span>{job.attempts > 1 && <span className="cap muted">{t('job.attempts', { n: job.attempts })}</span>}</td>
      <td style={{ minWidth: 180 }}><Progress job={job} /></td>
      <td className="nw muted cap">{fullInstant(job.created_at)}</td>
      <td>{decides && <Actions job={job} onDone={onDone} />}</td>
    </tr>
  );
}

export default function JobsPage() {
  const { rights, user } = useSignedIn();
  const [all, setAll] = useState(false);
  const [status, setStatus] = useState('');
  const { query, jobs } = useJobs(all, status);
  useTitle(t('job.title'));
  const again = () => void query.refetch();
  return (
    <>
      <TopBar title={t('job.title')} />
      <div className="toolbar">
        <Segmented value={status} onChange={setStatus} options={STATES.map((s) => ({ value: s, label: t(s ? `job.status.${s}` : 'job.any') }))} />
        {maySeeJobs(rights.system) && <label className="row end gap8"><Switch size="small" checked={all} onChange={setAll} aria-label={t('job.everybody')} />{t('job.everybody')}</label>}
      </div>
      <div className="sheet" style={{ overflow: 'auto' }}>
        {query.isError && <ErrorState error={query.error} title={t('job.error')} onRetry={again} />}
        {query.isPending && <BlockSkeleton />}
        {query.isSuccess && !jobs.length && <PageState icon={ListChecks} title={t('job.empty')} text={t('job.empty_text')} />}
        {jobs.length > 0 && (
          <table className="plain" aria-label={t('job.title')}>
            <thead><tr><th>{t('job.kind')}</th>{all && <th>{t('job.person')}</th>}<th>{t('job.status')}</th><th>{t('job.how_far')}</th><th>{t('job.since')}</th><th /></tr></thead>
            <tbody>{jobs.map((j) => <Row key={j.id} job={j} withPerson={all} decides={mayManageJobs(rights.system) || j.run_as?.id === user.id} onDone={again} />)}</tbody>
          </table>
        )}
        {query.hasNextPage && <Button block loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('job.older')}</Button>}
      </div>
    </>
  );
}
