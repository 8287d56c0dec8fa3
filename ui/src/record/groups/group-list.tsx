// A list in groups: each with its count and sums, its records asked for when it is opened.
import './groups.css';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { ErrorState } from '@/components/state';
import { TableSkeleton } from '@/components/skeleton';
import { FieldDisplay } from '@/fields/field-display';
import '@/lib/lists-words';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { AggregateAnswer, AggregateRow, FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { useList } from '../data/use-list';
import { joinAnd } from '../filter/expression';
import { GridHead, type HeadActions } from '../list/grid-head';
import { GridRow } from '../list/grid-row';
import type { ListState } from '../list/list-view';
import { PhoneList } from '../list/phone-list';
import { trackStyle } from '../list/track-style';
import { marksOf, useCells, type Place } from '../list/use-cells';
import { useAsOf } from '../page/as-of';
import { fieldsParam, type Column } from '../page/columns';
import { useShell } from '../page/shell-context';
import { groupCondition, groupKey, groupLabel, groupSpec, isDated, isSummed } from './group-values';

const MAX_GROUPS = 200;
const nothing = () => {};

interface Props { object: ObjectMeta; state: ListState; columns: Column[]; field: FieldMeta; heads?: HeadActions; onEdit: (row: Rec) => void }

function useGroups({ object, state, columns, field }: Props) {
  const { asOf } = useAsOf();
  const summed = columns.map((c) => c.field).filter(isSummed).slice(0, 4);
  const measures = ['count', ...summed.map((f) => ({ sum: f.name }))];
  const sort = isDated(field) ? [`-${field.name}`] : undefined;
  const query = useQuery({
    queryKey: ['sums', object.plural, 'groups', field.name, state.effective, state.q, asOf, summed.map((f) => f.name)],
    queryFn: ({ signal }) => send<AggregateAnswer>('POST', `/${object.plural}/aggregate`, { body: { group: [groupSpec(field)], measures, limit: MAX_GROUPS + 1, ...(sort ? { sort } : {}), ...(state.effective ? { filter: state.effective } : {}), ...(state.q ? { q: state.q } : {}), ...(asOf ? { as_of: asOf } : {}) }, signal }),
    staleTime: 10_000,
  });
  return { query, summed };
}

/** What a group shows of a column: its sum in the summed ones. */
function Sums({ row, columns, summed }: { row: AggregateRow; columns: Column[]; summed: FieldMeta[] }) {
  return <>{columns.slice(1).map((c) => <span key={c.field.name} className={c.right ? 'td num' : 'td'} role="gridcell">{summed.includes(c.field) && <b><FieldDisplay field={c.field} value={row[`sum_${c.field.name}`]} /></b>}</span>)}</>;
}

function Rows({ object, state, columns, condition, count, onEdit }: Props & { condition: string; count: number }) {
  const { phone } = useShell();
  const box = useRef<HTMLDivElement>(null);
  const list = useList(object, { filter: joinAnd([state.effective, condition]), q: state.q, sort: state.sort, fields: fieldsParam(columns) });
  const focus = (place: Place) => requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-cell="${place.row} ${place.col}"]`)?.focus());
  const cells = useCells(object, columns, list.rows, focus);
  const style = trackStyle(columns);
  const shape = columns.map((c) => `${c.field.name} ${c.width}`).join(',');
  const enter = (e: KeyboardEvent) => { if ((e.key === 'Enter' || e.key === 'F2') && cells.state && !cells.state.editing && (e.target as HTMLElement).matches('[data-cell]')) { e.preventDefault(); e.stopPropagation(); cells.actions.edit(cells.state.at); } };
  if (list.query.isError) return <ErrorState error={list.query.error} title={t('error.list')} onRetry={() => void list.query.refetch()} />;
  if (list.query.isPending) return <div className="wait"><TableSkeleton columns={phone ? 1 : 4} /></div>;
  if (phone) return <PhoneList object={object} list={list} columns={columns} />;
  const left = Math.max(0, count - list.rows.length);
  return (
    <div ref={box} className="members" onKeyDown={enter}>
      {list.rows.map((row, i) => <GridRow key={row.id} object={object} row={row} index={i} columns={columns} shape={shape} actions={cells.actions} {...marksOf(cells.state, i)} top={0} style={style} picked={false} at={false} fresh={list.fresh.has(row.id)} onPick={nothing} onEdit={() => onEdit(row)} onPoint={nothing} />)}
      {list.query.hasNextPage && <div className="more"><Button type="text" size="small" loading={list.query.isFetchingNextPage} onClick={() => void list.query.fetchNextPage()}>{t('group.more', { n: left })}</Button></div>}
    </div>
  );
}

/** Up and down go from head to head; right opens, left shuts. */
function headKeys(e: KeyboardEvent<HTMLButtonElement>, open: boolean, toggle: () => void) {
  const all = [...(e.currentTarget.closest('.gxg')?.querySelectorAll<HTMLElement>('.ghead') ?? [])];
  const at = all.indexOf(e.currentTarget);
  const to = { ArrowDown: all[at + 1], ArrowUp: all[at - 1], Home: all[0], End: all.at(-1) }[e.key];
  if ((e.key === 'ArrowRight' && !open) || (e.key === 'ArrowLeft' && open)) toggle();
  else if (!to) return;
  e.preventDefault();
  e.stopPropagation();
  to?.focus();
}

export default function GroupList(props: Props) {
  const { state, columns, field, heads } = props;
  const { phone } = useShell();
  const catalogue = useCatalogue();
  const { query, summed } = useGroups(props);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  if (query.isError) return <div className="sheet"><ErrorState error={query.error} title={t('error.list')} onRetry={() => void query.refetch()} /></div>;
  if (query.isPending) return <div className="sheet"><TableSkeleton columns={phone ? 1 : 4} /></div>;
  const groups = query.data.rows.slice(0, MAX_GROUPS);
  const toggle = (key: string) => setOpened((old) => { const next = new Set(old); if (!next.delete(key)) next.add(key); return next; });
  const style = phone ? undefined : trackStyle(columns);
  const first = summed[0];
  return (
    <div className="sheet">
      <div className="gxt gxg" role={phone ? undefined : 'grid'} aria-label={t('group.rows')} tabIndex={-1}>
        {!phone && <GridHead columns={columns} sort={state.sort} onSort={state.setSort} heads={heads} style={style!} all={false} some={false} onToggleAll={() => setOpened(opened.size ? new Set() : new Set(groups.map((g) => groupKey(g, field))))} />}
        {groups.map((row) => {
          const key = groupKey(row, field);
          const open = opened.has(key);
          const Chevron = open ? ChevronDown : ChevronRight;
          return (
            <section key={key} role={phone ? undefined : 'rowgroup'}>
              <div className="grow-head" role={phone ? undefined : 'row'} style={style}>
                <span className="title" role={phone ? undefined : 'gridcell'}>
                  <button type="button" className="ghead" aria-expanded={open} onClick={() => toggle(key)} onKeyDown={(e) => headKeys(e, open, () => toggle(key))}><Chevron size={16} strokeWidth={1.75} aria-hidden /><b className="cut">{groupLabel(field, row[field.name])}</b><em>{formatNumber(row.count ?? 0)}</em></button>
                </span>
                {phone ? first && <span className="end nw"><FieldDisplay field={first} value={row[`sum_${first.name}`]} /></span> : <><Sums row={row} columns={columns} summed={summed} /><span className="td" aria-hidden /></>}
              </div>
              {open && <Rows {...props} condition={groupCondition(catalogue, field, row[field.name])} count={row.count ?? 0} />}
            </section>
          );
        })}
        {query.data.rows.length > MAX_GROUPS && <p className="muted cap rest">{t('group.rest')}</p>}
      </div>
    </div>
  );
}
