// One message: what it is about, what happened, how it was put; opening it makes it read.
import { AlarmClock, ArrowRight, AtSign, BellRing, CalendarClock, Check, CircleCheck, Droplets, MessageCircle, Newspaper, UserRoundCheck, UserRoundPlus, type LucideIcon } from 'lucide-react';
import { Link } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { timeOf } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import { changeLabel, ChangeValue } from '@/record/detail/change-text';
import type { Kind, Message } from './messages-api';
import { headOf, pathOf, sentenceOf } from './sentence';

const ICONS: Record<Kind, LucideIcon> = { mention: AtSign, comment: MessageCircle, assigned: UserRoundCheck, shared: UserRoundPlus, follow: BellRing, due: CalendarClock, remind: AlarmClock, job: CircleCheck, pool: Droplets, digest: Newspaper };
const SHOWN = 2;

function Changes({ message }: { message: Message }) {
  const object = useCatalogue().byName.get(message.object ?? '');
  if (!object || !message.changes) return null;
  return message.changes.slice(0, SHOWN).map((c) => (
    <span className="ms-ch" key={c.field}><span className="muted">{changeLabel(object, c)}</span><ChangeValue object={object} name={c.field} value={c.old} type={c.old_type} /><ArrowRight size={12} strokeWidth={1.75} aria-hidden className="muted" /><ChangeValue object={object} name={c.field} value={c.new} type={c.new_type} /></span>
  ));
}

export function MessageRow({ message, onOpen, onRead }: { message: Message; onOpen: () => void; onRead: () => void }) {
  const catalogue = useCatalogue();
  const Icon = ICONS[message.kind];
  const said = sentenceOf(message, catalogue);
  return (
    <li className={message.read ? 'ms-row' : 'ms-row new'}>
      <span className="ms-icon"><Icon size={16} strokeWidth={1.75} aria-hidden /></span>
      <div className="grow">
        <div className="row gap8"><Link className="cut ms-head" to={pathOf(message, catalogue)} onClick={onOpen}>{headOf(message)}</Link><span className="end cap muted">{timeOf(message.at)}</span></div>
        {said && <div className="soft">{said}</div>}
        {message.source?.text && <div className="ms-said">{message.source.text}</div>}
        <Changes message={message} />
      </div>
      {!message.read && <IconButton small icon={Check} className="ms-check" label={t('messages.read_one')} onClick={onRead} />}
    </li>
  );
}
