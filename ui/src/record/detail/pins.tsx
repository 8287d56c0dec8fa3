// The entries that stand on top of a record's timeline: a block above the days, and on each entry the button that puts it there.
import '@/lib/record-words';
import { useQuery } from '@tanstack/react-query';
import { Popover } from 'antd';
import { History, Pin, PinOff } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { linkOf, linkTitle } from '@/fields/link/link';
import { get } from '@/lib/api';
import { formatInstant, fullInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, TimelineItem } from '@/lib/types';
import { canPin, CHANGE, entryKey, usePinning } from '../data/use-pins';

interface Props { object: ObjectMeta; id: string; may: boolean; items: TimelineItem[]; entry: (item: TimelineItem, button: React.ReactNode) => React.ReactNode }

const nameOf = (by: unknown): string => linkTitle(linkOf(by as TimelineItem['by'])) || t('history.system');

export function PinButton({ item, on, pin }: { item: TimelineItem; on: boolean; pin: ReturnType<typeof usePinning> }) {
  const [busy, setBusy] = useState(false);
  const act = async () => { setBusy(true); await pin(item, !on); setBusy(false); };
  if (!canPin(item)) return null;
  return <IconButton small icon={on ? PinOff : Pin} label={t(on ? 'pin.unpin' : 'pin.pin')} disabled={busy} onClick={() => void act()} />;
}

function PastPins({ object, id }: { object: ObjectMeta; id: string }) {
  const { byName } = useCatalogue();
  const query = useQuery({ queryKey: ['pins', object.plural, id], queryFn: ({ signal }) => get<{ items: TimelineItem[] }>(`/${object.plural}/${id}/pins`, {}, signal) });
  const off = query.data?.items.filter((i) => i.pinned?.off) ?? [];
  const kindOf = (i: TimelineItem) => { const o = byName.get(i.kind); return i.kind === CHANGE || !o ? t('timeline.changes') : objectLabel(o); };
  if (query.isPending) return null;
  if (!off.length) return <p className="muted pins-past">{t('pin.past_none')}</p>;
  return (
    <ul className="pins-past" aria-label={t('pin.past_title')}>
      {off.map((i) => (
        <li key={`${entryKey(i)} ${i.pinned?.at}`}>
          <div className="cut">{[kindOf(i), i.text || i.title].filter((w, at, all) => w && w !== all[at - 1]).join(' · ')}</div>
          <div className="cap muted">{t('pin.by', { name: nameOf(i.pinned?.at_by), when: formatInstant(i.pinned?.at ?? '') })} · {t('pin.off_by', { name: nameOf(i.pinned?.off_by), when: formatInstant(i.pinned?.off ?? '') })}</div>
        </li>
      ))}
    </ul>
  );
}

export function Pins({ object, id, may, items, entry }: Props) {
  const pin = usePinning(object, id);
  if (!items.length) return null;
  return (
    <section className="pins" aria-label={t('pin.title')}>
      <div className="row day">
        <Pin size={12} strokeWidth={1.75} aria-hidden /><span className="grow">{t('pin.title')}</span>
        <Popover trigger="click" placement="bottomRight" destroyOnHidden title={t('pin.past_title')} content={<PastPins object={object} id={id} />}><span><IconButton small icon={History} label={t('pin.past')} /></span></Popover>
      </div>
      {items.map((i) => (
        <div className="pinned" key={entryKey(i)}>
          {entry(i, may && <PinButton item={i} on pin={pin} />)}
          <div className="cap muted" title={fullInstant(i.pinned?.at ?? '')}>{t('pin.by', { name: nameOf(i.pinned?.at_by), when: formatInstant(i.pinned?.at ?? '') })}</div>
        </div>
      ))}
    </section>
  );
}
