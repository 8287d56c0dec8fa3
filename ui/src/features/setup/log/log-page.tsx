// Who had masked values shown in full, who saw the program as somebody else: newest first.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { ScrollText } from 'lucide-react';
import { Link } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { linkTitle } from '@/fields/link/link';
import { get } from '@/lib/api';
import { fullInstant } from '@/lib/dates';
import { hasMessage, t } from '@/lib/i18n';
import { maySystem, useSignedIn } from '@/lib/me';
import { fieldLabel, fieldOf, objectLabel, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { LinkValue } from '@/lib/types';
import { SettingsFrame } from '../settings-frame';

interface Entry { id: string; at: string; kind: string; object: string | null; record: string | null; field: string | null; by: LinkValue | null; subject: LinkValue | null; rows: number | null; detail: string | null }
interface Entries { items: Entry[]; next: string | null }

function Row({ of }: { of: Entry }) {
  const { byName } = useCatalogue();
  const object = of.object ? byName.get(of.object) : undefined;
  const field = object && of.field ? fieldOf(object, of.field) : undefined;
  const kind = `log.${of.kind}`;
  return (
    <div className="srow log">
      <span className="cap muted nw">{fullInstant(of.at)}</span>
      <span className="cut">{linkTitle(of.by)}</span>
      <span className="soft cut">{hasMessage(kind) ? t(kind) : of.kind}</span>
      <span className="cut">{of.subject && linkTitle(of.subject)}{object && of.record && <Link to={`/${object.plural}/${of.record}`}>{objectLabel(object)} #{of.record}</Link>}{field && ` · ${fieldLabel(field)}`}{object && !of.record && objectLabel(object)}{of.rows !== null && ` · ${t('log.rows', { n: formatNumber(of.rows) })}`}{of.detail && ` · ${of.detail}`}</span>
    </div>
  );
}

export default function LogPage() {
  const { rights } = useSignedIn();
  const may = maySystem(rights.system, 'audit');
  const query = useInfiniteQuery({ queryKey: ['access-log'], queryFn: ({ pageParam, signal }) => get<Entries>('/access-log', { after: pageParam }, signal), initialPageParam: null as string | null, getNextPageParam: (last) => last.next, enabled: may, staleTime: 0 });
  const entries = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <SettingsFrame name={t('places.log')} title={t('places.log')} may={may}>
      {query.isPending && <TableSkeleton columns={4} />}
      {query.isError && <ErrorState error={query.error} title={t('log.error')} onRetry={() => void query.refetch()} />}
      {query.isSuccess && !entries.length && <PageState icon={ScrollText} title={t('log.none')} text={t('log.none_text')} />}
      {entries.length > 0 && (
        <div className="srows">
          <div className="srow hd log" aria-hidden><span>{t('log.at')}</span><span>{t('log.by')}</span><span>{t('log.what')}</span><span>{t('log.of')}</span></div>
          {entries.map((e) => <Row key={e.id} of={e} />)}
          {query.hasNextPage && <Button block type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('log.older')}</Button>}
        </div>
      )}
    </SettingsFrame>
  );
}
