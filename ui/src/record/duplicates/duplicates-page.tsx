// Pairs that look alike, most alike first: merged, or remembered as different. Looking for them is a job.
import '@/lib/duplicate-words';
import '@/styles/duplicate.css';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { ChevronRight, CopyCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, failureText, NoRightState, PageState } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { fullInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, mayDelete, mayUpdate, pluralLabel } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { ObjectMeta } from '@/lib/types';
import { hasEnded, useJob } from '../data/job';
import { asksDuplicates } from '../data/use-duplicates';
import { NotFoundPage } from '../page/not-found';
import { TopBar } from '../page/top-bar';
import { useObject } from '../page/use-object';
import { useTitle } from '../page/use-title';
import MergeDrawer from './merge-drawer';
import { lookFor, readPairsAgain, setSame, usePairs, type Pair, type Which } from './pairs-api';

interface RowProps { object: ObjectMeta; pair: Pair; dismissed: boolean; onMerge: () => void; onSame: (same: boolean) => void }

function PairRow({ object, pair, dismissed, onMerge, onSame }: RowProps) {
  const because = pair.because.map((n) => fieldLabel(fieldOf(object, n) ?? { name: n, type: '' })).join(t('list.separator'));
  return (
    <li className="pair">
      <span className="num pair-score">{t('duplicate.percent', { n: Math.round(pair.score * 100) })}</span>
      <div className="pair-names">
        {[pair.a, pair.b].map((one) => <a key={one.id} className="cut" href={`/${object.plural}/${one.id}`} target="_blank" rel="noreferrer">{one.title}</a>)}
        <span className="cap muted cut">{because}</span>
      </div>
      <span className="row gap8 nw">
        {dismissed
          ? <Button size="small" onClick={() => onSame(true)}>{t('duplicate.again')}</Button>
          : <><Button size="small" type="text" onClick={() => onSame(false)}>{t('duplicate.different')}</Button>{mayDelete(object) && mayUpdate(object) && <Button size="small" onClick={onMerge}>{t('merge.open')}</Button>}</>}
      </span>
    </li>
  );
}

/** Starts the search, tells how far it is, and reads the pairs again at its end. */
function useSearch(object: ObjectMeta) {
  const client = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const { data: job } = useJob<{ found?: number }>(id);
  const over = hasEnded(job);
  useEffect(() => {
    if (!over || !job) return;
    setId(null);
    readPairsAgain(client, object);
    if (job.status === 'failed') showFailure(job.error?.detail ?? t('duplicate.search_failed'));
  }, [over, job, client, object]);
  const start = (whole: boolean) => void lookFor(object, whole).then((made) => setId(made.id), (e: unknown) => showFailure(failureText(e)));
  return { running: !!id, progress: job?.progress, start };
}

function SearchButton({ search, before }: { search: ReturnType<typeof useSearch>; before: boolean }) {
  const { done = 0, total = 0 } = search.progress ?? {};
  if (search.running) return <span className="cap muted nw" role="status">{total > 0 ? t('duplicate.searching_of', { done: formatNumber(done), total: formatNumber(total) }) : t('duplicate.searching')}</span>;
  return (
    <span className="row gap8 nw">
      {before && <Button type="text" onClick={() => search.start(true)}>{t('duplicate.search_whole')}</Button>}
      <Button type="primary" onClick={() => search.start(!before)}>{t('duplicate.search')}</Button>
    </span>
  );
}

function Queue({ object }: { object: ObjectMeta }) {
  const client = useQueryClient();
  const [which, setWhich] = useState<Which>('open');
  const [merging, setMerging] = useState<Pair | null>(null);
  const { query, state, items } = usePairs(object, which);
  const search = useSearch(object);
  const same = (pair: Pair, is: boolean) => void setSame(object, pair.id, is).then(() => {
    readPairsAgain(client, object);
    showToast(t(is ? 'duplicate.reopened' : 'duplicate.dismissed'), { label: t('action.undo'), key: 'Ctrl Z', run: () => same(pair, !is) });
  }, (e: unknown) => showFailure(failureText(e)));
  if (query.isPending) return <TableSkeleton />;
  if (query.isError) return <ErrorState error={query.error} title={t('duplicate.failed')} onRetry={() => void query.refetch()} />;
  return (
    <section className="sheet pairs">
      <div className="row wrap pairs-head">
        <Segmented<Which> value={which} onChange={setWhich} options={[{ value: 'open', label: t('duplicate.open', { n: state?.open ?? 0 }) }, { value: 'dismissed', label: t('duplicate.dismissed_list') }]} />
        <span className="cap muted grow">{state?.searched_at ? t('duplicate.searched', { when: fullInstant(state.searched_at) }) : t('duplicate.never')}{state?.keys === 'building' ? ` ${t('duplicate.building')}` : ''}</span>
        {mayDelete(object) && mayUpdate(object) && <SearchButton search={search} before={!!state?.searched_at} />}
      </div>
      {items.length === 0 && <PageState icon={CopyCheck} title={t(which === 'dismissed' ? 'duplicate.none_dismissed' : state?.searched_at ? 'duplicate.none' : 'duplicate.none_yet')} text={t('duplicate.none_text')} />}
      {items.length > 0 && <ul className="pair-list">{items.map((p) => <PairRow key={p.id} object={object} pair={p} dismissed={which === 'dismissed'} onMerge={() => setMerging(p)} onSame={(is) => same(p, is)} />)}</ul>}
      {query.hasNextPage && <div className="pairs-more"><Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('duplicate.next')}</Button></div>}
      {merging && <MergeDrawer object={object} ids={[merging.a.id, merging.b.id]} onClose={() => { setMerging(null); readPairsAgain(client, object); }} />}
    </section>
  );
}

export default function DuplicatesPage() {
  const { plural = '' } = useParams();
  const navigate = useNavigate();
  const object = useObject(plural);
  const title = t('duplicate.title');
  useTitle(title);
  if (!object) return <NotFoundPage />;
  const back = () => void navigate(`/${plural}`);
  return (
    <>
      <TopBar title={<><span className="crumb"><Link to={`/${plural}`}>{pluralLabel(object)}</Link><ChevronRight size={14} strokeWidth={1.75} aria-hidden /></span>{title}</>} />
      {asksDuplicates(object) ? <Queue key={object.object} object={object} /> : <div className="sheet"><NoRightState onBack={back} /></div>}
    </>
  );
}
