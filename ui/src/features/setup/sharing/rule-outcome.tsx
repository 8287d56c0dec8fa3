// What a sharing rule opens and closes once it is saved, or removed: for how many people, with samples.
import { useQuery } from '@tanstack/react-query';
import { SideRow } from '@/components/side-row';
import { useDebounced } from '@/fields/link/use-candidates';
import { t } from '@/lib/i18n';
import { pluralLabel } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { ObjectMeta } from '@/lib/types';
import { Samples, sideCount } from '../roles/preview-outcome';
import { previewRule, type RulePreviewBody } from './api';

export function RuleOutcome({ object, body }: { object: ObjectMeta; body: RulePreviewBody }) {
  const late = useDebounced(JSON.stringify(body), 500);
  const query = useQuery({ queryKey: ['rule-preview', late], queryFn: ({ signal }) => previewRule(JSON.parse(late) as RulePreviewBody, signal), retry: false, gcTime: 0 });
  if (!query.data) return query.isError ? null : <div className="answer muted" role="status">{t('sharing.counting')}</div>;
  const of = query.data;
  const rows = (['read', 'update'] as const).flatMap((action) => (['gained', 'lost'] as const).map((side) => ({ action, side, at: of[action][side] }))).filter((r) => r.at.records > 0);
  return (
    <div className="answer" role="status">
      <b>{of.people ? t(of.looked_at < of.people ? 'sharing.people_some' : 'sharing.people', { n: formatNumber(of.people) + (of.people_exact ? '' : '+'), looked: formatNumber(of.looked_at) }) : t('sharing.nobody')}</b>
      {rows.map(({ action, side, at }) => (
        <SideRow key={action + side} side={side} text={t(`sharing.${action}_${side}`, { people: formatNumber(at.people), records: sideCount(at), objects: pluralLabel(object) })}><Samples side={at} plural={object.plural} /></SideRow>
      ))}
      {of.people > 0 && !rows.length && <div className="soft">{t('sharing.no_difference')}</div>}
    </div>
  );
}
