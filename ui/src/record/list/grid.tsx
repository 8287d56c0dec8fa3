// The table: a virtual grid with a frozen name column. Rows are absolute, heads and name stick; only what is on screen exists.
import { useVirtualizer } from '@tanstack/react-virtual';
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { t } from '@/lib/i18n';
import { usePrefs } from '@/lib/prefs';
import type { ObjectMeta, Rec } from '@/lib/types';
import tokens from '@/styles/tokens.json';
import type { Column } from '../page/columns';
import { GridHead } from './grid-head';
import { GridRow } from './grid-row';
import type { ListData } from './list-view';
import { trackStyle } from './track-style';
import { usePlace } from './use-place';
import { useGridKeys } from './use-grid-keys';

const BulkBar = lazy(() => import('./bulk-bar'));

const HEAD = 34;
const AHEAD = 12;

interface Props { object: ObjectMeta; columns: Column[]; list: ListData; sort: string; place?: string; filter?: string; onSort?: (sort: string) => void; onEdit: (row: Rec) => void }

export function useSelection(rows: Rec[]) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => setPicked((old) => {
    const next = new Set(old);
    if (!next.delete(id)) next.add(id);
    return next;
  });
  const selected = rows.filter((r) => picked.has(r.id));
  const all = selected.length > 0 && selected.length === rows.length;
  return { picked, selected, all, toggle, toggleAll: () => setPicked(all ? new Set() : new Set(rows.map((r) => r.id))), clear: () => setPicked(new Set()) };
}

export function Grid({ object, columns, list, sort, place, filter, onSort, onEdit }: Props) {
  const { rows, query, fresh } = list;
  const { density } = usePrefs();
  const height = tokens.size.row[density];
  const scroller = useRef<HTMLDivElement>(null);
  const selection = useSelection(rows);
  const { start, keep } = usePlace(place);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: AHEAD, initialOffset: start, scrollMargin: HEAD, scrollPaddingStart: HEAD });
  const { cursor, setCursor } = useGridKeys({ object, rows, onEdit, onPick: selection.toggle, reveal: (i) => virtual.scrollToIndex(i) });
  useLayoutEffect(() => { if (scroller.current && start) scroller.current.scrollTop = start; }, [start]);
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => { virtual.measure(); }, [height, virtual]);
  useEffect(() => { if (hasNextPage && !isFetchingNextPage && last >= rows.length - AHEAD * 2) void fetchNextPage(); }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, rows.length]);
  const style = trackStyle(columns);
  return (
    <>
      <div className="gxt" ref={scroller} onScroll={keep} role="grid" aria-rowcount={rows.length} aria-colcount={columns.length} tabIndex={0} aria-label={t('list.table')}>
        <div className="inner" style={{ height: HEAD + virtual.getTotalSize() + (isFetchingNextPage ? height : 0), width: style.width }}>
          <GridHead columns={columns} sort={sort} onSort={onSort} style={style} all={selection.all} some={selection.selected.length > 0} onToggleAll={selection.toggleAll} />
          {shown.map((item) => {
            const row = rows[item.index]!;
            return (
              <GridRow key={row.id} object={object} row={row} index={item.index} columns={columns} top={item.start} style={style} picked={selection.picked.has(row.id)}
                at={cursor === item.index} fresh={fresh.has(row.id)} onPick={() => selection.toggle(row.id)} onEdit={() => onEdit(row)} onPoint={() => setCursor(item.index)} />
            );
          })}
          {isFetchingNextPage && <div className="tail" style={{ top: HEAD + virtual.getTotalSize() }}>{t('state.loading_more')}</div>}
        </div>
      </div>
      <Suspense>{selection.selected.length > 0 && <BulkBar object={object} rows={selection.selected} whole={filter === undefined ? undefined : { filter, count: list.count }} onClear={selection.clear} />}</Suspense>
    </>
  );
}
