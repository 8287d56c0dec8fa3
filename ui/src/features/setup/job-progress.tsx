// Long work of the catalogue: how far it is, to be stopped, and what it ended with.
import { Button, Progress } from 'antd';
import { useEffect, useRef } from 'react';
import { t } from '@/lib/i18n';
import type { Job } from '@/lib/types';
import { cancelJob, hasEnded, useJob } from '@/record/data/job';

interface Props<R> { id: string; words: string; onEnd: (job: Job<R>) => void; onCancel?: () => Promise<unknown> }

export function JobProgress<R>({ id, words, onEnd, onCancel }: Props<R>) {
  const { data: job } = useJob<R>(id);
  const told = useRef(false);
  const done = job?.progress?.total ? Math.floor((job.progress.done / job.progress.total) * 100) : 0;
  useEffect(() => {
    if (told.current || !job || !hasEnded(job)) return;
    told.current = true;
    onEnd(job);
  }, [job, onEnd]);
  return (
    <div className="job-line" role="status">
      <span className="cap soft">{words}{job?.progress?.total ? ` ${job.progress.done.toLocaleString()} / ${job.progress.total.toLocaleString()}` : ''}</span>
      <Progress percent={done} size="small" showInfo={false} status={job?.status === 'failed' ? 'exception' : 'active'} aria-label={words} />
      <Button size="small" onClick={() => void (onCancel?.() ?? cancelJob(id))}>{t('action.cancel')}</Button>
    </div>
  );
}

export const jobProblem = (job: Job<unknown>): string => job.error?.detail ?? job.error?.title ?? t(`setup.job_${job.status}`);
