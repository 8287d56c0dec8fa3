// Open deals by stage: count, sum, and a bar against the largest; pipelines share the stages of one code.
import { Link } from 'react-router';
import { linkOf, linkTitle } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import { formatNumber, formatSum } from '@/lib/numbers';
import type { AggregateRow } from '@/lib/types';
import { sumOf, type HomeAnswer } from './api';
import { useListUrl } from './links';

interface StageSum { code: string; name: string; count: number; sum: number; currency: string }

export function stagesOf(rows: AggregateRow[]): StageSum[] {
  const found = new Map<string, StageSum>();
  for (const row of rows) {
    const stage = linkOf(row.stage);
    if (!stage) continue;
    const code = stage.code ?? stage.id;
    const sum = sumOf(row, 'amount');
    const known = found.get(code) ?? { code, name: linkTitle(stage), count: 0, sum: 0, currency: sum?.currency ?? 'CNY' };
    known.count += row.count ?? 0;
    known.sum += Number(sum?.value ?? 0);
    found.set(code, known);
  }
  return [...found.values()];
}

const told = (value: number, currency: string) => formatSum({ value: String(value), currency });

export function Pipeline({ home }: { home: HomeAnswer }) {
  const url = useListUrl();
  const card = home.cards.pipeline;
  const stages = stagesOf(card?.aggregate?.rows ?? []);
  if (!card) return null;
  const most = Math.max(1, ...stages.map((s) => s.sum));
  const total = card.aggregate?.total;
  return (
    <section className="card c5" aria-label={t(`home.pipeline.${home.scope}`)}>
      <header><h3>{t(`home.pipeline.${home.scope}`)}</h3><span className="extra"><Link to="/opportunities/board">{t('home.board')}</Link></span></header>
      <div className="body">
        {stages.map((s) => (
          <Link key={s.code} className="pipe" to={url(card, `stage = ${JSON.stringify(s.code)}`)}>
            <span className="soft cut">{s.name}</span><span className="pbar"><i style={{ width: `${(s.sum / most) * 100}%` }} /></span><span className="num muted">{formatNumber(s.count)}</span><span className="num">{told(s.sum, s.currency)}</span>
          </Link>
        ))}
        {stages.length > 0 && <Link className="pipe sum" to={url(card)}><b>{t('home.total')}</b><span /><span className="num muted">{formatNumber(total?.count ?? 0)}</span><b className="num">{told(Number(sumOf(total, 'amount')?.value ?? 0), sumOf(total, 'amount')?.currency ?? 'CNY')}</b></Link>}
        {!stages.length && <p className="muted">{t('home.no_deals')} <Link to="/opportunities?new=1">{t('home.new_deal')}</Link></p>}
      </div>
    </section>
  );
}
