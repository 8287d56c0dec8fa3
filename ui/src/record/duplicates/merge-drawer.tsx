// Several records side by side: which one stays, whose value in each field, what moves along. The rest goes to the recycle bin and can be brought back as one.
import '@/lib/duplicate-words';
import '@/styles/duplicate.css';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Switch } from 'antd';
import { useState } from 'react';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { FieldDisplay } from '@/fields/field-display';
import { fieldText } from '@/fields/fields';
import { ago } from '@/lib/dates';
import { inSentence, plural, t } from '@/lib/i18n';
import { fieldLabel, fieldOf, objectLabel } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { ended, undoBatch } from '../bulk/bulk-api';
import { touch } from '../data/records';
import { recordTitle } from '../page/record-mark';
import { useShell } from '../page/shell-context';
import { previewMerge, startMerge, type Choices, type MergeField, type MergePreview } from './pairs-api';

const ALL = 'all';

interface CellProps { field: FieldMeta; one: MergeField; record: Rec; on: boolean; onPick: () => void }

function Cell({ field, one, record, on, onPick }: CellProps) {
  const value = record[field.name];
  if (!one.may_choose || !one.differs) return <td><span className="cut"><FieldDisplay field={field} value={value} /></span></td>;
  const text = fieldText(field, value); // no links inside what is itself pressed
  return <td><button type="button" role="radio" aria-checked={on} className={on ? 'opt on' : 'opt'} onClick={onPick}><span className={text ? 'cut' : 'cut muted'}>{text || t('value.empty')}</span></button></td>;
}

interface RowProps { field: FieldMeta; one: MergeField; records: Rec[]; onPick: (id: string) => void }

function FieldRow({ field, one, records, onPick }: RowProps) {
  const everything = one.list && one.may_choose && one.differs;
  return (
    <tr role="radiogroup" aria-label={fieldLabel(field)}>
      <th scope="row">{fieldLabel(field)}{everything && <button type="button" role="radio" aria-checked={one.from === ALL} className={one.from === ALL ? 'opt on' : 'opt'} onClick={() => onPick(ALL)}>{t('merge.all_values')}</button>}</th>
      {records.map((r) => <Cell key={r.id} field={field} one={one} record={r} on={one.from === r.id} onPick={() => onPick(r.id)} />)}
    </tr>
  );
}

interface TableProps { object: ObjectMeta; ids: string[]; preview: MergePreview; keep: string; all: boolean; onKeep: (id: string) => void; onPick: (field: string, id: string) => void }

function MergeTable({ object, ids, preview, keep, all, onKeep, onPick }: TableProps) {
  const records = ids.map((id) => preview.records.find((r) => r.id === id)).filter((r) => r !== undefined);
  const rows = preview.fields.filter((f) => all || f.differs);
  return (
    <div className="merge-scroll">
      <table className="merge">
        <thead>
          <tr role="radiogroup" aria-label={t('merge.keep')}>
            <th scope="col"><span className="visually-hidden">{t('merge.field')}</span></th>
            {records.map((r) => (
              <th scope="col" key={r.id}>
                <button type="button" role="radio" aria-checked={keep === r.id} className={keep === r.id ? 'opt on' : 'opt'} onClick={() => onKeep(r.id)}><span className="cut">{recordTitle(object, r)}</span><span className="who">{t(keep === r.id ? 'merge.stays' : 'merge.goes')}</span></button>
                {typeof r.updated_at === 'string' && <span className="cap muted">{t('merge.changed', { when: ago(r.updated_at) })}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => { const field = fieldOf(object, one.field); return field && <FieldRow key={one.field} field={field} one={one} records={records} onPick={(id) => onPick(one.field, id)} />; })}
        </tbody>
      </table>
      {rows.length === 0 && <p className="muted cap">{t('merge.no_difference')}</p>}
    </div>
  );
}

interface Props { object: ObjectMeta; ids: string[]; onClose: (merged: boolean) => void }

/** The records are those it was opened with: while they are merged the list behind forgets one after the other. */
export default function MergeDrawer({ object, ids: chosen, onClose }: Props) {
  const [ids] = useState(chosen);
  const client = useQueryClient();
  const { phone } = useShell();
  const [keep, setKeep] = useState(ids[0] ?? '');
  const [choose, setChoose] = useState<Choices>({});
  const [all, setAll] = useState(false);
  const [busy, setBusy] = useState(false);
  const query = useQuery({ queryKey: ['merge', object.plural, ids, keep, choose], queryFn: ({ signal }) => previewMerge(object, ids, keep, choose, signal), placeholderData: keepPreviousData, staleTime: 0, gcTime: 0, retry: false, enabled: !busy });
  const preview = query.data;
  const moves = (preview?.moves ?? []).map((m) => t('merge.move', { label: m.label, n: m.count })).join(t('list.separator'));
  const merge = async () => {
    setBusy(true);
    try {
      const job = await ended((await startMerge(object, ids, keep, choose)).id);
      const { batch } = job;
      if (job.status !== 'done') throw new Error(job.error?.errors?.[0]?.message ?? job.error?.detail ?? t('merge.failed'));
      touch(client, object.plural);
      showToast(t('merge.done', { n: ids.length }), batch ? { label: t('action.undo'), key: 'Ctrl Z', run: () => void undoBatch(client, object, batch) } : undefined);
      onClose(true);
    } catch (e) {
      showFailure(failureText(e));
      setBusy(false);
    }
  };
  return (
    <Drawer open onClose={() => onClose(false)} title={t('merge.title', { n: ids.length, objects: plural(inSentence(objectLabel(object))) })} size={phone ? '100%' : 880} destroyOnHidden
      footer={<div className="row gap8" style={{ justifyContent: 'flex-end' }}><Button onClick={() => onClose(false)}>{t('action.cancel')}</Button><Button type="primary" loading={busy} disabled={!preview || !!preview.error || query.isFetching} onClick={() => void merge()}>{t('merge.go')}</Button></div>}>
      {query.isPending && <BlockSkeleton lines={10} />}
      {query.isError && !preview && <ErrorState error={query.error} title={t('merge.failed')} onRetry={() => void query.refetch()} />}
      {preview && (
        <>
          <p className="soft merge-text">{t('merge.text')}</p>
          {preview.error && <div className="banner danger" role="alert">{preview.error.errors?.[0]?.message ?? preview.error.detail ?? preview.error.title}</div>}
          <label className="row gap8 merge-all"><Switch size="small" checked={all} onChange={setAll} aria-label={t('merge.all_fields')} /><span>{t('merge.all_fields')}</span></label>
          <MergeTable object={object} ids={ids} preview={preview} keep={keep} all={all} onKeep={(id) => { setKeep(id); setChoose({}); }} onPick={(field, id) => setChoose({ ...choose, [field]: id })} />
          {moves && <p className="soft">{t('merge.moves', { list: moves })}</p>}
        </>
      )}
    </Drawer>
  );
}
