// One of those around: chosen or not, what it is, how far, the way to the map.
import { Checkbox } from 'antd';
import { Map as MapIcon } from 'lucide-react';
import { Link } from 'react-router';
import { fieldText } from '@/fields/fields';
import { placeField, placeOf } from '@/fields/geo/geo';
import { t } from '@/lib/i18n';
import { fieldOf, layoutOf } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { recordTitle, RecordMark } from '@/record/page/record-mark';
import { mapUrl } from './distance';

interface Props { object: ObjectMeta; record: Rec; far: string; chosen?: boolean; onChoose?: (record: Rec) => void }

/** What a row shows: where it is, then what cards of the object show. */
export const shownFields = (object: ObjectMeta): string[] =>
  ['address', ...(layoutOf(object, 'card')?.fields ?? [])].filter((name) => !name.includes('.') && fieldOf(object, name));

export function NearRow({ object, record, far, chosen, onChoose }: Props) {
  const name = recordTitle(object, record);
  const field = placeField(object);
  const place = field ? placeOf(record[field.name]) : null;
  const facts = shownFields(object).map((n) => fieldText(fieldOf(object, n)!, record[n])).filter(Boolean);
  return (
    <div className="near-row" role="listitem">
      {onChoose && <Checkbox checked={chosen} onChange={() => onChoose(record)} aria-label={t('nearby.choose', { name })} />}
      <RecordMark object={object} record={record} size={32} />
      <div className="grow"><Link className="cut ink block" to={`/${object.plural}/${record.id}`}>{name}</Link><div className="cap muted cut">{facts.join(' · ')}</div></div>
      <span className="num nw">{far}</span>
      {place && <a className="ib" href={mapUrl(place, name)} target="_blank" rel="noreferrer" aria-label={t('nearby.map', { name })} title={t('nearby.map', { name })}><MapIcon size={18} strokeWidth={1.75} aria-hidden /></a>}
    </div>
  );
}
