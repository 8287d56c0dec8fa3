// An archive comes in: first what it would bring is counted, then a person says so; what came can be taken back.
import { Button } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { t } from '@/lib/i18n';
import type { Job } from '@/lib/types';
import { startJob } from '@/record/data/job';
import { JobProgress, jobProblem } from '../job-progress';
import { useTakeBack } from './use-take-back';

interface Brought { dry_run: boolean; rows: number; created: number; equal: number; updated: number; kept: number; failed: number; lost_links: number; files: number; lost_files: number; configuration: number; errors: { object: string; id: string; field: string; message: string }[] }

const COUNTED = ['created', 'updated', 'equal', 'kept', 'failed', 'lost_links', 'files', 'lost_files', 'configuration'] as const;
const ALWAYS = new Set<string>(['created', 'equal', 'kept']);
const SHOWN = 5; // errors
const counts = (of: Brought) => COUNTED.filter((name) => ALWAYS.has(name) || of[name] > 0).map((name) => t(`backups.bring_${name}`, { n: of[name].toLocaleString() })).join(' · ');

function Errors({ of }: { of: Brought }) {
  return of.errors.length
    ? <ul className="bring-errors cap">{of.errors.slice(0, SHOWN).map((e) => <li key={`${e.object}:${e.id}`}>{e.object} {e.id}: {e.field} {e.message}</li>)}</ul>
    : null;
}

export function BringLine() {
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [job, setJob] = useState('');
  const [seen, setSeen] = useState<Brought | null>(null);
  const [batch, setBatch] = useState('');
  const run = async (of: File, dry: boolean) => {
    const form = new FormData();
    form.append('options', JSON.stringify({ dry_run: dry }));
    form.append('file', of, of.name);
    try { setJob(await startJob('/import', form)); } catch (e) { showFailure(failureText(e)); }
  };
  const choose = (of: File | undefined) => {
    if (!of) return;
    setFile(of);
    setSeen(null);
    setBatch('');
    void run(of, true);
  };
  const ended = (of: Job<Brought>) => {
    setJob('');
    if (of.status !== 'done' || !of.result) { showFailure(jobProblem(of)); return; }
    setSeen(of.result);
    if (of.result.dry_run) return;
    setBatch(of.batch ?? '');
    setFile(null);
    void client.invalidateQueries();
  };
  const undo = useTakeBack(batch, { running: t('backups.bring_undoing'), done: t('backups.bring_undone') }, () => { setBatch(''); setSeen(null); });
  const busy = !!job || undo.busy;
  return (
    <>
      <div className="backup-archive bring">
        <div className="grow"><div>{t('backups.bring')}</div><div className="cap muted">{t('backups.bring_text')}</div></div>
        <input ref={input} type="file" accept=".zip,application/zip" hidden aria-label={t('backups.bring_choose')} onChange={(e) => { choose(e.target.files?.[0]); e.target.value = ''; }} />
        <Button disabled={busy} onClick={() => input.current?.click()}>{t('backups.bring_choose')}</Button>
        {seen?.dry_run && file && <Button type="primary" disabled={busy} onClick={() => void run(file, false)}>{t('backups.bring_start')}</Button>}
        {batch && <Button disabled={busy} onClick={undo.start}>{t('backups.bring_undo')}</Button>}
        {seen && <div className="bring-seen" role="status"><div className="cap soft">{t(seen.dry_run ? 'backups.bring_would' : 'backups.bring_done', { name: file?.name ?? '' })}{counts(seen)}</div><Errors of={seen} /></div>}
      </div>
      {job && <JobProgress<Brought> id={job} words={t(seen?.dry_run ? 'backups.bring_running' : 'backups.bring_checking')} onEnd={ended} />}
      {undo.line}
    </>
  );
}
