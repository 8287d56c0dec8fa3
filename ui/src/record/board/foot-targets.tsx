// Where deals end: targets at the foot, each with what it holds and the way to its list.
import { useDroppable } from '@dnd-kit/core';
import { CircleCheck, CircleX } from 'lucide-react';
import { Link } from 'react-router';
import { t } from '@/lib/i18n';
import { formatNumber, formatSum } from '@/lib/numbers';
import type { ObjectMeta } from '@/lib/types';
import { joinAnd } from '../filter/expression';
import { useShell } from '../page/shell-context';
import type { BoardColumn } from './use-columns';
import type { ColumnSum } from './use-sums';

interface Props { object: ObjectMeta; columns: BoardColumn[]; sumOf: (column: BoardColumn) => ColumnSum | undefined; filter: string; dragging: boolean }

function Target({ object, column, sum, filter, dragging }: { object: ObjectMeta; column: BoardColumn; sum?: ColumnSum; filter: string; dragging: boolean }) {
  const { phone } = useShell();
  const { setNodeRef, isOver } = useDroppable({ id: column.key });
  const Icon = column.percent && Number(column.percent) >= 100 ? CircleCheck : CircleX;
  const to = `/${object.plural}?filter=${encodeURIComponent(joinAnd([filter, column.condition]))}`;
  return (
    <div ref={setNodeRef} className={isOver ? 'foot-target over' : 'foot-target'} data-column={column.key}>
      <Icon size={14} strokeWidth={1.75} aria-hidden />
      {dragging ? t('board.drop_here', { column: column.title }) : <Link className="soft row gap4" to={to}><b className="ink">{column.title}</b>{sum && <span>{formatNumber(sum.count)}</span>}{sum?.sum && !phone && <span className="muted">· {formatSum(sum.sum)}</span>}</Link>}
    </div>
  );
}

export const FootTargets = (props: Props) => (
  <div className="foot-targets">{props.columns.map((c) => <Target key={c.key} object={props.object} column={c} sum={props.sumOf(c)} filter={props.filter} dragging={props.dragging} />)}</div>
);
