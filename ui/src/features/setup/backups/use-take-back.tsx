// What a job brought in as one batch goes again as one: started, followed, told.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import type { Job } from '@/lib/types';
import { startJob } from '@/record/data/job';
import { JobProgress, jobProblem } from '../job-progress';

export function useTakeBack(batch: string, words: { running: string; done: string }, onDone: () => void) {
  const client = useQueryClient();
  const [job, setJob] = useState('');
  const start = async () => {
    try { setJob(await startJob(`/batches/${batch}/undo`)); } catch (e) { showFailure(failureText(e)); }
  };
  const ended = (of: Job<unknown>) => {
    setJob('');
    if (of.status !== 'done') { showFailure(jobProblem(of)); return; }
    onDone();
    showToast(words.done);
    void client.invalidateQueries();
  };
  return { busy: !!job, start: () => void start(), line: job ? <JobProgress id={job} words={words.running} onEnd={ended} /> : null };
}
