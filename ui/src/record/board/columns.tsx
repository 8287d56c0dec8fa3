// Drag and drop over the columns. A drop is shown at once, sent with If-Match, taken back if refused.
import { DndContext, DragOverlay, type DragEndEvent, type DragStartEvent } from '@dnd-kit/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { t } from '@/lib/i18n';
import { isEditable, mayUpdate } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { BoardSpec } from './board-meta';
import { Card } from './card';
import { Column } from './column';
import { FootTargets } from './foot-targets';
import { announcements, nearest, useBoardSensors } from './sensors';
import { useBoardLive } from './use-board-live';
import type { BoardColumn } from './use-columns';
import { useMove } from './use-move';
import { useColumnSums, type ColumnSum } from './use-sums';

const FormDrawer = lazy(() => import('../form/form-drawer'));
/** With fewer open columns there is room for the closed ones beside them. */
const MIN_OPEN = 4;
const NOTHING: ColumnSum = { count: 0, sum: null };

interface Props { object: ObjectMeta; spec: BoardSpec; columns: BoardColumn[]; filter: string; onWrong: (error: unknown) => void }
interface Held { record: Rec; from: string }

export function Columns({ object, spec, columns, filter, onWrong }: Props) {
  const { sums, ready, error } = useColumnSums(object, spec, filter, true);
  useEffect(() => onWrong(error), [error, onWrong]);
  const sumOf = (c: BoardColumn): ColumnSum | undefined => sums.get(c.key) ?? (ready ? NOTHING : undefined);
  const [held, setHeld] = useState<Held | null>(null);
  const sensors = useBoardSensors();
  const { move, missing, clearMissing } = useMove(object, spec, filter);
  useBoardLive(object);
  const open = columns.filter((c) => !c.closed);
  const split = open.length >= MIN_OPEN && open.length < columns.length;
  const shown = split ? open : columns;
  const largest = Math.max(1, ...shown.map((c) => Number(sums.get(c.key)?.sum?.value ?? sums.get(c.key)?.count ?? 0)));
  const start = (e: DragStartEvent) => setHeld(e.active.data.current as Held);
  const end = (e: DragEndEvent) => {
    const was = held;
    setHeld(null);
    const target = columns.find((c) => c.key === e.over?.id);
    if (was && target && target.key !== was.from) void move(was.record, columns.find((c) => c.key === was.from)!, target);
  };
  const titles = new Map(columns.map((c) => [c.key, c.title]));
  return (
    <DndContext sensors={sensors} collisionDetection={nearest} onDragStart={start} onDragEnd={end} onDragCancel={() => setHeld(null)}
      accessibility={{ announcements: announcements(titles), screenReaderInstructions: { draggable: t('board.instructions') } }}>
      <div className="boardwrap">
        <div className="cols" role="list">
          {shown.map((c) => <Column key={c.key} object={object} spec={spec} column={c} filter={filter} sum={sumOf(c)} largest={largest} held={held} fixed={!mayUpdate(object) || !isEditable(spec.group)} />)}
        </div>
      </div>
      {split && <FootTargets object={object} columns={columns.filter((c) => c.closed)} sumOf={sumOf} filter={filter} dragging={!!held} />}
      <DragOverlay dropAnimation={null}>{held && <Card object={object} spec={spec} record={held.record} dragging />}</DragOverlay>
      <Suspense>{missing && <FormDrawer object={object} record={missing.record} preset={missing.preset} only={missing.fields} title={t('board.missing', { stage: missing.title })} note={missing.message} onClose={clearMissing} />}</Suspense>
    </DndContext>
  );
}
