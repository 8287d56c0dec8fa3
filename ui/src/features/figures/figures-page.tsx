// 数据: funnel, pipeline by person and month, new customers, follow-ups, ranking, who buys how much. As wall mode the same, dark, large, by itself.
import '@/lib/figures-words';
import '@/styles/figures.css';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { MonitorUp } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Link, useSearchParams } from 'react-router';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState } from '@/components/state';
import { t } from '@/lib/i18n';
import { mayRead, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import { region } from '@/lib/region';
import { useLive } from '@/lib/use-live';
import { useShell } from '@/record/page/shell-context';
import { TopBar } from '@/record/page/top-bar';
import { useTitle } from '@/record/page/use-title';
import { countOf, sumOf, type Card, type HomeScope } from '../home/api';
import { useListUrl } from '../home/links';
import { useScope, setScope } from '../home/use-home';
import { figuresKey, PERIODS, useFigures, type FiguresAnswer, type Period } from './figures-api';
import { Columns, Funnel, money, Panel, Pareto, PeopleMonths, Ranks, Rfm } from './parts';
import { daysOfRows, monthsOf } from './series';

const Wall = lazy(() => import('./wall'));
const WATCHED = ['opportunity', 'account', 'followup', 'order'];
const CALM_MS = 5000;

export const total = (card: Card | undefined, field: string): number => Number(sumOf(card?.aggregate?.total, field)?.value ?? 0);
export const currencyOf = ({ cards }: FiguresAnswer): string => sumOf(cards.won?.aggregate?.total, 'amount')?.currency ?? region().currency;

/** Reads again when something in it changes, at most every few seconds. */
function useFiguresLive() {
  const client = useQueryClient();
  const { byName } = useCatalogue();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(WATCHED.map((n) => byName.get(n)).filter((o) => !!o && mayRead(o)).map((o) => o!.plural), () => {
    timer.current ??= setTimeout(() => { timer.current = undefined; void client.invalidateQueries({ queryKey: figuresKey }); }, CALM_MS);
  });
}

function Keys({ answer }: { answer: FiguresAnswer }) {
  const url = useListUrl();
  const { cards } = answer;
  const currency = currencyOf(answer);
  const all = [
    cards.won && { key: 'won', card: cards.won, value: money(total(cards.won, 'amount'), currency), note: t('figures.deals_n', { n: countOf(cards.won) }) },
    cards.won && cards.lost && { key: 'rate', card: cards.lost, value: countOf(cards.won) + countOf(cards.lost) ? `${Math.round((countOf(cards.won) / (countOf(cards.won) + countOf(cards.lost))) * 100)}%` : '–', note: t('figures.lost_n', { n: countOf(cards.lost) }) },
    cards.funnel && { key: 'open', card: cards.funnel, value: money(total(cards.funnel, 'amount'), currency), note: t('figures.deals_n', { n: countOf(cards.funnel) }) },
    cards.customers && { key: 'customers', card: cards.customers, value: formatNumber(countOf(cards.customers)), note: '' },
    cards.followups && { key: 'followups', card: cards.followups, value: formatNumber(countOf(cards.followups)), note: '' },
    cards.orders && { key: 'orders', card: cards.orders, value: money(total(cards.orders, 'total'), currency), note: t('figures.orders_n', { n: countOf(cards.orders) }) },
  ].filter((k) => !!k);
  return <section className="card c12 kpis" aria-label={t('figures.keys')}>{all.map((k) => <Link key={k.key} to={url(k.card)}><span className="cap muted">{t(`figures.key.${k.key}`)}</span><span className="fig">{k.value}</span><span className="cap soft">{k.note}</span></Link>)}</section>;
}

function Body({ answer }: { answer: FiguresAnswer }) {
  const { phone } = useShell();
  const { cards, buyers } = answer;
  const currency = currencyOf(answer);
  const rows = (card: Card) => card.aggregate?.rows ?? [];
  return (
    <div className="grid12">
      <Keys answer={answer} />
      {cards.funnel && <Panel title={t('figures.funnel')} note={t('figures.conversion')}><Funnel card={cards.funnel} currency={currency} /></Panel>}
      {cards.expected && <Panel wide title={t('figures.expected')}><PeopleMonths card={cards.expected} currency={currency} /></Panel>}
      {cards.won_months && <Panel title={t('figures.won_months')}><Columns points={monthsOf(rows(cards.won_months), 'closed_on', 12, 'amount')} card={cards.won_months} field="closed_on" unit="month" currency={currency} label={t('figures.won_months')} /></Panel>}
      {cards.customer_months && <Panel title={t('figures.customer_months')}><Columns points={monthsOf(rows(cards.customer_months), 'created_at', 12)} card={cards.customer_months} field="created_at" unit="month" label={t('figures.customer_months')} /></Panel>}
      {cards.ranking && <Panel title={t('figures.ranking')} note={t(`figures.this.${answer.period}`)}><Ranks card={cards.ranking} measure="amount" currency={currency} /></Panel>}
      {cards.followup_days && <Panel wide title={t('figures.followup_days')}><Columns points={daysOfRows(rows(cards.followup_days), 'occurred_at', phone ? 10 : 30)} card={cards.followup_days} field="occurred_at" unit="day" label={t('figures.followup_days')} /></Panel>}
      {cards.followup_people && <Panel title={t('figures.followup_people')} note={t(`figures.this.${answer.period}`)}><Ranks card={cards.followup_people} currency={currency} /></Panel>}
      {buyers && <Panel title={t('figures.pareto_title')}><Pareto buyers={buyers} currency={currency} /></Panel>}
      {buyers && <Panel wide title={t('figures.rfm')}><Rfm buyers={buyers} currency={currency} /></Panel>}
    </div>
  );
}

const SCOPES: HomeScope[] = ['mine', 'all'];

export default function FiguresPage() {
  const { phone } = useShell();
  const [params, setParams] = useSearchParams();
  const scope = useScope();
  const asked = params.get('period') as Period | null;
  const period = asked && PERIODS.includes(asked) ? asked : 'month';
  const put = (name: string, value: string | null) => setParams((old) => { const next = new URLSearchParams(old); if (value) next.set(name, value); else next.delete(name); return next; }, { replace: true });
  const query = useFigures(scope, period);
  useFiguresLive();
  useTitle(t('figures.title'));
  if (params.get('wall') && query.data) return <Suspense><Wall answer={query.data} onClose={() => put('wall', null)} /></Suspense>;
  const wall = <Button icon={<MonitorUp size={16} strokeWidth={1.75} />} onClick={() => put('wall', '1')}>{t('figures.wall')}</Button>;
  const choice = <T extends string>(all: readonly T[], now: T, words: (one: T) => string, label: string, pick: (one: T) => void) => <span className="scope" role="group" aria-label={label}>{all.map((x) => <button key={x} type="button" aria-pressed={x === now} className={x === now ? 'on' : ''} onClick={() => pick(x)}>{words(x)}</button>)}</span>;
  return (
    <>
      <TopBar title={t('figures.title')}>{wall}</TopBar>
      <div className="home figures">
        <div className="home-head"><span className="row gap12 wrap">{choice(PERIODS, period, (p) => t(`figures.this.${p}`), t('figures.period'), (p) => put('period', p === 'month' ? null : p))}{choice(SCOPES, scope, (s) => t(`figures.scope.${s}`), t('figures.scope'), setScope)}</span>{phone && wall}</div>
        {query.isError && !query.data && <ErrorState error={query.error} title={t('figures.failed')} onRetry={() => void query.refetch()} />}
        {query.isPending && <BlockSkeleton lines={10} />}
        {query.data && <Body answer={query.data} />}
      </div>
    </>
  );
}
