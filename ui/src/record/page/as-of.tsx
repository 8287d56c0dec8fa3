// Time travel: the day in the URL as which lists and records are shown, and the bar that says so.
import { Button, Popover } from 'antd';
import dayjs from 'dayjs';
import { CalendarClock } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useSearchParams } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { formatDay, fullInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import type { FieldMeta, ObjectMeta } from '@/lib/types';

// The calendar is a good part of the whole client and comes when it is opened.
const AsOfDay = lazy(() => import('./as-of-day'));

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text);

export function useAsOf() {
  const [params, setParams] = useSearchParams();
  const asOf = params.get('as_of') ?? '';
  const setAsOf = (next: string | null) => setParams((old) => {
    const changed = new URLSearchParams(old);
    if (next) changed.set('as_of', next); else changed.delete('as_of');
    return changed;
  });
  return { asOf, setAsOf };
}

/** A field whose type was changed since shows what it held then in the type it had then; sums are of the present one. */
const fieldThen = (field: FieldMeta, asOf: string): FieldMeta => {
  const at = isDay(asOf) ? dayjs(asOf).endOf('day').valueOf() : Date.parse(asOf);
  const then = field.former?.find((f) => at < Date.parse(f.until));
  return then ? { ...field, type: then.type, summable: false } : field;
};

/** The past is looked at, not written: the same object without the rights to change it. */
export const inThePast = (object: ObjectMeta, asOf: string): ObjectMeta =>
  (asOf ? { ...object, past: true, verbs: [], fields: object.fields.map((f) => fieldThen(f, asOf)), rights: { read: 'all', ...object.rights, create: false, update: 'none', delete: 'none', import: false, bulk: 'none' } as ObjectMeta['rights'] } : object);

export function AsOfPicker() {
  const { asOf, setAsOf } = useAsOf();
  const [open, setOpen] = useState(false);
  const pick = (day: string | null) => { setOpen(false); setAsOf(day); };
  const content = <Suspense fallback={<div className="asofwait" aria-hidden />}><AsOfDay asOf={asOf} pick={pick} /></Suspense>;
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" arrow={false} title={t('past.choose')} content={content}>
      <span><IconButton icon={CalendarClock} size={18} label={t('past.choose')} onClick={() => setOpen(true)} /></span>
    </Popover>
  );
}

export function AsOfBar() {
  const { asOf, setAsOf } = useAsOf();
  if (!asOf) return null;
  return (
    <div className="banner" role="status">
      <CalendarClock size={16} strokeWidth={1.75} aria-hidden />
      <div className="grow">{t('past.shown', { when: isDay(asOf) ? formatDay(asOf) : fullInstant(asOf) })}</div>
      <Button size="small" onClick={() => setAsOf(null)}>{t('past.now')}</Button>
    </div>
  );
}
