// Records as cards: the picture where the object has one, else the mark of the record, and the first columns of the view.
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { FieldDisplay } from '@/fields/field-display';
import { fieldText } from '@/fields/fields';
import { filesOf, isPicture, urlOf } from '@/fields/file/file';
import { t } from '@/lib/i18n';
import { fieldLabel } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { useList } from '../data/use-list';
import { fieldsParam, type Column } from '../page/columns';
import { RecordMark, recordTitle } from '../page/record-mark';
import type { KindProps } from './other-kind';

const SHOWN = 4;

function Face({ object, record, image }: { object: ObjectMeta; record: Rec; image: FieldMeta | undefined }) {
  const picture = image && filesOf(record[image.name]).find(isPicture);
  return <div className="face" aria-hidden>{picture ? <img src={urlOf(picture)} alt="" loading="lazy" /> : <RecordMark object={object} record={record} size={48} />}</div>;
}

function Tile({ object, record, image, columns }: { object: ObjectMeta; record: Rec; image: FieldMeta | undefined; columns: Column[] }) {
  const filled = columns.slice(1).filter((c) => c.field !== image && fieldText(c.field, record[c.field.name])).slice(0, SHOWN);
  return (
    <article className="tile-card">
      <Face object={object} record={record} image={image} />
      <h3 className="cut"><Link to={`/${object.plural}/${record.id}`} title={recordTitle(object, record)}>{recordTitle(object, record)}</Link></h3>
      <dl>{filled.map((c) => <div key={c.field.name}><dt className="cut">{fieldLabel(c.field)}</dt><dd className="cut"><FieldDisplay field={c.field} value={record[c.field.name]} /></dd></div>)}</dl>
    </article>
  );
}

export default function GalleryList({ object, state, columns }: KindProps) {
  const image = object.fields.find((f) => f.type === 'image');
  const { rows, query } = useList(object, { filter: state.effective, q: state.q, sort: state.sort, fields: [...new Set([...fieldsParam(columns).split(','), ...(image ? [image.name] : [])])].join(',') });
  const end = useRef<HTMLDivElement>(null);
  const { hasNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (!end.current || !hasNextPage) return;
    const seen = new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting)) void fetchNextPage(); }, { rootMargin: '400px' });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [hasNextPage, fetchNextPage, rows.length]);
  return (
    <div className="sheet gallery">
      <div className="tiles">{rows.map((r) => <Tile key={r.id} object={object} record={r} image={image} columns={columns} />)}</div>
      <div ref={end} className="muted cap kind-note" role="status">{query.isFetchingNextPage ? t('state.loading_more') : ''}</div>
    </div>
  );
}
