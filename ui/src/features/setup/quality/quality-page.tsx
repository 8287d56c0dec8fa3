// How complete and sound the records of each object are: one row an object, from the last nightly count.
import '@/lib/quality-words';
import '@/styles/quality.css';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, failureText, PageState } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { fullDay } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { mayCustomise, useSignedIn } from '@/lib/me';
import { pluralLabel, useCatalogue } from '@/lib/meta';
import { formatNumber, formatPercent } from '@/lib/numbers';
import { startJob } from '@/record/data/job';
import { asksDuplicates } from '@/record/data/use-duplicates';
import { JobProgress } from '../job-progress';
import { SettingsFrame } from '../settings-frame';
import { qualityKey, share, useQualities, type ObjectFigures } from './quality-api';

export function Share({ filled, all }: { filled: number; all: number }) {
  const value = share(filled, all);
  if (value === null) return <span className="muted">–</span>;
  return <span className="q-share"><span className="bar grow" aria-hidden><i style={{ width: `${value}%` }} /></span><span className="num">{formatPercent(String(value))}</span></span>;
}

export const Count = ({ n, bad = false }: { n: number; bad?: boolean }) => <span className={n === 0 ? 'num muted' : bad ? 'num late' : 'num'}>{formatNumber(n)}</span>;

function Row({ of }: { of: ObjectFigures }) {
  const { byName } = useCatalogue();
  const go = useNavigate();
  const object = byName.get(of.object);
  if (!object) return null;
  return (
    <button type="button" className="srow quality" onClick={() => void go(`/settings/quality/${of.object}`)}>
      <span className="cut">{pluralLabel(object)}</span><Count n={of.total} /><Share filled={of.filled} all={of.total * of.fields} />
      <Count n={of.wrong} bad /><Count n={of.broken} bad /><Count n={of.stale} />{asksDuplicates(object) ? <Count n={of.duplicates} /> : <span className="num muted">–</span>}
    </button>
  );
}

function Measure() {
  const client = useQueryClient();
  const [job, setJob] = useState<string | null>(null);
  const start = () => void startJob('/quality/measure', {}).then(setJob, (e: unknown) => showFailure(failureText(e)));
  const end = () => { setJob(null); showToast(t('quality.measured')); void client.invalidateQueries({ queryKey: qualityKey }); };
  return job ? <JobProgress id={job} words={t('quality.measuring')} onEnd={end} /> : <Button onClick={start}>{t('quality.measure')}</Button>;
}

export default function QualityPage() {
  const { rights } = useSignedIn();
  const query = useQualities();
  const objects = query.data?.objects.filter((o) => o.total > 0) ?? [];
  return (
    <SettingsFrame name={t('places.quality')} title={t('places.quality')} actions={mayCustomise(rights.system) ? <Measure /> : undefined}>
      {query.isPending && <TableSkeleton columns={5} />}
      {query.isError && <ErrorState error={query.error} title={t('quality.error')} onRetry={() => void query.refetch()} />}
      {query.isSuccess && !objects.length && <PageState icon={ShieldCheck} title={t('quality.none')} text={t('quality.none_text')} />}
      {objects.length > 0 && (
        <div className="srows">
          <div className="srow hd quality" aria-hidden><span>{t('quality.object')}</span><span className="num">{t('quality.total')}</span><span>{t('quality.complete')}</span><span className="num">{t('quality.wrong')}</span><span className="num">{t('quality.broken')}</span><span className="num">{t('quality.stale')}</span><span className="num">{t('quality.duplicates')}</span></div>
          {objects.map((o) => <Row key={o.object} of={o} />)}
          <p className="cap muted q-note">{t('quality.note', { day: fullDay(objects[0]!.day), n: query.data!.stale_days })}</p>
        </div>
      )}
    </SettingsFrame>
  );
}
