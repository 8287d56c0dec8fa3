// Phone: two lines a row, what, then who and when.
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { FieldDisplay } from '@/fields/field-display';
import { fieldText } from '@/fields/fields';
import { t } from '@/lib/i18n';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { Column } from '../page/columns';
import { recordTitle, RecordMark } from '../page/record-mark';
import type { ListData } from './list-view';

function Row({ object, row, columns }: { object: ObjectMeta; row: Rec; columns: Column[] }) {
  const rest = columns.slice(1).filter((c) => row[c.field.name] !== null && row[c.field.name] !== undefined && row[c.field.name] !== '');
  const number = rest.find((c) => c.field.type === 'money') ?? rest.find((c) => c.right);
  const state = rest.find((c) => c.field.type === 'choice' || c.field.type === 'date');
  const facts = rest.filter((c) => c !== number && c !== state).slice(0, 3).map((c) => fieldText(c.field, row[c.field.name])).filter(Boolean);
  return (
    <Link className="mrow" to={`/${object.plural}/${row.id}`}>
      <RecordMark object={object} record={row} size={36} />
      <div className="grow">
        <div className="row"><b className="cut">{recordTitle(object, row)}</b>{number && <span className="end nw"><FieldDisplay field={number.field} value={row[number.field.name]} /></span>}</div>
        <div className="row cap"><span className="muted cut">{facts.join(' · ')}</span>{state && <span className="end nw"><FieldDisplay field={state.field} value={row[state.field.name]} /></span>}</div>
      </div>
    </Link>
  );
}

export function PhoneList({ object, list, columns }: { object: ObjectMeta; list: ListData; columns: Column[] }) {
  const end = useRef<HTMLDivElement>(null);
  const { hasNextPage, fetchNextPage, isFetchingNextPage } = list.query;
  useEffect(() => {
    if (!end.current || !hasNextPage) return;
    const seen = new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting)) void fetchNextPage(); }, { rootMargin: '400px' });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [hasNextPage, fetchNextPage, list.rows.length]);
  return (
    <div className="mlist">
      {list.rows.map((row) => <Row key={row.id} object={object} row={row} columns={columns} />)}
      <div ref={end} className="muted cap" role="status">{isFetchingNextPage ? t('state.loading_more') : ''}</div>
    </div>
  );
}
