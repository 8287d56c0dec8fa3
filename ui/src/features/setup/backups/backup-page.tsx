// Backups: the last one that was brought back, all there are, making one with its progress, when they are made by themselves.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { ArchiveRestore, CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import { useState } from 'react';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, failureText, PageState } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import '@/lib/backup-words';
import { get, send } from '@/lib/api';
import { fullInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { maySystem, useSignedIn } from '@/lib/me';
import type { Job } from '@/lib/types';
import { JobProgress, jobProblem } from '../job-progress';
import { SettingsFrame } from '../settings-frame';
import { ArchiveLine } from './archive-line';
import { BringLine } from './bring-line';
import { ObjectLine } from './object-line';
import { PlanForm, type Plan } from './plan-form';

interface Verdict { at: number; ok: boolean; rows: number; why?: string }
interface Backup { id: string; at: number; rows: number; files: number; bytes: number; new_file_bytes: number; verified?: Verdict; vault_key?: string }
interface Backups { items: Backup[]; ready: boolean; vault_key: string; folder: string; plan: Plan }
const backupsKey = ['backups'];

const instant = (ms: number) => fullInstant(new Date(ms).toISOString());
const size = (bytes: number) => (bytes < 1 << 20 ? `${Math.max(1, Math.round(bytes / 1024)).toLocaleString()} KB` : `${(bytes / (1 << 20)).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB`);

function Mark({ of }: { of: Verdict | undefined }) {
  if (!of) return <span className="cut soft"><CircleDashed size={14} strokeWidth={1.75} aria-hidden /> {t('backups.unchecked')}</span>;
  return of.ok
    ? <span className="cut"><CircleCheck size={14} strokeWidth={1.75} className="ok" aria-hidden /> {t('backups.checked')}</span>
    : <span className="cut" title={of.why}><CircleAlert size={14} strokeWidth={1.75} className="bad" aria-hidden /> {t('backups.broken')}{of.why ? `: ${of.why}` : ''}</span>;
}

function Row({ of, busy, key_now: now, onCheck }: { of: Backup; busy: boolean; key_now: string; onCheck: (id: string) => void }) {
  const former = !!of.vault_key && of.vault_key !== now;
  return (
    <div className="srow backups">
      <span className="nw">{instant(of.at)}</span>
      <span className="cut"><Mark of={of.verified} />{former && <span className="chip" title={t('backups.former_key_text', { key: of.vault_key ?? '' })}>{t('backups.former_key')}</span>}</span>
      <span className="cap muted nw">{t('backups.rows', { n: of.rows.toLocaleString() })} · {t('backups.files', { n: of.files.toLocaleString() })} · {size(of.bytes + of.new_file_bytes)}</span>
      <Button size="small" type="text" disabled={busy} onClick={() => onCheck(of.id)}>{t('backups.check')}</Button>
    </div>
  );
}

function Last({ items }: { items: Backup[] }) {
  const last = items.find((b) => b.verified?.ok);
  const broken = items[0]?.verified && !items[0].verified.ok;
  if (broken) return <div className="banner danger" role="alert"><div className="grow">{t('backups.last_broken', { why: items[0]?.verified?.why ?? '' })}</div></div>;
  return last?.verified ? <div className="backup-last"><CircleCheck size={16} strokeWidth={1.75} aria-hidden />{t('backups.last', { at: instant(last.verified.at), n: last.verified.rows.toLocaleString() })}</div> : null;
}

function BackWays({ of, busy }: { of: Backups; busy: boolean }) {
  const checked = of.items.filter((b) => b.verified?.ok).map((b) => ({ id: b.id, label: instant(b.at) }));
  return (
    <>
      <BringLine />
      {checked[0] && <ObjectLine key={checked[0].id} of={checked} busy={busy || !of.ready} />}
    </>
  );
}

export default function BackupPage() {
  const { rights, user } = useSignedIn();
  const client = useQueryClient();
  const may = maySystem(rights.system, 'backup');
  const query = useQuery({ queryKey: backupsKey, queryFn: ({ signal }) => get<Backups>('/backups', {}, signal), enabled: may, staleTime: 0 });
  const [job, setJob] = useState('');
  const again = () => void client.invalidateQueries({ queryKey: backupsKey });
  const start = async (path: string) => {
    try { setJob((await send<{ id: string }>('POST', path, { body: {} })).id); } catch (e) { showFailure(failureText(e)); }
  };
  const ended = (of: Job<unknown>) => {
    setJob('');
    again();
    if (of.status === 'done') showToast(t('backups.done'));
    else showFailure(jobProblem(of));
  };
  const { data } = query;
  const make = <Button type="primary" disabled={!data?.ready || !!job} onClick={() => void start('/backups')}>{t('backups.make')}</Button>;
  return (
    <SettingsFrame name={t('backups.title')} title={t('backups.title')} may={may} actions={make}>
      {query.isPending && <TableSkeleton columns={3} />}
      {query.isError && <ErrorState error={query.error} title={t('backups.error')} onRetry={() => void query.refetch()} />}
      {data && !data.ready && <div className="banner" role="note"><div className="grow">{t('backups.not_set')}</div></div>}
      {data && <Last items={data.items} />}
      {job && <JobProgress id={job} words={t('backups.running')} onEnd={ended} />}
      {data && <PlanForm key={JSON.stringify(data.plan)} plan={data.plan} folder={data.folder} onSaved={again} />}
      {data && <ArchiveLine />}
      {data && user.roles?.includes('administrator') && <BackWays of={data} busy={!!job} />}
      {data && !data.items.length && <PageState icon={ArchiveRestore} title={t('backups.none')} text={t('backups.none_text')} />}
      {data && data.items.length > 0 && (
        <div className="srows">
          {data.items.map((b) => <Row key={b.id} of={b} key_now={data.vault_key} busy={!!job || !data.ready} onCheck={(id) => void start(`/backups/${id}/check`)} />)}
        </div>
      )}
    </SettingsFrame>
  );
}
