// Who won most this month: only where one sees the work of several.
import { Link } from 'react-router';
import { Avatar } from '@/components/avatar';
import { linkOf, linkTitle } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import { formatNumber, formatSum } from '@/lib/numbers';
import { sumOf, type HomeAnswer } from './api';
import { useListUrl } from './links';

export function Ranking({ home }: { home: HomeAnswer }) {
  const url = useListUrl();
  const card = home.cards.ranking;
  const rows = (card?.aggregate?.rows ?? []).map((row) => ({ row, who: linkOf(row.owner), sum: sumOf(row, 'amount') }));
  if (!card || rows.length < 2) return null;
  const most = Math.max(1, ...rows.map(({ sum }) => Number(sum?.value ?? 0)));
  return (
    <section className="card c5" aria-label={t('home.ranking')}>
      <header><h3>{t('home.ranking')}</h3></header>
      <div className="body">
        {rows.map(({ row, who, sum }, i) => (
          <Link key={who?.id ?? i} className="pipe rank" to={url(card, who ? `owner = ${JSON.stringify(who.id)}` : 'owner is null')}>
            <span className="person"><Avatar name={linkTitle(who) || '–'} seed={who?.id} /><span className="cut ink">{linkTitle(who) || t('home.nobody')}</span></span>
            <span className="pbar"><i style={{ width: `${(Number(sum?.value ?? 0) / most) * 100}%` }} /></span><span className="num muted">{formatNumber(row.count ?? 0)}</span><span className="num ink">{sum ? formatSum(sum) : '–'}</span>
          </Link>
        ))}
      </div>
    </section>
  );
}
