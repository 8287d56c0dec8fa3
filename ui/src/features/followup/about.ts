// Which records a follow-up can be written about, and whose customer they are.
import { linkOf } from '@/fields/link/link';
import { fieldOf, mayCreate, type Catalogue } from '@/lib/meta';
import type { LinkValue, ObjectMeta, Rec } from '@/lib/types';
import { recordTitle } from '@/record/page/record-mark';
import type { About } from './body';

/** `place`: whose page this is, under which the draft is kept; `title`: of that record. */
export interface Subject { followups: ObjectMeta; place: About; title: string; about: About; account: string | null; contact: LinkValue | null }

const aboutKinds = (followups: ObjectMeta): string[] => [fieldOf(followups, 'about')?.to].flat().filter((k): k is string => !!k);

/** A contact is spoken to as somebody of his account; without one nothing can be written about him. */
export function subjectOf({ byName }: Catalogue, object: ObjectMeta, record: Rec): Subject | null {
  const followups = byName.get('followup');
  if (!followups || !mayCreate(followups)) return null;
  const place = { object: object.object, id: record.id };
  const title = recordTitle(object, record);
  const account = object.object === 'account' ? record.id : linkOf(record.account)?.id ?? null;
  if (aboutKinds(followups).includes(object.object)) return { followups, place, title, about: place, account, contact: null };
  if (object.object !== 'contact' || !account) return null;
  return { followups, place, title, about: { object: 'account', id: account }, account, contact: { id: record.id, title } };
}
