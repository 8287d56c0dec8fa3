// Mouse after 6 px, touch after a press, keyboard: space lifts, arrows go to the next column, space drops, Esc returns.
import { closestCenter, KeyboardSensor, MouseSensor, pointerWithin, TouchSensor, useSensor, useSensors, type Announcements, type CollisionDetection, type KeyboardCoordinateGetter } from '@dnd-kit/core';
import { t } from '@/lib/i18n';

/** The column one column further, as the place of its head. */
const nextColumn: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.code];
  if (!step) return undefined;
  event.preventDefault();
  const rects = context.droppableContainers.getEnabled().flatMap((c) => (c.rect.current ? [{ id: c.id, rect: c.rect.current }] : []));
  const ordered = rects.sort((a, b) => (Math.abs(a.rect.top - b.rect.top) > 200 ? a.rect.top - b.rect.top : a.rect.left - b.rect.left));
  const here = ordered.findIndex((r) => r.id === context.over?.id);
  const to = ordered[Math.max(0, Math.min(ordered.length - 1, here + step))];
  return to ? { x: to.rect.left + 8, y: to.rect.top + 8 } : currentCoordinates;
};

export const useBoardSensors = () => useSensors(
  useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
  useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
  useSensor(KeyboardSensor, { coordinateGetter: nextColumn, keyboardCodes: { start: ['Space'], cancel: ['Escape'], end: ['Space', 'Enter'] } }),
);

/** Under the pointer if it is over a column, else the nearest one (keyboard). */
export const nearest: CollisionDetection = (args) => {
  const within = pointerWithin(args);
  return within.length ? within : closestCenter(args);
};

export function announcements(titles: Map<string, string>): Announcements {
  const name = (id: string | number | undefined) => titles.get(String(id ?? '')) ?? '';
  return {
    onDragStart: () => t('board.say_lifted'),
    onDragOver: ({ over }) => (over ? t('board.say_over', { column: name(over.id) }) : undefined),
    onDragEnd: ({ over }) => (over ? t('board.say_dropped', { column: name(over.id) }) : t('board.say_cancelled')),
    onDragCancel: () => t('board.say_cancelled'),
  };
}
