// What was removed: brought back with its data, or purged for good after a look at what would be lost.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, InputNumber } from 'antd';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { formatInstant } from '@/lib/dates';
import { hasMessage, label as wordsOf, t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import { bringBackField, bringBackObject, getBin, keepBin, type Bin } from './api';
import { fieldIcon } from './field-types';
import { Refusals } from './parts';
import { PurgeDialog } from './purge-dialog';
import { useSubmit } from './use-submit';
import { iconOf } from '@/components/icons';

interface Item { id: string; words: string; kind: string; type?: string; object: string; key?: string; at?: string }

export function itemsOf(bin: Bin): Item[] {
  const objects = bin.objects.map((o): Item => ({ id: o.object, words: wordsOf(o.label ?? undefined, o.object), kind: t('setup.object'), object: o.object, at: o.removed_at }));
  const fields = bin.fields.map((f): Item => ({ id: `${f.object}.${f.key}`, words: wordsOf(f.label ?? undefined, f.field), kind: hasMessage(`type.${f.type}`) ? t(`type.${f.type}`) : f.type, type: f.type, object: f.object, key: f.key, at: f.removed_at }));
  return [...objects, ...fields].sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''));
}

const DAY = 86_400_000;
const goesOn = (at: string, days: number): string => new Date(Date.parse(at) + days * DAY).toISOString();

function Row({ item, days, onPurge, onDone }: { item: Item; days: number; onPurge: () => void; onDone: () => void }) {
  const { byName } = useCatalogue();
  const form = useSubmit(onDone);
  const Icon = item.type ? fieldIcon(item.type) : iconOf('box');
  const of = item.type ? byName.get(item.object) : undefined;
  return (
    <>
      <div className="frow bin still">
        <Icon size={16} strokeWidth={1.75} className="soft" aria-hidden /><span className="cut">{of && <span className="soft">{objectLabel(of)} · </span>}{item.words}</span><code className="cut">{item.id}</code><span className="soft cut">{item.kind}</span>
        <span className="muted cap cut">{item.at ? t('setup.removed_until', { at: formatInstant(item.at), until: formatInstant(goesOn(item.at, days)) }) : t('setup.removed_long_ago')}</span>
        <span className="row end nw"><Button size="small" loading={form.busy} onClick={() => void form.submit(() => (item.key ? bringBackField(item.object, item.key) : bringBackObject(item.object)), t('setup.brought_back', { name: item.words }))}>{t('setup.bring_back')}</Button><Button size="small" danger type="text" onClick={onPurge}>{t('setup.purge')}</Button></span>
      </div>
      <Refusals of={form} />
    </>
  );
}

function Keep({ days, onDone }: { days: number; onDone: () => void }) {
  const [value, setValue] = useState<number | null>(days);
  const form = useSubmit(onDone);
  return (
    <span className="row end keep"><span className="cap soft nw">{t('setup.keep_days')}</span><InputNumber size="small" min={1} max={3650} value={value} onChange={setValue} aria-label={t('setup.keep_days')} /><span className="cap soft">{t('setup.days')}</span>
      {value !== days && value !== null && <Button size="small" loading={form.busy} onClick={() => void form.submit(() => keepBin(value), t('setup.keep_saved'))}>{t('action.save')}</Button>}
    </span>
  );
}

export default function BinPage() {
  const client = useQueryClient();
  const { meta } = useCatalogue();
  const [purging, setPurging] = useState<Item | null>(null);
  const query = useQuery({ queryKey: ['meta-bin', meta.version], queryFn: getBin, staleTime: 0 });
  const again = () => void client.invalidateQueries({ queryKey: ['meta-bin'] });
  const items = query.data ? itemsOf(query.data) : [];
  return (
    <>
      <div className="toolbar line"><span className="cap soft cut">{t('setup.bin_help')}</span>{query.data && <Keep key={query.data.days} days={query.data.days} onDone={again} />}</div>
      {query.isError && <ErrorState error={query.error} title={t('setup.load_failed')} onRetry={() => void query.refetch()} />}
      {query.isPending && <TableSkeleton rows={6} columns={4} />}
      {query.isSuccess && !items.length && <PageState icon={Trash2} title={t('setup.bin_empty')} text={t('setup.bin_empty_text')} />}
      {items.length > 0 && (
        <div className="pane">
          <div className="frow bin hd"><span /><span>{t('setup.column_label')}</span><span>{t('setup.name')}</span><span>{t('setup.type')}</span><span>{t('setup.removed_at')}</span><span /></div>
          {items.map((i) => <Row key={i.id} item={i} days={query.data!.days} onPurge={() => setPurging(i)} onDone={again} />)}
        </div>
      )}
      {purging && <PurgeDialog object={purging.object} name={purging.key} words={purging.words} onClose={() => setPurging(null)} />}
    </>
  );
}
