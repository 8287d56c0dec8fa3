// One column: head with count, sum and bar; cards by pages.
import { useDraggable, useDroppable } from '@dnd-kit/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { failureText } from '@/components/state';
import { BlockSkeleton } from '@/components/skeleton';
import { t } from '@/lib/i18n';
import { formatNumber, formatSum } from '@/lib/numbers';
import type { ObjectMeta, Rec } from '@/lib/types';
import { fetchPage } from '../data/records';
import { joinAnd } from '../filter/expression';
import { titleField } from '@/lib/meta';
import type { BoardSpec } from './board-meta';
import { Card } from './card';
import type { BoardColumn } from './use-columns';
import type { ColumnSum } from './use-sums';

const PAGE = 20;

export const columnKey = (object: ObjectMeta, filter: string, column: string): unknown[] => ['board', object.plural, 'column', filter, column];

const boardFields = (object: ObjectMeta, spec: BoardSpec): string =>
  [...new Set([titleField(object), spec.group.name, ...(spec.sum ? [spec.sum.name] : []), ...spec.card.map((f) => f.name)])].join(',');

export function useColumnCards(object: ObjectMeta, spec: BoardSpec, filter: string, column: BoardColumn) {
  return useInfiniteQuery({
    queryKey: columnKey(object, filter, column.key),
    queryFn: ({ pageParam, signal }) => fetchPage(`/${object.plural}`, { filter: joinAnd([filter, column.condition]), sort: '-updated_at', limit: PAGE, count: 'none', fields: boardFields(object, spec) }, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

function Head({ column, sum, largest, spec }: { column: BoardColumn; sum?: ColumnSum; largest: number; spec: BoardSpec }) {
  const money = sum?.sum ?? null;
  const share = Math.max(0, Number(spec.sum ? money?.value ?? 0 : sum?.count ?? 0)) / largest;
  const weighted = money && column.percent ? { ...money, value: String((Number(money.value) * Number(column.percent)) / 100) } : null;
  return (
    <div className="h">
      <div className="row between"><span className="row gap4 cut"><b className="cut">{column.title}</b><span className="muted">{sum ? formatNumber(sum.count) : ''}</span></span>{column.percent && <span className="muted cap nw">{t('board.percent', { label: column.percentLabel, percent: Number(column.percent) })}</span>}</div>
      {spec.sum && <div className="row between"><span className="sum">{money ? formatSum(money) : '–'}</span>{weighted && <span className="cap muted nw">{t('board.weighted', { sum: formatSum(weighted) })}</span>}</div>}
      <div className="bar"><i style={{ width: `${Math.min(100, share * 100)}%` }} /></div>
    </div>
  );
}

function DragCard({ object, spec, record, from, fixed }: { object: ObjectMeta; spec: BoardSpec; record: Rec; from: string; fixed: boolean }) {
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({ id: record.id, data: { record, from }, disabled: fixed, attributes: { roleDescription: t('board.card') } });
  return <div ref={setNodeRef} {...listeners} {...attributes} className={isDragging ? 'deal hole' : 'deal'}><Card object={object} spec={spec} record={record} /></div>;
}

interface Props { object: ObjectMeta; spec: BoardSpec; column: BoardColumn; filter: string; sum?: ColumnSum; largest: number; held: { record: Rec; from: string } | null; fixed: boolean }

export function Column({ object, spec, column, filter, sum, largest, held, fixed }: Props) {
  const { setNodeRef, isOver } = useDroppable({ id: column.key });
  const query = useColumnCards(object, spec, filter, column);
  const cards = query.data?.pages.flatMap((p) => p.items) ?? [];
  const receiving = isOver && held && held.from !== column.key;
  const rest = (sum?.count ?? 0) - cards.length;
  return (
    <section className={receiving ? 'col over' : 'col'} role="listitem" aria-label={column.title} data-column={column.key}>
      <Head column={column} sum={sum} largest={largest} spec={spec} />
      <div className="drop-zone" ref={setNodeRef}>
        {receiving && <div className="ghost" />}
        {query.isPending && <BlockSkeleton lines={4} />}
        {query.isError && !cards.length && <p className="late cap empty" role="alert">{failureText(query.error)} <button type="button" className="link-button" onClick={() => void query.refetch()}>{t('action.retry')}</button></p>}
        {cards.map((r) => <DragCard key={r.id} object={object} spec={spec} record={r} from={column.key} fixed={fixed} />)}
        {query.isSuccess && !cards.length && !receiving && <p className="muted cap empty">{t('board.empty')}</p>}
        {query.hasNextPage && <button type="button" className="more-cards" onClick={() => void query.fetchNextPage()}>{rest > 0 ? t('board.more', { n: rest }) : t('board.more_some')}</button>}
      </div>
    </section>
  );
}
