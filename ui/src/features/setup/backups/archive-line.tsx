// Everything that one may take along, as one archive: a job makes it, then it can be fetched.
import { Button, Select } from 'antd';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';
import type { Job } from '@/lib/types';
import { JobProgress, jobProblem } from '../job-progress';

type Format = 'jsonl' | 'csv';
interface Archive { rows: number; files: number; lost_files: number; file: { name: string; url: string } }

export function ArchiveLine() {
  const [format, setFormat] = useState<Format>('jsonl');
  const [job, setJob] = useState('');
  const [made, setMade] = useState<Archive | null>(null);
  const start = async () => {
    setMade(null);
    try { setJob((await send<{ id: string }>('POST', '/export', { body: { format } })).id); } catch (e) { showFailure(failureText(e)); }
  };
  const ended = (of: Job<Archive>) => {
    setJob('');
    if (of.status === 'done' && of.result) setMade(of.result);
    else showFailure(jobProblem(of));
  };
  return (
    <>
      <div className="backup-archive">
        <div className="grow"><div>{t('backups.archive')}</div><div className="cap muted">{t('backups.archive_text')}</div></div>
        <Select<Format> value={format} onChange={setFormat} aria-label={t('backups.archive_format')} options={(['jsonl', 'csv'] as const).map((value) => ({ value, label: t(`backups.archive_${value}`) }))} />
        <Button disabled={!!job} onClick={() => void start()}>{t('backups.archive_make')}</Button>
        {made && <Button type="link" icon={<Download size={16} strokeWidth={1.75} aria-hidden />} href={made.file.url} download={made.file.name}>{made.file.name}</Button>}
        {made && <span className="cap muted">{t('backups.rows', { n: made.rows.toLocaleString() })} · {t('backups.files', { n: made.files.toLocaleString() })}{made.lost_files > 0 ? ` · ${t('backups.archive_lost', { n: made.lost_files.toLocaleString() })}` : ''}</span>}
      </div>
      {job && <JobProgress<Archive> id={job} words={t('backups.archive_running')} onEnd={ended} />}
    </>
  );
}
