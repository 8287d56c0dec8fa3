// The table: a virtual grid with a frozen name column. Rows are absolute, heads and name stick; only what is on screen exists.
import { useVirtualizer } from '@tanstack/react-virtual';
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { t } from '@/lib/i18n';
import { usePrefs } from '@/lib/prefs';
import type { ObjectMeta, Rec } from '@/lib/types';
import tokens from '@/styles/tokens.json';
import type { Column } from '../page/columns';
import { GridHead, type HeadActions } from './grid-head';
import { GridRow } from './grid-row';
import type { ListData } from './list-view';
import { trackStyle } from './track-style';
import { usePlace } from './use-place';
import { marksOf, useCells, type Place } from './use-cells';
import { useCellKeys } from './use-cell-keys';
import { useGridKeys } from './use-grid-keys';

const BulkBar = lazy(() => import('./bulk-bar'));
const PasteDialog = lazy(() => import('../cells/paste-dialog'));

const HEAD = 34;
const AHEAD = 12;

interface Props { object: ObjectMeta; columns: Column[]; list: ListData; sort: string; place?: string; filter?: string; onSort?: (sort: string) => void; heads?: HeadActions; onEdit: (row: Rec) => void }

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

export function Grid({ object, columns, list, sort, place, filter, onSort, heads, onEdit }: Props) {
  const { rows, query, fresh } = list;
  const { density } = usePrefs();
  const height = tokens.size.row[density];
  const scroller = useRef<HTMLDivElement>(null);
  const selection = useSelection(rows);
  const { start, keep } = usePlace(place);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: AHEAD, initialOffset: start, scrollMargin: HEAD, scrollPaddingStart: HEAD });
  const focus = (place: Place) => { virtual.scrollToIndex(place.row); requestAnimationFrame(() => requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-cell="${place.row} ${place.col}"]`)?.focus({ preventScroll: false }))); };
  const cells = useCells(object, columns, rows, focus);
  const { cursor, setCursor } = useGridKeys({ object, rows, onEdit, onPick: selection.toggle, reveal: (i) => virtual.scrollToIndex(i), onEnter: (row, edit) => (edit ? cells.actions.edit({ row, col: 0 }) : cells.actions.done({ row, col: Math.min(1, columns.length - 1) }, 'stay')) });
  const table = useCellKeys({ object, columns, rows, cells, onRow: setCursor });
  useLayoutEffect(() => { if (scroller.current && start) scroller.current.scrollTop = start; }, [start]);
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => { virtual.measure(); }, [height, virtual]);
  useEffect(() => { if (hasNextPage && !isFetchingNextPage && last >= rows.length - AHEAD * 2) void fetchNextPage(); }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, rows.length]);
  const style = trackStyle(columns);
  const shape = columns.map((c) => `${c.field.name} ${c.width} ${c.left ?? ''}`).join(',');
  return (
    <>
      <div className="gxt" ref={scroller} onScroll={keep} role="grid" aria-rowcount={rows.length} aria-colcount={columns.length} tabIndex={0} aria-label={t('list.table')} onKeyDown={table.onKeyDown} onCopy={table.onCopy} onPaste={table.onPaste}>
        <div className="inner" style={{ height: HEAD + virtual.getTotalSize() + (isFetchingNextPage ? height : 0), width: style.width }}>
          <GridHead columns={columns} sort={sort} onSort={onSort} heads={heads} style={style} all={selection.all} some={selection.selected.length > 0} onToggleAll={selection.toggleAll} />
          {shown.map((item) => {
            const row = rows[item.index]!;
            return (
              <GridRow key={row.id} object={object} row={row} index={item.index} columns={columns} shape={shape} actions={cells.actions} {...marksOf(cells.state, item.index)} top={item.start} style={style} picked={selection.picked.has(row.id)}
                at={cursor === item.index} fresh={fresh.has(row.id)} onPick={() => selection.toggle(row.id)} onEdit={() => onEdit(row)} onPoint={() => setCursor(item.index)} />
            );
          })}
          {isFetchingNextPage && <div className="tail" style={{ top: HEAD + virtual.getTotalSize() }}>{t('state.loading_more')}</div>}
        </div>
      </div>
      <Suspense>{table.pasted && <PasteDialog object={object} columns={columns} list={list} rows={rows} paste={table.pasted} onClose={table.closePaste} />}</Suspense>
      <Suspense>{selection.selected.length > 0 && <BulkBar object={object} rows={selection.selected} whole={filter === undefined ? undefined : { filter, count: list.count }} onClear={selection.clear} />}</Suspense>
    </>
  );
}
