// Every version with old and new side by side; each field can be put back.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { ArrowRight, History } from 'lucide-react';
import { Link } from 'react-router';
import { ErrorState, failureText, PageState } from '@/components/state';
import { BlockSkeleton } from '@/components/skeleton';
import { showFailure } from '@/components/toast';
import { linkOf, linkTitle } from '@/fields/link/link';
import { fullInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { fieldOf, isEditable, mayUpdate } from '@/lib/meta';
import type { HistoryChange, HistoryItem, ObjectMeta, Rec } from '@/lib/types';
import { putRecord } from '../data/put-record';
import { sameWire, update } from '../data/save';
import { toastUpdated } from '../data/undo';
import { useHistory } from '../data/use-history';
import { useShell } from '../page/shell-context';
import { changeLabel, ChangeValue, MergedMark } from './change-text';

function useRestore(object: ObjectMeta, record: Rec) {
  const client = useQueryClient();
  return async (change: HistoryChange) => {
    const answer = await update(object, record, { [change.field]: change.old });
    if (answer.kind === 'saved') {
      putRecord(client, object, answer.record);
      toastUpdated(client, object, record, answer.record, [change.field], t('toast.field_restored', { field: changeLabel(object, change) }));
    } else {
      showFailure(answer.kind === 'failed' ? failureText(answer.error) : answer.kind === 'invalid' ? answer.errors[0]?.message ?? answer.message : t('toast.undo_conflict'));
    }
  };
}

function Version({ object, record, item, onLeave }: { object: ObjectMeta; record: Rec; item: HistoryItem; onLeave: () => void }) {
  const restore = useRestore(object, record);
  const restorable = (c: HistoryChange) => {
    const field = fieldOf(object, c.field);
    return field && !c.old_type && item.version > 1 && mayUpdate(object) && isEditable(field) && !sameWire(object, c.field, c.old, record[c.field]);
  };
  return (
    <div className="hist">
      <div className="row"><b>{linkTitle(linkOf(item.by)) || t('history.system')}</b><span className="soft">{item.version === 1 ? t('history.created') : t('history.changed')}</span>{item.cause && item.cause !== 'person' && <span className="chip">{t(`cause.${item.cause}`)}</span>}<span className="end muted cap nw">{fullInstant(item.at)}</span><Link className="cap nw" to={`/${object.plural}/${item.merged_from?.id ?? record.id}?as_of=${encodeURIComponent(item.at)}`} onClick={onLeave}>{t('past.view')}</Link></div>
      <MergedMark item={item} />
      {item.changes.map((c) => (
        <div className="ch" key={c.field}>
          <span className="k muted">{changeLabel(object, c)}</span><span className="old"><ChangeValue object={object} name={c.field} value={c.old} type={c.old_type} /></span>
          <ArrowRight size={12} strokeWidth={1.75} aria-hidden className="muted" /><span className="new"><ChangeValue object={object} name={c.field} value={c.new} type={c.new_type} /></span>
          {restorable(c) ? <Button type="link" size="small" onClick={() => void restore(c)}>{t('action.restore')}</Button> : <span />}
        </div>
      ))}
    </div>
  );
}

export default function HistoryDrawer({ object, record, onClose }: { object: ObjectMeta; record: Rec; onClose: () => void }) {
  const { phone } = useShell();
  const { query, items } = useHistory(object, record.id);
  return (
    <Drawer open onClose={onClose} title={t('history.title')} size={phone ? '100%' : 640}>
      {query.isError && <ErrorState error={query.error} title={t('error.history')} onRetry={() => void query.refetch()} />}
      {query.isPending && <BlockSkeleton />}
      {query.isSuccess && !items.length && <PageState icon={History} title={t('history.empty')} />}
      {items.map((i) => <Version key={`${i.merged_from?.id ?? ''} ${i.version} ${i.action}`} object={object} record={record} item={i} onLeave={onClose} />)}
      {query.hasNextPage && <Button block loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('history.older')}</Button>}
    </Drawer>
  );
}
