// 大屏: the figures over the whole screen, always dark and large; wins are told as they come. Esc or the button leads back.
import { Maximize, PartyPopper, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Avatar } from '@/components/avatar';
import { IconButton } from '@/components/icon-button';
import { linkOf, linkTitle } from '@/fields/link/link';
import { formatDay, fullDay, timeOf, today } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';
import { useSignedIn } from '@/lib/me';
import type { MoneyValue, Rec } from '@/lib/types';
import { countOf, sumOf } from '../home/api';
import { stagesOf } from '../home/pipeline';
import type { FiguresAnswer } from './figures-api';
import { currencyOf, total } from './figures-page';
import { money } from './parts';
import { monthsOf } from './series';

const NEWS_MS = 15_000;

/** The win that was not there before, for a while. */
function useNews(wins: Rec[]): Rec | null {
  const known = useRef<Set<string> | null>(null);
  const [news, setNews] = useState<Rec | null>(null);
  useEffect(() => {
    const before = known.current;
    known.current = new Set(wins.map((w) => w.id));
    const fresh = before && wins.find((w) => !before.has(w.id));
    if (fresh) setNews(fresh);
  }, [wins]);
  useEffect(() => {
    if (!news) return;
    const timer = setTimeout(() => setNews(null), NEWS_MS);
    return () => clearTimeout(timer);
  }, [news]);
  return news;
}

function useClock(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => { const timer = setInterval(() => setNow(Date.now()), 20_000); return () => clearInterval(timer); }, []);
  return now;
}

function News({ win, currency }: { win: Rec; currency: string }) {
  const amount = win.amount as MoneyValue | null;
  return <div className="w-news" role="status"><PartyPopper size={40} strokeWidth={1.5} aria-hidden /><div className="grow"><b>{t('figures.news', { who: linkTitle(linkOf(win.owner)), name: String(win.name ?? '') })}</b><div>{linkTitle(linkOf(win.account))}</div></div><strong>{amount ? money(Number(amount.value), amount.currency || currency) : ''}</strong></div>;
}

function Keys({ answer }: { answer: FiguresAnswer }) {
  const { cards } = answer;
  const currency = currencyOf(answer);
  const keys = [
    cards.won && { key: 'won', value: money(total(cards.won, 'amount'), currency), note: t('figures.deals_n', { n: countOf(cards.won) }) },
    cards.funnel && { key: 'open', value: money(total(cards.funnel, 'amount'), currency), note: t('figures.deals_n', { n: countOf(cards.funnel) }) },
    cards.customers && { key: 'customers', value: formatNumber(countOf(cards.customers)), note: '' },
    cards.followups && { key: 'followups', value: formatNumber(countOf(cards.followups)), note: '' },
  ].filter((k) => !!k);
  return <div className="w-keys">{keys.map((k) => <div key={k.key}><span>{t(`figures.key.${k.key}`)}</span><strong>{k.value}</strong><em>{k.note}</em></div>)}</div>;
}

export default function Wall({ answer, onClose }: { answer: FiguresAnswer; onClose: () => void }) {
  const { organisation } = useSignedIn();
  const root = useRef<HTMLDivElement>(null);
  const now = useClock();
  const { cards } = answer;
  const currency = currencyOf(answer);
  const wins = cards.wins?.list?.items ?? [];
  const news = useNews(wins);
  const stages = stagesOf(cards.funnel?.aggregate?.rows ?? []);
  const most = Math.max(1, ...stages.map((s) => s.count));
  const months = monthsOf(cards.won_months?.aggregate?.rows ?? [], 'closed_on', 12, 'amount');
  const highest = Math.max(1, ...months.map((m) => m.value));
  const ranks = (cards.ranking?.aggregate?.rows ?? []).slice(0, 8);
  useEffect(() => {
    root.current?.focus();
    const key = (e: KeyboardEvent) => { if (e.key === 'Escape' && !document.fullscreenElement) onClose(); };
    window.addEventListener('keydown', key);
    return () => { window.removeEventListener('keydown', key); if (document.fullscreenElement) void document.exitFullscreen(); };
  }, [onClose]);
  return (
    <div className="wall" ref={root} tabIndex={-1} role="region" aria-label={t('figures.wall')}>
      <header><h1>{organisation.name}</h1><span>{t(`figures.this.${answer.period}`)}</span><span className="end">{fullDay(today(now))} <b>{timeOf(now)}</b></span><IconButton icon={Maximize} size={20} label={t('figures.full')} onClick={() => void root.current?.requestFullscreen?.().catch(() => {})} /><IconButton icon={X} size={20} label={t('figures.leave')} onClick={onClose} /></header>
      {news ? <News win={news} currency={currency} /> : null}
      <Keys answer={answer} />
      <div className="w-body">
        <section><h2>{t('figures.ranking')}</h2>{ranks.map((row, i) => { const who = linkOf(row.owner); return <div key={who?.id ?? i} className="w-rank"><b>{i + 1}</b><Avatar name={linkTitle(who) || '–'} seed={who?.id} size={32} /><span className="cut">{linkTitle(who) || t('figures.nobody')}</span><strong>{money(Number(sumOf(row, 'amount')?.value ?? 0), currency)}</strong></div>; })}{!ranks.length && <p>{t('figures.no_wins')}</p>}</section>
        <section><h2>{t('figures.funnel')}</h2>{stages.map((s) => <div key={s.code} className="w-stage"><span className="cut">{s.name}</span><span className="w-bar"><i style={{ width: `${(s.count / most) * 100}%` }} /></span><strong>{formatNumber(s.count)}</strong></div>)}
          <h2>{t('figures.won_months')}</h2><div className="w-months" role="img" aria-label={t('figures.most', { value: money(highest, currency), when: '' })}>{months.map((m) => <i key={m.key} style={{ height: `${Math.max(1, (m.value / highest) * 100)}%` }} />)}</div><div className="w-ends"><span>{months[0]?.key}</span><span>{months.at(-1)?.key}</span></div></section>
        <section><h2>{t('figures.wins')}</h2>{wins.map((w) => { const amount = w.amount as MoneyValue | null; return <div key={w.id} className="w-win"><span className="grow cut">{linkTitle(linkOf(w.owner))} · {linkTitle(linkOf(w.account)) || String(w.name ?? '')}</span><em>{formatDay(String(w.closed_on ?? ''))}</em><strong>{amount ? money(Number(amount.value), amount.currency || currency) : ''}</strong></div>; })}</section>
      </div>
    </div>
  );
}
