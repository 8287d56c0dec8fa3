// Key figures: this month beside the same days of the last; each opens the list that it counts.
import { Link } from 'react-router';
import { t } from '@/lib/i18n';
import { formatNumber, formatSum } from '@/lib/numbers';
import { countOf, sumOf, type Card, type HomeAnswer } from './api';
import { useListUrl } from './links';

/** ¥143.0万 → ¥143.0 and 万: the unit stands small beside the number. */
export const splitUnit = (text: string): [string, string] => { const found = /^(.*\d)(\p{Script=Han}+)$/u.exec(text); return found ? [found[1]!, found[2]!] : [text, '']; };

interface Figure { key: string; card: Card; value: string; unit: string; note: string; better: boolean }

const money = (card: Card | undefined, field: string) => { const sum = sumOf(card?.aggregate?.total, field); return sum ? formatSum(sum) : formatNumber('0'); };
const amount = (card: Card | undefined, field: string) => Number(sumOf(card?.aggregate?.total, field)?.value ?? 0);

function figuresOf({ cards }: HomeAnswer): Figure[] {
  const found: (Figure | undefined)[] = [
    cards.won && { key: 'won', card: cards.won, value: money(cards.won, 'amount'), unit: '', note: `${t('home.deals', { n: countOf(cards.won) })} · ${t('home.before', { value: money(cards.won_before, 'amount') })}`, better: amount(cards.won, 'amount') > amount(cards.won_before, 'amount') },
    cards.pipeline && { key: 'open', card: cards.pipeline, value: formatNumber(countOf(cards.pipeline)), unit: t('home.unit.deals'), note: t('home.weighted', { value: money(cards.pipeline, 'weighted_amount') }), better: false },
    ...(['customers', 'followups'] as const).map((key): Figure | undefined => cards[key] && { key, card: cards[key], value: formatNumber(countOf(cards[key])), unit: t(`home.unit.${key}`), note: t('home.before', { value: formatNumber(countOf(cards[`${key}_before`])) }), better: countOf(cards[key]) > countOf(cards[`${key}_before`]) }),
    cards.orders && { key: 'orders', card: cards.orders, value: money(cards.orders, 'total'), unit: '', note: t('home.before', { value: money(cards.orders_before, 'total') }), better: amount(cards.orders, 'total') > amount(cards.orders_before, 'total') },
  ];
  return found.filter((f) => f !== undefined);
}

export function Figures({ home }: { home: HomeAnswer }) {
  const url = useListUrl();
  const figures = figuresOf(home);
  if (!figures.length) return null;
  return (
    <section className="card c12 kpis" aria-label={t('home.figures')}>
      {figures.map((f) => (
        <Link key={f.key} to={url(f.card)}>
          <span className="cap muted">{t(`home.figure.${f.key}`)}</span>
          <span className="fig">{splitUnit(f.value)[0]}<small>{splitUnit(f.value)[1]}{f.unit}</small></span>
          <span className={`cap ${f.better ? 'good' : 'soft'}`}>{f.note}</span>
        </Link>
      ))}
    </section>
  );
}
