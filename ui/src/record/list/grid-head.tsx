// Heads sort by a click (Shift keeps the other keys), are carried to another place, and are drawn wider at their right edge.
import { Checkbox } from 'antd';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useRef, type CSSProperties, type DragEvent, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react';
import { t } from '@/lib/i18n';
import { fieldLabel } from '@/lib/meta';
import { isSortable, type Column } from '../page/columns';
import { nextSort, parseSort, sortText } from './use-list-state';

export interface HeadActions { onWidth: (name: string, width: number) => void; onMove: (name: string, before: string) => void }
interface Props { columns: Column[]; sort: string; onSort?: (sort: string) => void; heads?: HeadActions; style: CSSProperties; all: boolean; some: boolean; onToggleAll: () => void }

const [MIN, MAX, STEP] = [56, 800, 16];
const CARRIED = 'application/x-gx-column';

function Edge({ column, onWidth }: { column: Column; onWidth: (width: number) => void }) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const fit = (width: number) => onWidth(Math.round(Math.max(MIN, Math.min(MAX, width))));
  const down = (e: PointerEvent<HTMLSpanElement>) => {
    e.preventDefault();
    e.stopPropagation();
    from.current = { x: e.clientX, width: e.currentTarget.parentElement!.getBoundingClientRect().width };
    e.currentTarget.setPointerCapture(e.pointerId);
  };
  const keys = (e: KeyboardEvent) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[e.key];
    if (by) { e.preventDefault(); e.stopPropagation(); fit(column.width + by); }
  };
  return (
    <span className="edge" role="separator" aria-orientation="vertical" tabIndex={0} aria-label={t('columns.width', { field: fieldLabel(column.field) })} aria-valuenow={Math.round(column.width)} aria-valuemin={MIN} aria-valuemax={MAX}
      onPointerDown={down} onPointerMove={(e) => { if (from.current) fit(from.current.width + e.clientX - from.current.x); }} onPointerUp={() => { from.current = null; }} onClick={(e) => e.stopPropagation()} onKeyDown={keys} />
  );
}

/** Heads other than the name can be carried and dropped on another. */
function carrying(name: string, heads: HeadActions | undefined, first: boolean) {
  if (!heads) return {};
  const drop = { onDragOver: (e: DragEvent) => { if (e.dataTransfer.types.includes(CARRIED) && !first) e.preventDefault(); }, onDrop: (e: DragEvent) => { const from = e.dataTransfer.getData(CARRIED); if (from && from !== name) heads.onMove(from, name); } };
  return first ? drop : { draggable: true, onDragStart: (e: DragEvent) => { e.dataTransfer.setData(CARRIED, name); e.dataTransfer.effectAllowed = 'move'; }, ...drop };
}

function Head({ column, first, sort, onSort, heads }: { column: Column; first: boolean; sort: string; onSort?: (sort: string) => void; heads?: HeadActions }) {
  const keys = parseSort(sort);
  const at = keys.findIndex((k) => k.field === column.field.name);
  const key = keys[at];
  const name = fieldLabel(column.field);
  const classes = `th${column.frozen ? ' pin' : ''}${column.right ? ' num' : ''}${key ? ' sorted' : ''}`;
  const shared = { role: 'columnheader', className: classes, style: column.frozen && !first ? { left: column.left } : undefined, ...carrying(column.field.name, heads, first) };
  const edge = heads && <Edge column={column} onWidth={(width) => heads.onWidth(column.field.name, width)} />;
  if (!onSort || !isSortable(column.field)) return <div {...shared} title={name}><span className="cut">{name}</span>{edge}</div>;
  const click = (e: MouseEvent) => onSort(sortText(nextSort(keys, column.field.name, e.shiftKey)));
  const Arrow = key?.down ? ArrowDown : ArrowUp;
  return (
    <div {...shared} aria-sort={key ? (key.down ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className="sorter" title={t('sort.hint', { field: name })} onClick={click}>
        <span className="cut">{name}</span>{key && <Arrow size={12} strokeWidth={2} aria-hidden />}{key && keys.length > 1 && <sup>{at + 1}</sup>}
      </button>
      {edge}
    </div>
  );
}

export function GridHead({ columns, sort, onSort, heads, style, all, some, onToggleAll }: Props) {
  return (
    <div className="hd" role="row" style={style}>
      <div className="th check" role="columnheader"><Checkbox checked={all} indeterminate={some && !all} onChange={onToggleAll} aria-label={t('list.select_all')} /></div>
      {columns.map((c, i) => <Head key={c.field.name} column={c} first={i === 0} sort={sort} onSort={onSort} heads={heads} />)}
      <div className="th" aria-hidden />
    </div>
  );
}
