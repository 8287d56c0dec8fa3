// What the page draws: each mark leads to its records.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Avatar } from '@/components/avatar';
import { linkOf, linkTitle } from '@/fields/link/link';
import { formatDay } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { formatNumber, formatPercent, formatSum } from '@/lib/numbers';
import { useCatalogue } from '@/lib/meta';
import { dayAfter, monthAfter } from '@/record/kinds/days';
import { sumOf, type Card } from '../home/api';
import { listUrl, useListUrl } from '../home/links';
import { stagesOf } from '../home/pipeline';
import type { Buyers } from './figures-api';
import { peopleByMonth, segmentOf, type Point } from './series';

const quoted = (id: string): string => JSON.stringify(id);
export const money = (n: number, currency: string) => formatSum({ value: n.toFixed(2), currency });

export function Panel({ title, note, wide, children }: { title: string; note?: ReactNode; wide?: boolean; children: ReactNode }) {
  return <section className={`card ${wide ? 'c8' : 'c4'} fg-card`} aria-label={title}><header><h3>{title}</h3>{note && <span className="extra cap muted">{note}</span>}</header><div className="body">{children}</div></section>;
}

export const None = () => <p className="muted">{t('figures.none')}</p>;

/** Centred bars of one hue; conversion to the stage before stands at the right. */
export function Funnel({ card, currency }: { card: Card; currency: string }) {
  const url = useListUrl();
  const stages = stagesOf(card.aggregate?.rows ?? []);
  const most = Math.max(1, ...stages.map((s) => s.count));
  if (!stages.length) return <None />;
  return (
    <div className="funnel">
      {stages.map((s, i) => (
        <Link key={s.code} to={url(card, `stage = ${quoted(s.code)}`)}>
          <span className="soft cut">{s.name}</span><span className="fbar"><i style={{ width: `${Math.max(6, (s.count / most) * 100)}%` }} /><b>{formatNumber(s.count)}</b></span>
          <span className="num">{money(s.sum, currency)}</span><span className="num muted cap">{i > 0 && stages[i - 1]!.count > 0 ? formatPercent(Math.round((s.count / stages[i - 1]!.count) * 100)) : ''}</span>
        </Link>
      ))}
    </div>
  );
}

/** Bars over months or days; each leads to the records of its time. */
export function Columns({ points, card, field, unit, currency, label }: { points: Point[]; card: Card; field: string; unit: 'month' | 'day'; currency?: string; label: string }) {
  const url = useListUrl();
  const most = Math.max(1, ...points.map((p) => p.value));
  const say = (n: number) => (currency ? money(n, currency) : formatNumber(n));
  const top = points.reduce((best, p) => (p.value > best.value ? p : best), points[0]!);
  const span = (key: string): [string, string] => (unit === 'month' ? [`${key}-01`, monthAfter(`${key}-01`, 1)] : [key, dayAfter(key, 1)]);
  return (
    <div className="fg-cols" role="group" aria-label={label}>
      <div className="fg-cols-top cap muted"><span>{t('figures.most', { value: say(top.value), when: unit === 'month' ? top.key : formatDay(top.key) })}</span></div>
      <div className="fg-cols-body" style={{ gridTemplateColumns: `repeat(${points.length}, minmax(0, 1fr))` }}>
        {points.map((p) => { const [from, to] = span(p.key); return <Link key={p.key} to={url(card, `${field} >= "${from}" and ${field} < "${to}"`)} title={`${p.key} ${say(p.value)}`} aria-label={`${p.key} ${say(p.value)}`}><i style={{ height: `${(p.value / most) * 100}%` }} /></Link>; })}
      </div>
      <div className="fg-cols-foot cap muted"><span>{points[0]?.key}</span><span>{points.at(-1)?.key}</span></div>
    </div>
  );
}

export function PeopleMonths({ card, currency }: { card: Card; currency: string }) {
  const url = useListUrl();
  const { months, people } = peopleByMonth(card.aggregate?.rows ?? [], 6);
  const most = Math.max(1, ...people.flatMap((p) => p.cells.map((c) => c.value)));
  if (!people.length) return <None />;
  return (
    <div className="grid-scroll" tabIndex={0} role="region" aria-label={t('figures.expected')}>
      <table className="plain fg-months"><thead><tr><th scope="col">{t('figures.person')}</th>{months.map((m) => <th key={m} scope="col" className="num">{m}</th>)}<th scope="col" className="num">{t('figures.sum')}</th></tr></thead>
        <tbody>{people.slice(0, 12).map((p) => {
          const own = p.who ? `owner = ${quoted(p.who.id)}` : 'owner is null';
          return (
            <tr key={p.who?.id ?? ''}><th scope="row"><span className="person"><Avatar name={linkTitle(p.who) || '–'} seed={p.who?.id} /><span className="cut">{linkTitle(p.who) || t('figures.nobody')}</span></span></th>
              {p.cells.map((c) => <td key={c.key} className="num">{c.count > 0 ? <Link to={url(card, `${own} and expected_close_on >= "${c.key}-01" and expected_close_on < "${monthAfter(`${c.key}-01`, 1)}"`)}><span className="heat" style={{ opacity: 0.15 + 0.85 * (c.value / most) }} aria-hidden />{money(c.value, currency)}</Link> : <span className="muted">–</span>}</td>)}
              <td className="num"><Link to={url(card, own)}><b>{money(p.total, currency)}</b></Link></td></tr>
          );
        })}</tbody></table>
    </div>
  );
}

