// A list in groups, up to three levels: each with its count and sums; inner groups and records are asked for when it is opened. Rows are chosen across groups.
import './groups.css';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox } from 'antd';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent } from 'react';
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
import { usePicks, type Picks } from './use-picks';
import { groupCondition, groupKey, groupLabel, groupSpec, isDated, isSummed } from './group-values';

const BulkBar = lazy(() => import('../list/bulk-bar'));
const MAX_GROUPS = 200;
const INDENT = 20;
const nothing = () => {};

interface Props { object: ObjectMeta; state: ListState; columns: Column[]; fields: FieldMeta[]; heads?: HeadActions; onEdit: (row: Rec) => void }
interface Open { has: (path: string) => boolean; toggle: (path: string) => void }
/** One level: the groups of fields[depth] among the records that `within` means. */
interface LevelProps extends Props { depth: number; path: string; within: string; open: Open; picks: Picks }

function useGroups({ object, state, columns, fields, depth, within }: LevelProps) {
  const field = fields[depth]!;
  const effective = joinAnd([state.effective, within]);
  const { asOf } = useAsOf();
  const summed = columns.map((c) => c.field).filter(isSummed).slice(0, 4);
  const measures = ['count', ...summed.map((f) => ({ sum: f.name }))];
  const sort = isDated(field) ? [`-${field.name}`] : undefined;
  const query = useQuery({
    queryKey: ['sums', object.plural, 'groups', field.name, effective, state.q, asOf, summed.map((f) => f.name)],
    queryFn: ({ signal }) => send<AggregateAnswer>('POST', `/${object.plural}/aggregate`, { body: { group: [groupSpec(field)], measures, limit: MAX_GROUPS + 1, ...(sort ? { sort } : {}), ...(effective ? { filter: effective } : {}), ...(state.q ? { q: state.q } : {}), ...(asOf ? { as_of: asOf } : {}) }, signal }),
    staleTime: 10_000,
  });
  return { query, summed };
}

/** What a group shows of a column: its sum in the summed ones. */
function Sums({ row, columns, summed }: { row: AggregateRow; columns: Column[]; summed: FieldMeta[] }) {
  return <>{columns.slice(1).map((c) => <span key={c.field.name} className={c.right ? 'td num' : 'td'} role="gridcell">{summed.includes(c.field) && <b><FieldDisplay field={c.field} value={row[`sum_${c.field.name}`]} /></b>}</span>)}</>;
}

