import { Checkbox } from 'antd';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { CSSProperties, MouseEvent } from 'react';
import { t } from '@/lib/i18n';
import { fieldLabel } from '@/lib/meta';
import { isSortable, type Column } from '../page/columns';
import { nextSort, parseSort, sortText } from './use-list-state';

interface Props { columns: Column[]; sort: string; onSort?: (sort: string) => void; style: CSSProperties; all: boolean; some: boolean; onToggleAll: () => void }

function Head({ column, first, sort, onSort }: { column: Column; first: boolean; sort: string; onSort?: (sort: string) => void }) {
  const key = parseSort(sort).find((k) => k.field === column.field.name);
  const name = fieldLabel(column.field);
  const classes = `th${first ? ' pin' : ''}${column.right ? ' num' : ''}${key ? ' sorted' : ''}`;
  if (!onSort || !isSortable(column.field)) return <div role="columnheader" className={classes} title={name}><span className="cut">{name}</span></div>;
  const click = (e: MouseEvent) => onSort(sortText(nextSort(parseSort(sort), column.field.name, e.shiftKey)));
  const Arrow = key?.down ? ArrowDown : ArrowUp;
  return (
    <button type="button" role="columnheader" className={classes} title={t('sort.hint', { field: name })} onClick={click} aria-sort={key ? (key.down ? 'descending' : 'ascending') : 'none'}>
      <span className="cut">{name}</span>{key && <Arrow size={12} strokeWidth={2} aria-hidden />}
    </button>
  );
}

export function GridHead({ columns, sort, onSort, style, all, some, onToggleAll }: Props) {
  return (
    <div className="hd" role="row" style={style}>
      <div className="th check" role="columnheader"><Checkbox checked={all} indeterminate={some && !all} onChange={onToggleAll} aria-label={t('list.select_all')} /></div>
      {columns.map((c, i) => <Head key={c.field.name} column={c} first={i === 0} sort={sort} onSort={onSort} />)}
      <div className="th" aria-hidden />
    </div>
  );
}
