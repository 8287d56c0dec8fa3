// All that happened on a record, newest first, grouped by day: what people did has a title and a text, what the system noted is one line.
import { Button, Select } from 'antd';
import { History } from 'lucide-react';
import { useState } from 'react';
import { ErrorState, PageState } from '@/components/state';
import { BlockSkeleton } from '@/components/skeleton';
import { dayOf, formatDay, today, weekday } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { CHANGE, entryKey, usePinning } from '../data/use-pins';
import { useTimeline } from '../data/use-timeline';
import { PinButton, Pins } from './pins';
import { TimelineEntry } from './timeline-entry';

const dayTitle = (day: string): string => {
  const words = formatDay(day);
  return Math.abs(Date.parse(day) - Date.parse(today())) <= 86_400_000 ? words : `${words} ${weekday(day)}`;
};

function KindFilter({ kinds, value, onChange }: { kinds: string[]; value: string[]; onChange: (kinds: string[]) => void }) {
  const { byName } = useCatalogue();
  const options = kinds.map((k) => { const o = byName.get(k); return { value: k, label: k === CHANGE ? t('timeline.changes') : o ? objectLabel(o) : k }; });
  return <Select mode="multiple" size="small" className="tl-kinds" allowClear maxTagCount="responsive" placeholder={t('timeline.all')} aria-label={t('timeline.filter')} options={options} optionFilterProp="label" value={value} onChange={onChange} />;
}

export function Timeline({ object, id, pins = false }: { object: ObjectMeta; id: string; pins?: boolean }) {
  const [chosen, setChosen] = useState<string[]>([]);
  const { query, items, kinds, pinned } = useTimeline(object, id, chosen.join(','));
  const pin = usePinning(object, id);
  const [known, setKnown] = useState<string[]>([]);
  if (kinds.length && kinds.join() !== known.join()) setKnown(kinds);
  if (query.isError && !items.length) return <ErrorState error={query.error} title={t('error.history')} onRetry={() => void query.refetch()} />;
  const days = [...new Set(items.map((i) => dayOf(Date.parse(i.at))))];
  const last = items.at(-1);
  const onTop = new Set(pinned.map(entryKey));
  return (
    <div className="tl">
      {known.length > 1 && <div className="row tl-filter"><KindFilter kinds={known} value={chosen} onChange={setChosen} /></div>}
      {query.isPending && <BlockSkeleton lines={6} />}
      {!query.isPending && !items.length && <PageState icon={History} title={t('history.empty')} text={t('history.empty_text')} />}
      <Pins object={object} id={id} may={pins} items={pinned} entry={(i, button) => <TimelineEntry object={object} item={i} last button={button} />} />
      {days.map((day) => (
        <div key={day}>
          <div className="day">{dayTitle(day)}</div>
          {items.filter((i) => dayOf(Date.parse(i.at)) === day).map((i) => <TimelineEntry key={entryKey(i)} object={object} item={i} last={i === last && !query.hasNextPage} button={pins && !onTop.has(entryKey(i)) && <PinButton item={i} on={false} pin={pin} />} />)}
        </div>
      ))}
      {query.hasNextPage && <Button type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('timeline.older')}</Button>}
    </div>
  );
}
