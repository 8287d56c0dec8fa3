// One row: checkbox, name with its mark, cells; actions show at the right on hover and move nothing.
import { Checkbox } from 'antd';
import { BellPlus, BellRing, PencilLine, Trash2 } from 'lucide-react';
import { memo, useState, type CSSProperties } from 'react';
import { Link } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import { mayDelete, mayUpdate } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { useMay } from '../access/use-may';
import { recordTitle, RecordMark } from '../page/record-mark';
import { useDelete } from '../data/use-delete';
import { useMark } from '../data/use-marks';
import type { Column } from '../page/columns';
import { EditableCell } from './editable-cell';
import type { CellActions } from './use-cells';

interface Props {
  object: ObjectMeta; row: Rec; index: number; columns: Column[]; shape: string; top: number; style: CSSProperties; picked: boolean; at: boolean; fresh: boolean;
  left: number; right: number; editing: number; actions: CellActions;
  onPick: () => void; onEdit: () => void; onPoint: () => void;
}

/** Only where the hand is, and only what this record allows. */
function RowActions({ object, row, onEdit }: { object: ObjectMeta; row: Rec; onEdit: () => void }) {
  const remove = useDelete(object);
  const may = useMay(object, row);
  const { on, toggle } = useMark(object, row, 'follow');
  return (
    <div className="acts-line" role="gridcell"><span className="row-acts">
      <IconButton small icon={on ? BellRing : BellPlus} on={on} label={t(on ? 'mark.unfollow' : 'mark.follow')} onClick={() => void toggle()} />
      {mayUpdate(object) && may('update') && <IconButton small icon={PencilLine} label={t('action.edit')} onClick={onEdit} />}
      {mayDelete(object) && may('delete') && <IconButton small icon={Trash2} label={t('action.delete')} onClick={() => void remove([row])} />}
    </span></div>
  );
}

function Row({ object, row, index, columns, top, style, picked, at, fresh, left, right, editing, actions, onPick, onEdit, onPoint }: Props) {
  const [hot, setHot] = useState(false);
  const warm = () => setHot(true);
  const classes = `tr${picked ? ' picked' : ''}${at ? ' at' : ''}${fresh ? ' fresh' : ''}${editing >= 0 ? ' editing' : ''}`;
  return (
    <div className={classes} role="row" aria-rowindex={index + 1} aria-selected={picked} style={{ ...style, transform: `translateY(${top}px)` }} onMouseDown={onPoint} onMouseEnter={warm} onFocus={warm}>
      <div className="td check" role="gridcell"><Checkbox checked={picked} onChange={onPick} aria-label={t('list.select', { name: recordTitle(object, row) })} /></div>
      {columns.map((c, i) => {
        const cell = { object, row, column: c, index, col: i, actions, editing: editing === i, marked: i >= left && i <= right, hot, pinned: c.frozen, style: c.frozen && i > 0 ? { left: c.left } : undefined };
        if (i === 0) return <EditableCell key={c.field.name} {...cell}><Link className="row name" to={`/${object.plural}/${row.id}`}><RecordMark object={object} record={row} size={22} /><span className="cut">{recordTitle(object, row)}</span></Link></EditableCell>;
        return <EditableCell key={c.field.name} {...cell} />;
      })}
      <div className="td" aria-hidden />
      {(hot || at) && !object.past && <RowActions object={object} row={row} onEdit={onEdit} />}
    </div>
  );
}

const SAME = ['row', 'index', 'top', 'picked', 'at', 'fresh', 'shape', 'left', 'right', 'editing'] as const;

export const GridRow = memo(Row, (a, b) => SAME.every((key) => a[key] === b[key]));
