// 谁写了什么: the follow-ups of a day over all customers, by person.
import '@/lib/followup-words';
import '@/styles/followup.css';
import { Button, DatePicker } from 'antd';
import dayjs from 'dayjs';
import { ChevronLeft, ChevronRight, MessageSquareText } from 'lucide-react';
import { Link, useSearchParams } from 'react-router';
import { Avatar } from '@/components/avatar';
import { IconButton } from '@/components/icon-button';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, NoRightState, PageState } from '@/components/state';
import { FieldDisplay } from '@/fields/field-display';
import { linkTitle } from '@/fields/link/link';
import { htmlText } from '@/fields/rich_text/html';
import { formatDay, formatInstant, timeOf, today, weekday } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { fieldOf, mayRead, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { ObjectMeta, Rec } from '@/lib/types';
import { TopBar } from '@/record/page/top-bar';
import { useTitle } from '@/record/page/use-title';
import { byPerson, useDay } from './day-api';

const shift = (day: string, days: number): string => dayjs(day).add(days, 'day').format('YYYY-MM-DD');

function One({ object, record }: { object: ObjectMeta; record: Rec }) {
  const show = (name: string) => { const f = fieldOf(object, name); return f && record[name] ? <FieldDisplay field={f} value={record[name]} /> : null; };
  return (
    <article className="fday-one">
      <Link className="muted nw" to={`/${object.plural}/${record.id}`}>{timeOf(String(record.occurred_at))}</Link>
      <div className="grow">
        <div className="hd">{show('about')}{show('contact')}<span className="soft">{show('method')}</span>{record.result ? <span className="chip">{show('result')}</span> : null}</div>
        <div className="tx">{htmlText(String(record.content ?? ''))}</div>
        {(Array.isArray(record.photos) && record.photos.length > 0) || (Array.isArray(record.attachments) && record.attachments.length > 0) ? <div className="row wrap">{show('photos')}{show('attachments')}</div> : null}
        {record.next_at ? <div className="cap muted">{t('followup.day_next', { at: formatInstant(String(record.next_at)), plan: String(record.next_plan ?? '') })}</div> : null}
      </div>
    </article>
  );
}

function Day({ object }: { object: ObjectMeta }) {
  const [params, setParams] = useSearchParams();
  const day = /^\d{4}-\d\d-\d\d$/.test(params.get('day') ?? '') ? params.get('day')! : today();
  const owner = params.get('owner');
  const { list, records, counts } = useDay(object, day, owner);
  const go = (values: Record<string, string | null>) => setParams((old) => { const next = new URLSearchParams(old); for (const [k, v] of Object.entries(values)) if (v) next.set(k, v); else next.delete(k); return next; }, { replace: true });
  const toDay = (next: string) => go({ day: next === today() ? null : next, owner: null });
  const groups = byPerson(records, counts);
  return (
    <div className="fday">
      <div className="fday-head">
        <IconButton icon={ChevronLeft} label={t('followup.day_before')} onClick={() => toDay(shift(day, -1))} />
        <DatePicker value={dayjs(day)} allowClear={false} aria-label={t('followup.day')} onChange={(d) => { if (d) toDay(d.format('YYYY-MM-DD')); }} disabledDate={(d) => d.format('YYYY-MM-DD') > today()} />
        <IconButton icon={ChevronRight} label={t('followup.day_after')} disabled={day >= today()} onClick={() => toDay(shift(day, 1))} />
        <b>{formatDay(day)}</b><span className="muted">{weekday(day)}</span><span className="end soft">{t('followup.day_count', { n: counts.reduce((n, c) => n + c.count, 0) })}</span>
      </div>
      {counts.length > 1 && <div className="fday-who" role="group" aria-label={t('followup.day_people')}>{counts.map(({ who, count }) => <button key={who?.id ?? ''} type="button" aria-pressed={owner === who?.id} className={owner === who?.id ? 'pill on' : 'pill'} onClick={() => go({ owner: owner === who?.id ? null : who?.id ?? null })}>{linkTitle(who)} {formatNumber(count)}</button>)}</div>}
      {list.isError && !records.length && <ErrorState error={list.error} title={t('followup.day_failed')} onRetry={() => void list.refetch()} />}
      {list.isPending && <BlockSkeleton lines={8} />}
      {list.isSuccess && !records.length && <PageState icon={MessageSquareText} title={t('followup.day_none', { day: formatDay(day) })} text={t('followup.day_none_text')} />}
      {groups.map(({ person, records: own }) => (
        <section key={person.who?.id ?? ''} className="card fday-person" aria-label={linkTitle(person.who)}>
          <header><Avatar name={linkTitle(person.who) || '–'} seed={person.who?.id} size={24} /><h3>{linkTitle(person.who)}</h3><span className="extra">{t('followup.day_count', { n: person.count })}</span></header>
          {own.map((r) => <One key={r.id} object={object} record={r} />)}
        </section>
      ))}
      {list.hasNextPage && <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('timeline.older')}</Button>}
    </div>
  );
}

export default function FollowupDayPage() {
  const object = useCatalogue().byName.get('followup');
  useTitle(t('followup.day_title'));
  return <><TopBar title={t('followup.day_title')} />{object && mayRead(object) ? <Day object={object} /> : <div className="sheet"><NoRightState /></div>}</>;
}
