// In the side panel: with whom one works on this record, and to whom else it is open.
import { Plus } from 'lucide-react';
import '@/lib/access-words';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import { hasTrait } from '@/lib/meta';
import { kindOf, linkOfPrincipal } from '@/lib/principals';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { Share } from './access-api';
import { principalName, PrincipalMark } from './principal';
import { useShares } from './use-shares';

/** Lines go with what they belong to; the past is not shared. */
export const isShareable = (object: ObjectMeta): boolean => !hasTrait(object, 'line') && !object.past;
const MAX = 6;
const works = (s: Share): boolean => s.source === 'collaborator' || s.source === 'field';
const keyOf = (s: Share): string => `${kindOf(s)}-${linkOfPrincipal(s)?.id ?? ''}-${s.source}-${s.rule ?? s.field ?? ''}`;

export function PeopleSection({ object, record, share, onShare, onWhy }: { object: ObjectMeta; record: Rec; share: boolean; onShare: () => void; onWhy: () => void }) {
  const { data } = useShares(object, record.id);
  const all = data ?? [];
  const listed = [...all.filter(works), ...all.filter((s) => !works(s))];
  return (
    <section className="fields people">
      <h4>{t('share.people')}<span className="row gap4"><button type="button" className="link-button cap" onClick={onWhy}>{t('explain.open')}</button>{share && <IconButton small icon={Plus} label={t('share.open')} onClick={onShare} />}</span></h4>
      {listed.length > 0
        ? <button type="button" className="people-list" onClick={onShare} title={t('share.list_open', { n: listed.length })}>{listed.slice(0, MAX).map((s) => <span key={keyOf(s)} className="person"><PrincipalMark principal={s} size={20} /><span className="cut">{principalName(s)}</span></span>)}{listed.length > MAX && <span className="muted cap">+{listed.length - MAX}</span>}</button>
        : <p className="muted cap">{t('share.only_owner')}</p>}
    </section>
  );
}
