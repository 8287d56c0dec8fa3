// One record on the line of time: dragged as a whole or by its ends; Alt with an arrow does the same, with Shift at the end.
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useNavigate } from 'react-router';
import { formatDay } from '@/lib/dates';
import { t } from '@/lib/i18n';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { recordTitle } from '../page/record-mark';
import { changeOf, partOf, takenOf, type Hold, type Window } from './span';

/** Below this part of the width the dates stand in the title alone. */
const NARROW = 0.08;

export type Move = (row: Rec, values: Record<string, string>) => Promise<void>;
interface Props { object: ObjectMeta; row: Rec; ends: [FieldMeta, FieldMeta]; shown: Window; movable: (f: FieldMeta) => boolean; onMove: Move }

function useDrag({ row, ends: [start, end], shown, onMove }: Props) {
  const held = useRef<{ hold: Hold; x: number; width: number } | null>(null);
  const [drawn, setDrawn] = useState<{ values: Record<string, string> } | null>(null);
  const daysOf = (e: PointerEvent) => { const h = held.current!; return Math.round(((e.clientX - h.x) / h.width) * shown.days); };
  const write = (values: Record<string, string>) => {
    if (!Object.keys(values).length) return setDrawn(null);
    setDrawn({ values });
    void onMove(row, values).finally(() => setDrawn(null));
  };
  return {
    drawn,
    moved: () => !!drawn && Object.keys(drawn.values).length > 0,
    press: (hold: Hold) => (e: PointerEvent<HTMLElement>) => {
      if (e.button !== 0 || held.current) return;
      e.stopPropagation();
      e.currentTarget.setPointerCapture(e.pointerId);
      held.current = { hold, x: e.clientX, width: e.currentTarget.closest('.g-area')!.clientWidth };
    },
    draw: (e: PointerEvent) => { if (held.current) setDrawn({ values: changeOf(held.current.hold, daysOf(e), start, end, row) }); },
    drop: (e: PointerEvent) => { const h = held.current; if (!h) return; const by = daysOf(e); held.current = null; write(changeOf(h.hold, by, start, end, row)); },
    lose: () => { if (held.current) { held.current = null; setDrawn(null); } },
    write,
  };
}

export function TimelineBar(props: Props) {
  const { object, row, ends: [start, end], shown, movable } = props;
  const navigate = useNavigate();
  const drag = useDrag(props);
  const dragged = useRef(false);
  const taken = takenOf(start, end, drag.drawn ? { ...row, ...drag.drawn.values } : row);
  if (!taken) return null;
  const part = partOf(shown, taken);
  if (!part.width) return null;
  const whole = [start, end].every((f) => !row[f.name] || movable(f));
  const can = { start: start !== end && !!row[start.name] && movable(start), end: start !== end && !!row[end.name] && movable(end) };
  const keys = (e: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (!by || !e.altKey || !(e.shiftKey ? can.end : whole)) return;
    e.preventDefault();
    drag.write(changeOf(e.shiftKey ? 'end' : 'move', by, start, end, row));
  };
  const name = recordTitle(object, row);
  const when = taken.from === taken.to ? formatDay(taken.from) : `${formatDay(taken.from)} – ${formatDay(taken.to)}`;
  const pull = { onPointerMove: drag.draw, onPointerUp: drag.drop, onPointerCancel: drag.lose };
  return (
    <div className={`g-bar${taken.open ? ' open' : ''}${whole ? ' movable' : ''}`} style={{ left: `${part.left * 100}%`, width: `${part.width * 100}%` }}>
      {can.start && <i className="grip from" onPointerDown={drag.press('start')} {...pull} />}
      <button type="button" className="cut" title={`${name} · ${when}`} aria-label={t('timeline.bar', { name, when })} onKeyDown={keys} {...(whole ? { onPointerDown: (e: PointerEvent<HTMLElement>) => { dragged.current = false; drag.press('move')(e); }, onPointerMove: (e: PointerEvent) => { drag.draw(e); if (drag.moved()) dragged.current = true; }, onPointerUp: drag.drop, onPointerCancel: drag.lose } : {})}
        onClick={() => { if (!dragged.current) void navigate(`/${object.plural}/${row.id}`); dragged.current = false; }}>{part.width > NARROW && when}</button>
      {can.end && <i className="grip to" onPointerDown={drag.press('end')} {...pull} />}
    </div>
  );
}
