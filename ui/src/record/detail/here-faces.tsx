// Who else has the record open, as small faces at its head; a pencil on those who change it just now.
import '@/lib/record-words';
import { Tooltip } from 'antd';
import { PencilLine } from 'lucide-react';
import { Avatar } from '@/components/avatar';
import { linkTitle } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import { usePresence } from '../data/use-presence';

const MAX = 4;

export function HereFaces({ object, id, editing }: { object: ObjectMeta; id: string; editing: boolean }) {
  const here = usePresence(object, id, editing);
  const words = here.map((h) => t(h.editing ? 'here.edits' : 'here.reads', { name: linkTitle(h.user) }));
  return (
    <span className="here" role="status" aria-live="polite">
      {here.length > 0 && (
        <Tooltip title={<div>{words.map((w, i) => <div key={here[i]!.user.id}>{w}</div>)}</div>}>
          <span className="row nw" role="img" aria-label={words.join(t('list.separator'))}>
            {here.slice(0, MAX).map((h) => <span key={h.user.id} className={h.editing ? 'here-one edits' : 'here-one'}><Avatar name={linkTitle(h.user)} seed={h.user.id} size={22} />{h.editing && <span className="here-pen"><PencilLine size={9} strokeWidth={2.25} aria-hidden /></span>}</span>)}
            {here.length > MAX && <span className="cap muted">+{here.length - MAX}</span>}
          </span>
        </Tooltip>
      )}
    </span>
  );
}
