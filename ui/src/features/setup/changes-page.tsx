// Every change of the catalogue: who, when, what was made different; each can be taken back.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Popconfirm, Select } from 'antd';
import { ChevronDown, ChevronRight, History } from 'lucide-react';
import { useState } from 'react';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, failureText, PageState } from '@/components/state';
import { formatInstant, fullInstant } from '@/lib/dates';
import { hasMessage, t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import { getChange, getChanges, revertChange, type CatalogueChange } from './api';
import { DiffTable } from './diff-table';
import { Refusals } from './parts';
import { useSubmit } from './use-submit';

export const actionText = (action: string): string => (hasMessage(`change.${action}`) ? t(`change.${action}`) : action);
const FOREVER = ['field.purge', 'field.purge_former', 'object.purge', 'field.derive'];

function Details({ id }: { id: string }) {
  const query = useQuery({ queryKey: ['meta-change', id], queryFn: () => getChange(id), staleTime: Infinity });
  if (query.isError) return <div className="banner danger" role="alert"><div className="grow">{failureText(query.error)}</div></div>;
  if (!query.data) return <div className="cap muted change-more">{t('state.loading')}</div>;
  return <div className="change-more"><DiffTable all={query.data.diff ?? []} /></div>;
}

function Change({ of, onDone }: { of: CatalogueChange; onDone: () => void }) {
  const { byName } = useCatalogue();
  const [open, setOpen] = useState(false);
  const form = useSubmit(onDone);
  const object = of.object ? byName.get(of.object) : undefined;
  const what = [of.object, of.name].filter(Boolean).join('.');
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <div className="change">
      <div className="change-line">
        <button type="button" className="change-head" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Chevron size={14} strokeWidth={1.75} aria-hidden />
          <span className="cut"><span className="ink">{actionText(of.action)}</span> {object && <span className="soft">{objectLabel(object)} </span>}<code>{what}</code></span>
        </button>
        <span className="muted cap cut">{of.by?.title ?? t('setup.by_system')}</span>
        <time className="muted cap nw" dateTime={of.at} title={fullInstant(of.at)}>{formatInstant(of.at)}</time>
        <span className="muted cap nw version">{t('setup.version_n', { version: of.id })}</span>
        <span className="act">
          {of.reverted_by ? <span className="muted cap nw">{t('setup.reverted')}</span> : FOREVER.includes(of.action) ? <span className="muted cap nw">{t('setup.for_ever')}</span> : (
            <Popconfirm title={t('setup.revert_sure')} okText={t('setup.revert')} cancelText={t('action.cancel')} onConfirm={() => void form.submit(() => revertChange(of.id), t('setup.reverted'))}><Button size="small" type="text" loading={form.busy}>{t('setup.revert')}</Button></Popconfirm>
          )}
        </span>
      </div>
      <Refusals of={form} />
      {open && <Details id={of.id} />}
    </div>
  );
}

export default function ChangesPage() {
  const client = useQueryClient();
  const { meta } = useCatalogue();
  const [object, setObject] = useState<string>();
  const query = useInfiniteQuery({
    queryKey: ['meta-changes', object, meta.version], queryFn: ({ pageParam }) => getChanges(pageParam, object ?? ''), initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next, staleTime: 0,
  });
  const all = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <>
      <div className="toolbar line"><Select size="small" allowClear value={object} onChange={setObject} className="find" placeholder={t('setup.all_objects')} aria-label={t('setup.all_objects')} showSearch={{ optionFilterProp: 'label' }} options={meta.objects.map((o) => ({ value: o.object, label: objectLabel(o) }))} /></div>
      {query.isError && <ErrorState error={query.error} title={t('setup.load_failed')} onRetry={() => void query.refetch()} />}
      {query.isPending && <TableSkeleton rows={12} columns={4} />}
      {query.isSuccess && !all.length && <PageState icon={History} title={t('setup.no_changes')} text={t('setup.no_changes_text')} />}
      {all.length > 0 && (
        <div className="pane">
          {all.map((c) => <Change key={c.id} of={c} onDone={() => void client.invalidateQueries({ queryKey: ['meta-changes'] })} />)}
          {query.hasNextPage && <div className="more-line"><Button size="small" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('setup.older')}</Button></div>}
        </div>
      )}
    </>
  );
}
