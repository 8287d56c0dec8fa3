// A cell: a click selects it, Shift or a drag takes several; Enter, F2, a double click or a second click edit it in place.
import { lazy, memo, Suspense, useRef, type CSSProperties, type MouseEvent, type ReactNode } from 'react';
import { CopyValue } from '@/fields/copy-value';
import { FieldDisplay } from '@/fields/field-display';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { Column } from '../page/columns';
import { isCellEditable, type CellActions } from './use-cells';

const CellEditor = lazy(() => import('../form/cell-editor'));

interface Props { object: ObjectMeta; row: Rec; column: Column; index: number; col: number; editing: boolean; marked: boolean; /** The hand is on its row. */ hot?: boolean; pinned?: boolean; style?: CSSProperties; actions: CellActions; children?: ReactNode }

const onLink = (e: MouseEvent): boolean => !!(e.target as HTMLElement).closest('a, button');

function Cell({ object, row, column, index, col, editing, marked, hot, pinned, style, actions, children }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const wasFocused = useRef(false);
  const place = { row: index, col };
  const editable = isCellEditable(object, column);
  const shown = children ?? <FieldDisplay field={column.field} value={row[column.field.name]} />;
  const classes = `td${editable ? ' cell' : ''}${pinned ? ' pin' : ''}${column.right ? ' num' : ''}${editing ? ' edit' : ''}${marked ? ' marked' : ''}`;
  const down = (e: MouseEvent) => {
    if (editing || e.button !== 0) return;
    wasFocused.current = document.activeElement === ref.current;
    if (e.shiftKey) e.preventDefault();
    if (!onLink(e) || e.shiftKey) actions.point(place, e.shiftKey);
  };
  return (
    <div ref={ref} className={classes} role="gridcell" tabIndex={-1} data-cell={`${index} ${col}`} style={style} onMouseDown={down}
      onMouseEnter={(e) => { if (e.buttons === 1 && !editing && document.activeElement?.closest('.gxt')) actions.point(place, true); }}
      onClick={(e) => { if (editable && !editing && wasFocused.current && !onLink(e) && !e.shiftKey) actions.edit(place); }}
      onDoubleClick={(e) => { if (editable && !editing && !onLink(e)) actions.edit(place); }}>
      {editing ? <Suspense fallback={shown}><CellEditor object={object} record={row} field={column.field} shown={shown} onDone={(to) => actions.done(place, to)} /></Suspense> : shown}
      {hot && !editing && <CopyValue field={column.field} value={row[column.field.name]} />}
    </div>
  );
}

export const EditableCell = memo(Cell, (a, b) =>
  a.row === b.row && a.index === b.index && a.col === b.col && a.editing === b.editing && a.marked === b.marked && a.hot === b.hot && a.column.field === b.column.field && a.style?.left === b.style?.left && a.children === undefined && b.children === undefined);
