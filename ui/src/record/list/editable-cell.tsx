// A cell that is edited in place: click selects, Enter or a second click edits.
import { lazy, Suspense, useRef, useState } from 'react';
import { FieldDisplay } from '@/fields/field-display';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { Column } from '../page/columns';

const CellEditor = lazy(() => import('../form/cell-editor'));

export function EditableCell({ object, row, column }: { object: ObjectMeta; row: Rec; column: Column }) {
  const [editing, setEditing] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  const wasFocused = useRef(false);
  const stop = () => { setEditing(false); requestAnimationFrame(() => ref.current?.focus()); };
  const shown = <FieldDisplay field={column.field} value={row[column.field.name]} />;
  return (
    <div ref={ref} className={`td cell${column.right ? ' num' : ''}${editing ? ' edit' : ''}`} role="gridcell" tabIndex={-1}
      onMouseDown={() => { wasFocused.current = document.activeElement === ref.current; }}
      onClick={(e) => { if (!editing && wasFocused.current && !(e.target as HTMLElement).closest('a, button')) setEditing(true); }}
      onKeyDown={(e) => { if (e.key === 'Enter' && !editing && e.target === e.currentTarget) { e.preventDefault(); e.stopPropagation(); setEditing(true); } }}>
      {editing ? <Suspense fallback={shown}><CellEditor object={object} record={row} field={column.field} onDone={stop} /></Suspense> : shown}
    </div>
  );
}
