// What became of every row: figures, errors with suggestions, the file of errors, the way back.
import { Button } from 'antd';
import { CircleAlert, CircleCheck, Download, Undo2 } from 'lucide-react';
import { useNavigate } from 'react-router';
import { ErrorState } from '@/components/state';
import { plural, t } from '@/lib/i18n';
import { inSentence } from '@/lib/i18n';
import { fieldLabel, fieldOf, objectLabel } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { ImportError, ImportResult, Job, ObjectMeta } from '@/lib/types';
import { ImportProgress } from './import-progress';
import type { ImportState } from './use-import';

const FIGURES = ['read', 'created', 'updated', 'skipped', 'failed', 'warnings'] as const;
const SHOWN = 50;

function Figures({ result }: { result: ImportResult }) {
  return <div className="figs">{[...FIGURES, ...(result.similar ? (['similar'] as const) : [])].map((f) => { const n = result[f] ?? 0; return <div key={f}><div className={f === 'failed' && n > 0 ? 'fig late' : 'fig'}>{formatNumber(n)}</div><span>{t(`import.figure.${f}`)}</span></div>; })}</div>;
}

interface Group { error: ImportError; count: number }

/** The same mistake in a thousand rows is one mistake. */
export function groupErrors(errors: ImportError[]): Group[] {
  const groups = new Map<string, Group>();
  for (const error of errors) {
    const key = `${error.column ?? ''}\n${error.message}`;
    const group = groups.get(key);
    if (group) group.count++; else groups.set(key, { error, count: 1 });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || a.error.row - b.error.row);
}

/** Warnings name a field rather than a column. */
function columnLabel(object: ObjectMeta, column: string | null | undefined): string {
  const field = column ? fieldOf(object, column) : undefined;
  return field ? fieldLabel(field) : column ?? '';
}

/** `partial`: the answer holds the first errors only, so counts are lower bounds. */
function Errors({ object, errors, partial, onAccept }: { object: ObjectMeta; errors: ImportError[]; partial: boolean; onAccept: (error: ImportError) => void }) {
  const groups = groupErrors(errors);
  return (
    <div className="errs">
      {groups.slice(0, SHOWN).map(({ error, count }) => (
        <div key={`${error.row}-${error.column}-${error.message}`}>
          <span className="cut soft" title={error.column ?? ''}>{columnLabel(object, error.column)}</span>
          <span>{error.message}{error.suggestion && <> <button type="button" className="link-button" onClick={() => onAccept(error)}>{t('import.suggestion', { value: error.suggestion })}</button></>}</span>
          <span className="muted cap num">{count > 1 ? t('import.rows', { count: formatNumber(count) + (partial ? '+' : ''), row: error.row }) : t('import.row', { row: error.row })}</span>
        </div>
      ))}
      {groups.length > SHOWN && <div className="muted cap">{t('import.more_errors', { n: groups.length - SHOWN })}</div>}
    </div>
  );
}

interface Props { object: ObjectMeta; job: Job; dryRun: boolean; work: ImportState; onAccept: (error: ImportError) => void }

function UndoButton({ batch, work }: { batch: string; work: ImportState }) {
  const done = work.undoing || work.undone;
  return <Button size="small" icon={<Undo2 size={14} strokeWidth={1.75} />} disabled={done} loading={work.undoing} onClick={() => void work.undoBatch(batch)}>{work.undone ? t('import.undone') : t('import.undo')}</Button>;
}

function Actions({ object, job, dryRun, work }: Omit<Props, 'onAccept'>) {
  const navigate = useNavigate();
  const file = job.result?.error_file;
  const book = job.result?.error_workbook;
  return (
    <div className="extra">
      {book && <Button size="small" icon={<Download size={14} strokeWidth={1.75} />} href={book} download>{t('import.error_workbook')}</Button>}
      {file && <Button size="small" icon={<Download size={14} strokeWidth={1.75} />} href={file} download>{t('import.error_file')}</Button>}
      {!dryRun && job.batch && <UndoButton batch={job.batch} work={work} />}
      {!dryRun && <Button size="small" onClick={() => void navigate(`/${object.plural}`)}>{t('import.show', { objects: plural(inSentence(objectLabel(object))) })}</Button>}
    </div>
  );
}

function titleOf(job: Job, dryRun: boolean): string {
  if (job.status === 'cancelled') return t('import.cancelled');
  return dryRun ? t('import.dry_done') : t('import.done');
}

export function ImportResultCard({ object, job, dryRun, work, onAccept }: Props) {
  const { result } = job;
  if (job.status === 'failed') return <section className="card"><ErrorState error={new Error(job.error?.detail ?? job.error?.title ?? t('error.unknown'))} title={t('import.failed')} /></section>;
  const good = job.status === 'done' && !result?.failed;
  const Icon = good ? CircleCheck : CircleAlert;
  return (
    <section className="card" aria-live="polite">
      <header><span className={good ? 'row good' : 'row warn'}><Icon size={16} strokeWidth={1.75} aria-hidden /></span><h3>{titleOf(job, dryRun)}</h3><Actions object={object} job={job} dryRun={dryRun} work={work} /></header>
      {result && <div className="body"><Figures result={result} /></div>}
      {work.undoing && <ImportProgress job={work.undo} label={t('import.undoing')} />}
      {result?.errors && result.errors.length > 0 && <Errors errors={result.errors} partial={result.errors.length < result.failed + (result.warnings ?? 0)} object={object} onAccept={onAccept} />}
    </section>
  );
}
