// A card, top to bottom: what, for whom, how much, when and who.
import { CalendarClock } from 'lucide-react';
import { Link } from 'react-router';
import { Avatar } from '@/components/avatar';
import { FieldDisplay } from '@/fields/field-display';
import { fieldText } from '@/fields/fields';
import { linkOf, linkTitle } from '@/fields/link/link';
import { dayNumber, today } from '@/lib/dates';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { t } from '@/lib/i18n';
import { showsPeople } from '@/components/icons';
import { fieldLabel, useCatalogue } from '@/lib/meta';
import { recordTitle } from '../page/record-mark';
import type { BoardSpec } from './board-meta';

function DayNote({ field, value }: { field: FieldMeta; value: string }) {
  const late = dayNumber(today()) - dayNumber(value.slice(0, 10));
  const tone = late > 0 ? 'late' : late === 0 ? 'warn' : 'soft';
  return <span className={`row gap4 ${tone}`}><CalendarClock size={14} strokeWidth={1.75} aria-hidden />{late > 0 ? t('date.days_late', { n: late }) : fieldText(field, value)}</span>;
}

export function Card({ object, spec, record, dragging }: { object: ObjectMeta; spec: BoardSpec; record: Rec; dragging?: boolean }) {
  const { byName } = useCatalogue();
  const isPerson = (f: FieldMeta) => f.type === 'link' && showsPeople(byName.get(f.to ?? '')?.icon ?? f.to);
  const people = spec.card.filter(isPerson);
  const days = spec.card.filter((f) => f.type === 'date' || f.type === 'datetime');
  const others = spec.card.filter((f) => !people.includes(f) && !days.includes(f));
  const person = people.map((f) => linkOf(record[f.name])).find((l) => l !== null);
  const day = days.find((f) => typeof record[f.name] === 'string');
  return (
    <div className={dragging ? 'deal drag' : 'deal-in'}>
      <h4 className="cut"><Link to={`/${object.plural}/${record.id}`} draggable={false} title={recordTitle(object, record)}>{recordTitle(object, record)}</Link></h4>
      {others.slice(0, 2).map((f, i) => <div key={f.name} className="cap muted cut">{fieldText(f, record[f.name]) || (i === 0 ? t('card.none', { field: fieldLabel(f) }) : '')}</div>)}
      {spec.sum && <div className="amt"><FieldDisplay field={spec.sum} value={record[spec.sum.name]} /></div>}
      {(person || day) && <div className="ft">{person && <span title={linkTitle(person)}><Avatar name={linkTitle(person)} seed={person.id} /></span>}{day && <DayNote field={day} value={String(record[day.name])} />}{!day && person && <span className="cut soft">{linkTitle(person)}</span>}</div>}
    </div>
  );
}
