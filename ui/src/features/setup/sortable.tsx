// A list that is put in order by dragging its grips, or by the arrow keys while a grip has the focus.
import { closestCenter, DndContext, MouseSensor, TouchSensor, useDraggable, useDroppable, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core';
import { GripVertical } from 'lucide-react';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { t } from '@/lib/i18n';

export function moved<T>(list: T[], from: number, to: number): T[] {
  const rest = list.filter((_, i) => i !== from);
  const at = Math.max(0, Math.min(rest.length, to));
  return [...rest.slice(0, at), list[from]!, ...rest.slice(at)];
}

interface RowProps { id: string; name: string; fixed?: boolean; className: string; onKey: (e: KeyboardEvent) => void; children: (grip: ReactNode) => ReactNode }

function Row({ id, name, fixed, className, onKey, children }: RowProps) {
  const drag = useDraggable({ id, disabled: fixed });
  const drop = useDroppable({ id });
  const style = drag.transform ? { transform: `translateY(${drag.transform.y}px)` } : undefined;
  const set = (node: HTMLElement | null) => { drag.setNodeRef(node); drop.setNodeRef(node); };
  const { onMouseDown, onTouchStart } = drag.listeners ?? {};
  const grip = fixed ? <span className="grip" /> : (
    <button type="button" className="grip" aria-label={t('setup.move', { name })} title={t('setup.move_help')} onKeyDown={onKey} onMouseDown={onMouseDown as never} onTouchStart={onTouchStart as never}>
      <GripVertical size={14} strokeWidth={1.75} aria-hidden />
    </button>
  );
  return <div ref={set} style={style} className={`${className}${drag.isDragging ? ' lifted' : ''}${drop.isOver && !drag.isDragging ? ' over' : ''}`} role="listitem">{children(grip)}</div>;
}

interface Props<T> { items: T[]; keyOf: (item: T) => string; nameOf: (item: T) => string; fixed?: (item: T) => boolean; onMove: (from: number, to: number) => void; className?: (item: T) => string; label: string; children: (item: T, grip: ReactNode, at: number) => ReactNode }

export function SortableList<T>({ items, keyOf, nameOf, fixed, onMove, className = () => 'sort-row', label, children }: Props<T>) {
  const [said, setSaid] = useState('');
  const sensors = useSensors(useSensor(MouseSensor, { activationConstraint: { distance: 4 } }), useSensor(TouchSensor, { activationConstraint: { delay: 180, tolerance: 8 } }));
  const move = (from: number, to: number) => {
    if (from < 0 || to < 0 || to >= items.length || from === to) return;
    onMove(from, to);
    setSaid(t('setup.moved', { name: nameOf(items[from]!), at: to + 1, of: items.length }));
  };
  const dropped = ({ active, over }: DragEndEvent) => {
    if (over) move(items.findIndex((i) => keyOf(i) === active.id), items.findIndex((i) => keyOf(i) === over.id));
  };
  const keys = (at: number) => (e: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[e.key];
    if (!step) return;
    e.preventDefault();
    move(at, at + step);
  };
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={dropped}>
      <div role="list" aria-label={label}>
        {items.map((item, at) => <Row key={keyOf(item)} id={keyOf(item)} name={nameOf(item)} fixed={fixed?.(item)} className={className(item)} onKey={keys(at)}>{(grip) => children(item, grip, at)}</Row>)}
      </div>
      <span className="visually-hidden" role="status">{said}</span>
    </DndContext>
  );
}