function Rows({ object, state, columns, condition, count, picks, onEdit }: LevelProps & { condition: string; count: number }) {
  const { phone } = useShell();
  const box = useRef<HTMLDivElement>(null);
  const list = useList(object, { filter: joinAnd([state.effective, condition]), q: state.q, sort: state.sort, fields: fieldsParam(columns) });
  const { rows } = list;
  const { renew } = picks;
  useEffect(() => renew(rows), [renew, rows]);
  const from = { filter: joinAnd([state.effective, condition]), count: { value: count, exact: true } };
  const focus = (place: Place) => requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-cell="${place.row} ${place.col}"]`)?.focus());
  const cells = useCells(object, columns, list.rows, focus);
  const style = trackStyle(columns);
  const shape = columns.map((c) => `${c.field.name} ${c.width}`).join(',');
  const enter = (e: KeyboardEvent) => { if ((e.key === 'Enter' || e.key === 'F2') && cells.state && !cells.state.editing && (e.target as HTMLElement).matches('[data-cell]')) { e.preventDefault(); e.stopPropagation(); cells.actions.edit(cells.state.at); } };
  if (list.query.isError) return <ErrorState error={list.query.error} title={t('error.list')} onRetry={() => void list.query.refetch()} />;
  if (list.query.isPending) return <div className="wait"><TableSkeleton columns={phone ? 1 : 4} /></div>;
  if (phone) return <PhoneList object={object} list={list} columns={columns} />;
  const left = Math.max(0, count - rows.length);
  const chosen = rows.filter((r) => picks.has(r.id)).length;
  return (
    <div ref={box} className="members" onKeyDown={enter}>
      {!object.past && <div className="pick-all" role="row"><span role="gridcell"><Checkbox checked={chosen === rows.length} indeterminate={chosen > 0 && chosen < rows.length} onChange={() => picks.toggleAll(rows, from)}>{t('group.pick', { n: formatNumber(rows.length) })}</Checkbox></span></div>}
      {list.rows.map((row, i) => <GridRow key={row.id} object={object} row={row} index={i} columns={columns} shape={shape} actions={cells.actions} {...marksOf(cells.state, i)} top={0} style={style} picked={picks.has(row.id)} at={false} fresh={list.fresh.has(row.id)} onPick={() => picks.toggle(row, from)} onEdit={() => onEdit(row)} onPoint={nothing} />)}
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

function Level(props: LevelProps) {
  const { state, columns, fields, depth, path, within, open, heads } = props;
  const field = fields[depth]!;
  const { phone } = useShell();
  const catalogue = useCatalogue();
  const { query, summed } = useGroups(props);
  if (query.isError) return (<ErrorState error={query.error} title={t('error.list')} onRetry={() => void query.refetch()} />);
  if (query.isPending) return (<div className={depth ? 'wait' : undefined}><TableSkeleton columns={phone ? 1 : 4} /></div>);
  const groups = query.data.rows.slice(0, MAX_GROUPS);
  const style = phone ? undefined : trackStyle(columns);
  const first = summed[0];
  const body = (
    <>
      {groups.map((row) => {
        const key = `${path}/${groupKey(row, field)}`;
        const shown = open.has(key);
        const condition = joinAnd([within, groupCondition(catalogue, field, row[field.name])]);
        const Chevron = shown ? ChevronDown : ChevronRight;
        return (
          <section key={key} role={phone ? undefined : depth ? 'presentation' : 'rowgroup'}>
            <div className="grow-head" role={phone ? undefined : 'row'} aria-level={phone ? undefined : depth + 1} style={style}>
              <span className="title" role={phone ? undefined : 'gridcell'}>
                <button type="button" className="ghead" style={{ paddingLeft: (phone ? 16 : 20) + depth * INDENT }} aria-expanded={shown} onClick={() => open.toggle(key)} onKeyDown={(e) => headKeys(e, shown, () => open.toggle(key))}><Chevron size={16} strokeWidth={1.75} aria-hidden /><b className="cut">{groupLabel(field, row[field.name])}</b><em>{formatNumber(row.count ?? 0)}</em></button>
              </span>
              {phone ? first && <span className="end nw"><FieldDisplay field={first} value={row[`sum_${first.name}`]} /></span> : <><Sums row={row} columns={columns} summed={summed} /><span className="td" aria-hidden /></>}
            </div>
            {shown && (depth + 1 < fields.length ? <Level {...props} depth={depth + 1} path={key} within={condition} /> : <Rows {...props} condition={condition} count={row.count ?? 0} />)}
          </section>
        );
      })}
      {query.data.rows.length > MAX_GROUPS && <p className="muted cap rest">{t('group.rest')}</p>}
    </>
  );
  if (depth) return body;
  return (
    <div className="gxt gxg" role={phone ? undefined : 'treegrid'} aria-label={t('group.rows')} tabIndex={-1}>
      {!phone && <GridHead columns={columns} sort={state.sort} onSort={state.setSort} heads={heads} style={style!} all={false} some={false} onToggleAll={nothing} />}
      {body}
    </div>
  );
}

export default function GroupList(props: Props) {
  const { object, state } = props;
  const { phone } = useShell();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const picks = usePicks();
  const open: Open = { has: (path) => opened.has(path), toggle: (path) => setOpened((old) => { const next = new Set(old); if (!next.delete(path)) next.add(path); return next; }) };
  const whole = picks.from ?? { filter: state.effective, count: null };
  return (
    <div className="sheet">
      <Level {...props} depth={0} path="" within="" open={open} picks={picks} />
      <Suspense>{!phone && picks.rows.length > 0 && <BulkBar object={object} rows={picks.rows} whole={state.q ? undefined : whole} onClear={picks.clear} />}</Suspense>
    </div>
  );
}
