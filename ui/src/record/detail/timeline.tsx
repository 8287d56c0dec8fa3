// Newest first, grouped by day; what the system noted is one line without a card.
import { Button } from 'antd';
import { ArrowRight, History, Plus, RotateCcw, Trash2, Upload, type LucideIcon } from 'lucide-react';
import { ErrorState, PageState } from '@/components/state';
import { BlockSkeleton } from '@/components/skeleton';
import { linkOf, linkTitle } from '@/fields/link/link';
import { dayOf, formatDay, timeOf, today, weekday } from '@/lib/dates';
import { t } from '@/lib/i18n';
import type { HistoryItem, ObjectMeta } from '@/lib/types';
import { useHistory } from '../data/use-history';
import { changeLabel, ChangeValue } from './change-text';

const CAUSES: Record<string, LucideIcon> = { import: Upload, undo: RotateCcw, purge: Trash2 };
const SHOWN = 4;

const iconOf = (item: HistoryItem): LucideIcon => (item.version === 1 ? Plus : CAUSES[item.cause ?? ''] ?? History);

function Entry({ object, item, last }: { object: ObjectMeta; item: HistoryItem; last: boolean }) {
  const Icon = iconOf(item);
  const changes = item.version === 1 ? [] : item.changes.slice(0, SHOWN);
  const rest = item.version === 1 ? 0 : item.changes.length - changes.length;
  const what = item.version === 1 ? t('history.created') : changes.length === 0 ? t('history.saved') : t('history.changed');
  return (
    <div className={last ? 'ev last' : 'ev'}>
      <span className="pin"><Icon size={14} strokeWidth={1.75} aria-hidden /></span>
      <div>
        <div className="hd"><b>{linkTitle(linkOf(item.by)) || t('history.system')}</b><span className="soft">{what}{item.cause && item.cause !== 'person' && item.cause !== 'api' ? ` · ${t(`cause.${item.cause}`)}` : ''}</span><span className="when muted cap">{timeOf(item.at)}</span></div>
        {changes.map((c) => (
          <div className="ch" key={c.field}>
            <span className="muted">{changeLabel(object, c)}</span><span className="soft"><ChangeValue object={object} name={c.field} value={c.old} /></span>
            <ArrowRight size={12} strokeWidth={1.75} aria-hidden className="muted" /><ChangeValue object={object} name={c.field} value={c.new} />
          </div>
        ))}
        {rest > 0 && <div className="cap muted">{t('history.more_fields', { n: rest })}</div>}
      </div>
    </div>
  );
}

const dayTitle = (day: string): string => {
  const words = formatDay(day);
  return Math.abs(Date.parse(day) - Date.parse(today())) <= 86_400_000 ? words : `${words} ${weekday(day)}`;
};

export function Timeline({ object, id }: { object: ObjectMeta; id: string }) {
  const { query, items } = useHistory(object, id);
  if (query.isError && !items.length) return <ErrorState error={query.error} title={t('error.history')} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <BlockSkeleton lines={6} />;
  if (!items.length) return <PageState icon={History} title={t('history.empty')} text={t('history.empty_text')} />;
  const days = [...new Set(items.map((i) => dayOf(Date.parse(i.at))))];
  return (
    <div className="tl">
      {days.map((day) => (
        <div key={day}>
          <div className="day">{dayTitle(day)}</div>
          {items.filter((i) => dayOf(Date.parse(i.at)) === day).map((i) => <Entry key={i.version} object={object} item={i} last={i === items.at(-1) && !query.hasNextPage} />)}
        </div>
      ))}
      {query.hasNextPage && <Button type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('history.older')}</Button>}
    </div>
  );
}
