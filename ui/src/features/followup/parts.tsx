// The pieces of the follow-up box: method, contact and deal of the customer, result, next date, files.
import { useQuery } from '@tanstack/react-query';
import { DatePicker, Input, Popover, Select } from 'antd';
import dayjs from 'dayjs';
import { CalendarClock, Ellipsis, Mail, MapPin, MessageCircle, MessageSquareText, Phone, Presentation, Users, X, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { get } from '@/lib/api';
import { formatInstant } from '@/lib/dates';
import { label, t } from '@/lib/i18n';
import { titleField } from '@/lib/meta';
import { region } from '@/lib/region';
import type { FieldMeta, LinkValue, ObjectMeta, Page } from '@/lib/types';
import type { Entry } from './draft';
import type { Change } from './use-entry';
import { nextDates } from './next-dates';

const ICONS: Record<string, LucideIcon> = { phone: Phone, wechat: MessageCircle, visit: MapPin, meeting: Users, demo: Presentation, email: Mail };
const FIRST = ['phone', 'wechat', 'visit', 'meeting', 'demo'];

export function Methods({ field, value, onChange }: { field: FieldMeta; value: string; onChange: (method: string) => void }) {
  const all = (field.choices ?? []).filter((c) => !c.retired);
  const first = all.filter((c) => FIRST.includes(c.value));
  const shown = first.some((c) => c.value === value) ? first : [...first.slice(0, 4), ...all.filter((c) => c.value === value)];
  const rest = all.filter((c) => !shown.includes(c));
  return (
    <div className="fu-methods" role="radiogroup" aria-label={t('followup.method')}>
      {shown.map((c) => { const Icon = ICONS[c.value] ?? MessageSquareText; return <button key={c.value} type="button" role="radio" aria-checked={c.value === value} className={c.value === value ? 'on' : ''} onClick={() => onChange(c.value)}><Icon size={14} strokeWidth={1.75} aria-hidden />{label(c.label, c.value)}</button>; })}
      {rest.length > 0 && <Select size="small" variant="borderless" className="fu-more" value={null} placeholder={<Ellipsis size={14} strokeWidth={1.75} aria-hidden />} popupMatchSelectWidth={false} aria-label={t('followup.more_methods')} options={rest.map((c) => ({ value: c.value, label: label(c.label, c.value) }))} onChange={(v: string | null) => v && onChange(v)} />}
    </div>
  );
}

/** A record of the customer (a contact, an open deal), asked for when the menu opens. */
export function OfAccount({ object, filter, words, value, onChange }: { object: ObjectMeta; filter: string; words: string; value: LinkValue | null; onChange: (link: LinkValue | null) => void }) {
  const [open, setOpen] = useState(false);
  const { plural } = object;
  const title = titleField(object);
  const query = useQuery({ queryKey: ['candidates', plural, filter, 'followup'], queryFn: ({ signal }) => get<Page>(`/${plural}`, { filter, fields: title, sort: '-id', limit: 50, count: 'none' }, signal), enabled: open, staleTime: 30_000 });
  const found: LinkValue[] = (query.data?.items ?? []).map((r) => ({ id: r.id, title: String(r[title] ?? '') }));
  const known = value && !found.some((f) => f.id === value.id) ? [value, ...found] : found;
  return (
    <Select size="small" className="fu-pick" value={value?.id ?? null} placeholder={words} aria-label={words} allowClear loading={query.isFetching} onOpenChange={setOpen} popupMatchSelectWidth={false} showSearch={{ optionFilterProp: 'label' }}
      options={known.map((f) => ({ value: f.id, label: f.title ?? '' }))} onChange={(id: string | null | undefined) => onChange(known.find((f) => f.id === id) ?? null)} notFoundContent={<span className="muted cap">{t(query.isFetching ? 'state.searching' : 'link.none')}</span>} />
  );
}

export function Result({ field, value, onChange }: { field: FieldMeta; value: string | null; onChange: (result: string | null) => void }) {
  return <Select size="small" className="fu-pick" value={value} placeholder={t('followup.result')} aria-label={t('followup.result')} allowClear popupMatchSelectWidth={false} options={(field.choices ?? []).filter((c) => !c.retired).map((c) => ({ value: c.value, label: label(c.label, c.value) }))} onChange={(v: string | undefined) => onChange(v ?? null)} />;
}

function NextForm({ entry, change, close }: { entry: Entry; change: Change; close: () => void }) {
  const zone = region().timeZone;
  return (
    <div className="fu-next">
      <div className="row wrap">{nextDates().map((d) => <button key={d.key} type="button" className={entry.next_at === d.at ? 'pill on' : 'pill'} onClick={() => change({ next_at: d.at })}>{t(`followup.next.${d.key}`)}</button>)}</div>
      <DatePicker showTime={{ format: 'HH:mm', minuteStep: 15 }} format="YYYY-MM-DD HH:mm" value={entry.next_at ? dayjs(entry.next_at).tz(zone) : null} aria-label={t('followup.next')}
        onChange={(d) => change({ next_at: d ? dayjs.tz(d.format('YYYY-MM-DDTHH:mm:ss'), zone).toISOString() : null })} />
      <Input value={entry.next_plan} maxLength={200} placeholder={t('followup.plan_hint')} aria-label={t('followup.plan')} onChange={(e) => change({ next_plan: e.target.value })} onPressEnter={(e) => { e.stopPropagation(); close(); }} />
    </div>
  );
}

export function Next({ entry, change }: { entry: Entry; change: Change }) {
  const [open, setOpen] = useState(false);
  return (
    <span className="row gap4">
      <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomLeft" arrow={false} title={t('followup.next')} content={<NextForm entry={entry} change={change} close={() => setOpen(false)} />}>
        <button type="button" className={entry.next_at ? 'fu-when on' : 'fu-when'}><CalendarClock size={14} strokeWidth={1.75} aria-hidden />{entry.next_at ? formatInstant(entry.next_at) : t('followup.next')}{entry.next_at && entry.next_plan && <span className="cut soft">{entry.next_plan}</span>}</button>
      </Popover>
      {entry.next_at && <IconButton small icon={X} label={t('followup.no_next')} onClick={() => change({ next_at: null, next_plan: '' })} />}
    </span>
  );
}