export function Ranks({ card, measure, currency }: { card: Card; measure?: string; currency: string }) {
  const url = useListUrl();
  const rows = (card.aggregate?.rows ?? []).map((row) => ({ who: linkOf(row.owner), count: row.count ?? 0, sum: measure ? Number(sumOf(row, measure)?.value ?? 0) : row.count ?? 0 }));
  const most = Math.max(1, ...rows.map((r) => r.sum));
  if (!rows.length) return <None />;
  return (
    <ol className="ranks">
      {rows.map((r, i) => (
        <li key={r.who?.id ?? i}><Link to={url(card, r.who ? `owner = ${quoted(r.who.id)}` : 'owner is null')}>
          <span className="muted num">{i + 1}</span><span className="person"><Avatar name={linkTitle(r.who) || '–'} seed={r.who?.id} /><span className="cut ink">{linkTitle(r.who) || t('figures.nobody')}</span></span>
          <span className="bar"><i style={{ width: `${(r.sum / most) * 100}%` }} /></span><span className="num ink">{measure ? money(r.sum, currency) : formatNumber(r.sum)}</span>
        </Link></li>
      ))}
    </ol>
  );
}

const R = [5, 4, 3, 2, 1], F = [1, 2, 3, 4, 5];

export function Rfm({ buyers, currency }: { buyers: Buyers; currency: string }) {
  const plural = useCatalogue().byName.get('account')?.plural ?? '';
  const cells = new Map((buyers.rfm ?? []).map((c) => [`${c.r}${c.f}`, c]));
  if (!buyers.rfm) return <p className="muted">{t('figures.too_few')}</p>;
  return (
    <table className="rfm"><caption className="cap muted">{t('figures.rfm_note', { n: buyers.days })}</caption>
      <thead><tr><th scope="col"><span className="cap muted">{t('figures.recency')}</span></th>{F.map((f) => <th key={f} scope="col" className="cap muted">{`F${f}`}</th>)}</tr></thead>
      <tbody>{R.map((r) => <tr key={r}><th scope="row" className="cap muted">{`R${r}`}</th>{F.map((f) => {
        const c = cells.get(`${r}${f}`);
        const name = t(`figures.segment.${segmentOf(r, f)}`);
        return <td key={f} className={`s-${segmentOf(r, f)}`}>{c ? <Link to={listUrl(plural, c.filter)} title={`${name} · ${money(c.sum, currency)}`} aria-label={`R${r} F${f} ${name} ${formatNumber(c.count)}`}>{formatNumber(c.count)}</Link> : null}</td>;
      })}</tr>)}</tbody></table>
  );
}

export function Pareto({ buyers, currency }: { buyers: Buyers; currency: string }) {
  const plural = useCatalogue().byName.get('account')?.plural ?? '';
  const p = buyers.pareto;
  if (!p) return <None />;
  return (
    <div className="pareto">
      <p className="finding"><Link to={listUrl(plural, p.filter)}>{t('figures.pareto', { n: p.reach, all: formatNumber(buyers.n), share: formatPercent(Math.round((p.reach / Math.max(1, buyers.n)) * 100)) })}</Link></p>
      <svg viewBox="0 0 100 60" role="img" aria-label={t('figures.lorenz', { share: formatPercent(Math.round(p.top_fifth * 100)) })} preserveAspectRatio="none">
        <line x1={0} y1={60} x2={100} y2={0} /><polyline points={p.lorenz.map((y, i) => `${i * 10},${60 - y * 60}`).join(' ')} />
      </svg>
      <p className="cap muted">{t('figures.lorenz', { share: formatPercent(Math.round(p.top_fifth * 100)) })}</p>
      <ol className="ranks">{buyers.top.slice(0, 5).map((row, i) => { const who = linkOf(row.account); return <li key={who?.id ?? i}><Link to={who ? `/${plural}/${who.id}` : '#'}><span className="muted num">{i + 1}</span><span className="cut ink">{linkTitle(who)}</span><span className="muted cap nw">{t('figures.orders_n', { n: row.count ?? 0 })}</span><span className="num ink">{money(Number(sumOf(row, 'total')?.value ?? 0), currency)}</span></Link></li>; })}</ol>
      {buyers.cut && <p className="cap warn">{t('figures.buyers_cut', { n: buyers.n })}</p>}
    </div>
  );
}
