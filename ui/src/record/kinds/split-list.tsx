// Records at the left, the one that is chosen at the right; arrows move through them.
import { ExternalLink } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, isNoRight, NoRightState } from '@/components/state';
import { fieldText } from '@/fields/fields';
import { t } from '@/lib/i18n';
import { useKeys } from '@/lib/keyboard';
import type { ObjectMeta } from '@/lib/types';
import { useRecord } from '../data/use-record';
import { RecordView } from '../detail/record-view';
import { inThePast, useAsOf } from '../page/as-of';
import { recordTitle, RecordMark } from '../page/record-mark';
import type { KindProps } from './other-kind';

function Beside({ object, id }: { object: ObjectMeta; id: string }) {
  const { asOf } = useAsOf();
  const query = useRecord(object, id, asOf);
  if (query.isError && !query.data) return isNoRight(query.error) ? <NoRightState /> : <ErrorState error={query.error} title={t('error.record')} onRetry={() => void query.refetch()} />;
  return query.data ? <RecordView object={inThePast(object, asOf)} record={query.data} /> : <BlockSkeleton lines={10} />;
}

export default function SplitList({ object, state, columns, list }: KindProps) {
  const { rows, query } = list;
  const at = rows.findIndex((r) => r.id === state.rec);
  const shown = state.rec || rows[0]?.id || '';
  const box = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const go = (by: number) => (e: KeyboardEvent) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, (at < 0 ? 0 : at) + by))];
    if (!next || (e.target instanceof HTMLElement && e.target.closest('.beside'))) return;
    e.preventDefault();
    state.setRec(next.id);
  };
  useKeys({ ArrowDown: go(1), ArrowUp: go(-1), j: go(1), k: go(-1) });
  useEffect(() => { box.current?.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'nearest' }); }, [shown]);
  const { hasNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (!end.current || !hasNextPage) return;
    const seen = new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting)) void fetchNextPage(); }, { rootMargin: '300px' });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [hasNextPage, fetchNextPage, rows.length]);
  return (
    <div className="sheet split">
      <div className="chooser" ref={box} role="group" aria-label={t('split.list')}>
        {rows.map((r) => (
          <button key={r.id} type="button" aria-current={r.id === shown} className={r.id === shown ? 'one on' : 'one'} onClick={() => state.setRec(r.id)}>
            <RecordMark object={object} record={r} size={22} />
            <span className="grow"><b className="cut">{recordTitle(object, r)}</b><span className="muted cap cut">{columns.slice(1, 4).map((c) => fieldText(c.field, r[c.field.name])).filter(Boolean).join(' · ')}</span></span>
          </button>
        ))}
        <div ref={end} className="muted cap" role="status">{query.isFetchingNextPage ? t('state.loading_more') : ''}</div>
      </div>
      <div className="beside">
        {shown ? <><Link className="full" to={`/${object.plural}/${shown}`} aria-label={t('split.open')} title={t('split.open')}><ExternalLink size={16} strokeWidth={1.75} aria-hidden /></Link><Beside key={shown} object={object} id={shown} /></> : <p className="muted">{t('split.none')}</p>}
      </div>
    </div>
  );
}
