// One row: checkbox, name with its mark, cells; actions show at the right on hover and move nothing.
import { Checkbox } from 'antd';
import { PencilLine, Trash2 } from 'lucide-react';
import { memo, type CSSProperties } from 'react';
import { Link } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { FieldDisplay } from '@/fields/field-display';
import { t } from '@/lib/i18n';
import { isEditable, mayDelete, mayUpdate } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { recordTitle, RecordMark } from '../page/record-mark';
import { useDelete } from '../data/use-delete';
import type { Column } from '../page/columns';
import { EditableCell } from './editable-cell';

interface Props {
  object: ObjectMeta; row: Rec; index: number; columns: Column[]; top: number; style: CSSProperties; picked: boolean; at: boolean; fresh: boolean;
  onPick: () => void; onEdit: () => void; onPoint: () => void;
}

function RowActions({ object, row, onEdit }: { object: ObjectMeta; row: Rec; onEdit: () => void }) {
  const remove = useDelete(object);
  return (
    <div className="acts-line" role="gridcell"><span className="row-acts">
      {mayUpdate(object) && <IconButton small icon={PencilLine} label={t('action.edit')} onClick={onEdit} />}
      {mayDelete(object) && <IconButton small icon={Trash2} label={t('action.delete')} onClick={() => void remove([row])} />}
    </span></div>
  );
}

function Row({ object, row, index, columns, top, style, picked, at, fresh, onPick, onEdit, onPoint }: Props) {
  const classes = `tr${picked ? ' picked' : ''}${at ? ' at' : ''}${fresh ? ' fresh' : ''}`;
  return (
    <div className={classes} role="row" aria-rowindex={index + 1} aria-selected={picked} style={{ ...style, transform: `translateY(${top}px)` }} onMouseDown={onPoint}>
      <div className="td check" role="gridcell"><Checkbox checked={picked} onChange={onPick} aria-label={t('list.select', { name: recordTitle(object, row) })} /></div>
      {columns.map((c, i) => {
        if (i === 0) return <div key={c.field.name} className="td pin" role="gridcell"><Link className="row name" to={`/${object.plural}/${row.id}`}><RecordMark object={object} record={row} size={22} /><span className="cut">{recordTitle(object, row)}</span></Link></div>;
        if (mayUpdate(object) && isEditable(c.field)) return <EditableCell key={c.field.name} object={object} row={row} column={c} />;
        return <div key={c.field.name} className={c.right ? 'td num' : 'td'} role="gridcell"><FieldDisplay field={c.field} value={row[c.field.name]} /></div>;
      })}
      <div className="td" aria-hidden />
      <RowActions object={object} row={row} onEdit={onEdit} />
    </div>
  );
}

export const GridRow = memo(Row, (a, b) =>
  a.row === b.row && a.top === b.top && a.picked === b.picked && a.at === b.at && a.fresh === b.fresh && a.columns.length === b.columns.length && a.style.gridTemplateColumns === b.style.gridTemplateColumns && a.style.width === b.style.width);
