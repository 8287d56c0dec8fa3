// Who works on the record besides its owner: the names in fields that open it, as faces in the head.
import { Users } from 'lucide-react';
import { Avatar } from '@/components/avatar';
import { linkTitle } from '@/fields/link/link';
import { linksOf } from '@/fields/links/links';
import { t } from '@/lib/i18n';
import { PERSON } from '@/lib/principals';
import type { ObjectMeta, Rec } from '@/lib/types';

const MAX = 4;

export function Faces({ object, record }: { object: ObjectMeta; record: Rec }) {
  const named = object.fields.filter((f) => f.shares).flatMap((f) => linksOf([record[f.name]].flat()).map((link) => ({ link, person: f.to === PERSON })));
  const once = named.filter((n, i) => named.findIndex((m) => m.link.id === n.link.id) === i);
  if (!once.length) return null;
  const names = once.map((n) => linkTitle(n.link)).join(t('list.separator'));
  return (
    <span className="row gap4 nw faces" title={names} role="img" aria-label={t('faces', { names })}>
      {once.slice(0, MAX).map((n) => (n.person ? <Avatar key={n.link.id} name={linkTitle(n.link)} seed={n.link.id} size={20} /> : <Users key={n.link.id} size={14} strokeWidth={1.75} aria-hidden />))}
      <span className="cut">{linkTitle(once[0]!.link)}{once.length > 1 && ` +${once.length - 1}`}</span>
    </span>
  );
}
