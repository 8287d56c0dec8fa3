// Where the record stands in the list one came from, with the way to its neighbours ([ and ]).
import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp } from 'lucide-react';
import { Link, useNavigate } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { useKeys } from '@/lib/keyboard';
import { t } from '@/lib/i18n';
import { pluralLabel } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { ObjectMeta, Page } from '@/lib/types';
import { useShell } from '../page/shell-context';

function usePlace(object: ObjectMeta, id: string) {
  const client = useQueryClient();
  const lists = client.getQueriesData<InfiniteData<Page>>({ queryKey: ['list', object.plural] });
  const latest = lists.map(([key, data]) => ({ data, at: client.getQueryState(key)?.dataUpdatedAt ?? 0 })).sort((a, b) => b.at - a.at);
  for (const { data } of latest) {
    const rows = data?.pages.flatMap((p) => p.items) ?? [];
    const index = rows.findIndex((r) => r.id === id);
    if (index >= 0) return { index, total: data!.pages[0]?.count, before: rows[index - 1]?.id, after: rows[index + 1]?.id };
  }
  return null;
}

export function Crumbs({ object, id }: { object: ObjectMeta; id: string }) {
  const navigate = useNavigate();
  const { phone } = useShell();
  const place = usePlace(object, id);
  const go = (to: string | undefined) => { if (to) void navigate(`/${object.plural}/${to}`, { replace: true }); };
  useKeys({ '[': () => go(place?.before), ']': () => go(place?.after) });
  if (phone) return <Link className="row gap4 ink" to={`/${object.plural}`} aria-label={`${t('action.back_to_list')} ${pluralLabel(object)}`}><ChevronLeft size={22} strokeWidth={1.75} aria-hidden />{pluralLabel(object)}</Link>;
  return (
    <>
      <span className="crumb"><Link to={`/${object.plural}`}>{pluralLabel(object)}</Link>{place && <ChevronRight size={14} strokeWidth={1.75} aria-hidden />}</span>
      {place && (
        <span className="crumb">
          {formatNumber(place.index + 1)} / {place.total ? formatNumber(place.total.value) + (place.total.exact ? '' : '+') : '…'}
          <IconButton small icon={ChevronUp} label={t('record.previous')} disabled={!place.before} onClick={() => go(place.before)} />
          <IconButton small icon={ChevronDown} label={t('record.next')} disabled={!place.after} onClick={() => go(place.after)} />
        </span>
      )}
    </>
  );
}
