// Imports that there were: what became of them, the files of their failed rows, and the way back.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { Download, Undo2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { get } from '@/lib/api';
import { fullInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';
import type { Job, ObjectMeta } from '@/lib/types';
import { hasEnded, startJob, useJob } from '../data/job';
import { touch } from '../data/records';

interface PastImport { id: string; file: string; status: Job['status']; dry_run: boolean; undone: boolean; at: string; batch: string | null; created?: number; updated?: number; failed?: number; error_file?: string | null; error_workbook?: string | null }

function figures(row: PastImport): string {
  if (row.created === undefined) return t(`import.status.${row.status}`);
  const parts = (['created', 'updated', 'failed'] as const).filter((f) => row[f]).map((f) => `${t(`import.figure.${f}`)} ${formatNumber(row[f] ?? 0)}`);
  return parts.join(t('list.separator')) || t('import.status.done');
}

function Undo({ row, onDone }: { row: PastImport; onDone: () => void }) {
  const [id, setId] = useState<string | null>(null);
  const job = useJob(id);
  const ended = hasEnded(job.data);
  useEffect(() => { if (ended) onDone(); }, [ended, onDone]);
  const start = async () => { try { setId(await startJob(`/batches/${row.batch}/undo`)); } catch (e) { showFailure(failureText(e)); } };
  return <Button size="small" type="text" icon={<Undo2 size={14} strokeWidth={1.75} />} loading={!!id && !ended} onClick={() => void start()}>{t('action.undo')}</Button>;
}

function Row({ row, onDone }: { row: PastImport; onDone: () => void }) {
  const undoable = row.batch && !row.undone && !row.dry_run && row.status !== 'running' && row.status !== 'queued';
  return (
    <div className="past-import">
      <span className="cut" title={row.file}>{row.file}</span>
      <span className="cap muted nw">{fullInstant(row.at)}</span>
      <span className="row gap4 cap">{row.dry_run && <span className="chip">{t('import.dry_run')}</span>}{row.undone && <span className="chip">{t('import.was_undone')}</span>}<span className={row.failed ? 'warn' : 'muted'}>{figures(row)}</span></span>
      <span className="row end gap4">
        {row.error_workbook && <Button size="small" type="text" href={row.error_workbook} download icon={<Download size={14} strokeWidth={1.75} />}>{t('import.xlsx')}</Button>}
        {row.error_file && <Button size="small" type="text" href={row.error_file} download icon={<Download size={14} strokeWidth={1.75} />}>{t('import.csv')}</Button>}
        {undoable && <Undo row={row} onDone={onDone} />}
      </span>
    </div>
  );
}

export function PastImports({ object }: { object: ObjectMeta }) {
  const client = useQueryClient();
  const { plural } = object;
  const list = useQuery({ queryKey: ['imports', plural], queryFn: ({ signal }) => get<{ items: PastImport[] }>(`/${plural}/import`, {}, signal), staleTime: 0 });
  const items = list.data?.items ?? [];
  const done = useCallback(() => { touch(client, plural); void client.invalidateQueries({ queryKey: ['imports', plural] }); }, [client, plural]);
  if (!items.length) return null;
  return (
    <section className="card">
      <header><h3>{t('import.past')}</h3></header>
      {items.map((row) => <Row key={row.id} row={row} onDone={done} />)}
    </section>
  );
}
