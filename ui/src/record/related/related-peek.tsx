// The first records of a relation beside the fields: enough to see them without leaving.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { FieldDisplay } from '@/fields/field-display';
import { fieldText } from '@/fields/fields';
import { t } from '@/lib/i18n';
import { layoutOf, fieldOf, titleField } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec, Relation } from '@/lib/types';
import { fetchPage, type ListParams } from '../data/records';
import { useAsOf } from '../page/as-of';
import { recordTitle, RecordMark } from '../page/record-mark';
import { relatedPath } from './related-count';
import { relatedLayout } from './related-layout';

const SHOWN = 3;

interface Props { object: ObjectMeta; record: Rec; relation: Relation; target: ObjectMeta; label: string; onAll: () => void }

function peekFields(object: ObjectMeta, relation: Relation, target: ObjectMeta): FieldMeta[] {
  const named = relatedLayout(object, relation, target).fields ?? layoutOf(target, 'card')?.fields ?? [];
  return named.map((n) => fieldOf(target, n)).filter((f): f is FieldMeta => !!f && f.name !== titleField(target) && f.name !== relation.field);
}

function Row({ target, row, fields }: { target: ObjectMeta; row: Rec; fields: FieldMeta[] }) {
  const number = fields.find((f) => f.type === 'money');
  const facts = fields.filter((f) => f !== number && f.type !== 'boolean').map((f) => fieldText(f, row[f.name])).filter(Boolean).slice(0, 3);
  return (
    <Link className="peek" to={`/${target.plural}/${row.id}`}>
      <RecordMark object={target} record={row} size={28} />
      <span className="grow"><span className="row between"><span className="cut ink">{recordTitle(target, row)}</span>{number && <span className="nw ink"><FieldDisplay field={number} value={row[number.name]} /></span>}</span><span className="cap muted cut block">{facts.join(' · ')}</span></span>
    </Link>
  );
}

export function RelatedPeek({ object, record, relation, target, label, onAll }: Props) {
  const path = relatedPath(object, record.id, relation);
  const fields = peekFields(object, relation, target);
  const { asOf } = useAsOf();
  const { sort } = relatedLayout(object, relation, target);
  const query = useQuery({
    queryKey: ['related', path, 'peek', asOf], staleTime: 30_000,
    queryFn: ({ signal }) => fetchPage(path, { limit: SHOWN, count: 'none', as_of: asOf, sort, fields: [titleField(target), ...fields.map((f) => f.name)].join(',') } as ListParams, null, signal),
  });
  const rows = query.data?.items ?? [];
  if (!rows.length) return null;
  return (
    <section className="fields">
      <h4>{label}<button type="button" className="link-button cap" onClick={onAll}>{t('related.all')}</button></h4>
      {rows.map((r) => <Row key={r.id} target={target} row={r} fields={fields} />)}
    </section>
  );
}
