// Customers that nobody spoke to for two weeks, those left last first.
import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { Avatar } from '@/components/avatar';
import { FieldDisplay } from '@/fields/field-display';
import { dayNumber, dayOf, today } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { fieldOf, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import { useShell } from '@/record/page/shell-context';
import { countOf, isOver, rowsOf, type HomeAnswer } from './api';
import { useListUrl } from './links';

const daysSince = (instant: unknown): number | null => (typeof instant === 'string' ? dayNumber(today()) - dayNumber(dayOf(Date.parse(instant))) : null);

export function Idle({ home }: { home: HomeAnswer }) {
  const { byName } = useCatalogue();
  const { phone } = useShell();
  const navigate = useNavigate();
  const url = useListUrl();
  const card = home.cards.idle;
  const object = byName.get('account');
  if (!card || !object) return null;
  const level = fieldOf(object, 'level');
  const rows = rowsOf(card);
  return (
    <section className="card c7" aria-label={t('home.idle')}>
      <header><h3>{t('home.idle')}</h3><span className="extra">{rows.length > 0 && <Link to={url(card)}>{t('home.all_of', { n: `${formatNumber(countOf(card))}${isOver(card) ? '+' : ''}` })}</Link>}</span></header>
      {rows.map((r) => {
        const days = daysSince(r.last_followup_at);
        const left = daysSince(r.recycle_at);
        return (
          <div className="idle" key={r.id}>
            <Avatar square name={String(r.name)} seed={r.id} size={24} />
            <Link className="cut ink" to={`/accounts/${r.id}`}>{String(r.name)}</Link>
            {!phone && <span className="cut">{level && r.level ? <FieldDisplay field={level} value={r.level} /> : null}</span>}
            <span className="soft nw">{days === null ? t('home.never') : t('home.days_idle', { n: days })}</span>
            {!phone && <span className="warn cap nw">{left !== null && left <= 0 ? t('home.recycled_in', { n: -left }) : ''}</span>}
            <Button size="small" onClick={() => void navigate(`/accounts/${r.id}?follow=1`)}>{t('home.write')}</Button>
          </div>
        );
      })}
      {!rows.length && <div className="body muted">{t('home.none_idle')}</div>}
    </section>
  );
}
