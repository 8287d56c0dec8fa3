// A figure by rows and columns, with totals of both; each figure leads to its records. Counted by the server over all one may see.
import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { Download } from 'lucide-react';
import { Link } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState } from '@/components/state';
import { fieldText, isMoney } from '@/fields/fields';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, mayExport, pluralLabel, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { AggregateAnswer, AggregateRow, FieldMeta } from '@/lib/types';
import { joinAnd } from '../filter/expression';
import { groupable, groupCondition, groupLabel, groupSpec, isSummed } from '../groups/group-values';
import { groupOptions } from '../list/group-pop';
import { useAsOf } from '../page/as-of';
import type { KindProps } from './other-kind';
import { csvOf, headsOf, pivotOf, type Head, type Pivot } from './pivot';

const CELLS = 1000;
interface Figure { field?: FieldMeta; how: 'count' | 'sum' | 'avg' }

const rawOf = (figure: Figure, row: AggregateRow | undefined): unknown => (figure.field ? row?.[`${figure.how}_${figure.field.name}`] : row?.count);
const numberOf = (v: unknown): number => Number(v && typeof v === 'object' && 'value' in v ? (v as { value: string }).value : v ?? 0);

function textOf(figure: Figure, row: AggregateRow | undefined): string {
  const raw = rawOf(figure, row);
  if (raw === null || raw === undefined) return '';
  if (figure.field && isMoney(figure.field)) return fieldText(figure.field, raw);
  return formatNumber(Math.round(numberOf(raw) * 100) / 100);
}

/** Cells, and the totals of rows, of columns and of all, each asked by itself: right also where cells are cut. */
function usePivot({ object, state }: KindProps, row: FieldMeta | undefined, col: FieldMeta | undefined, figure: Figure) {
  const { asOf } = useAsOf();
  const measure = figure.field ? { [figure.how]: figure.field.name } : 'count';
  return useQuery({
    queryKey: ['sums', object.plural, 'pivot', row?.name, col?.name, measure, state.effective, state.q, asOf], enabled: !!row, staleTime: 10_000,
    queryFn: async ({ signal }) => {
      const ask = (group: FieldMeta[]) => send<AggregateAnswer>('POST', `/${object.plural}/aggregate`, { body: { ...(group.length ? { group: group.map(groupSpec) } : {}), measures: [...new Set(['count', measure])], limit: CELLS, ...(state.effective ? { filter: state.effective } : {}), ...(state.q ? { q: state.q } : {}), ...(asOf ? { as_of: asOf } : {}) }, signal });
      const [cells, rows, cols] = await Promise.all([col ? ask([row!, col]) : null, ask([row!]), col ? ask([col]) : null]);
      return { cells: cells?.rows ?? [], rows: rows.rows, cols: cols?.rows ?? [], total: rows.total, cut: (cells?.rows.length ?? 0) >= CELLS };
    },
  });
}

interface TableProps { props: KindProps; pivot: Pivot; row: FieldMeta; col: FieldMeta | undefined; figure: Figure; total: AggregateRow | undefined }

function PivotTable({ props: { object, state }, pivot, row, col, figure, total }: TableProps) {
  const catalogue = useCatalogue();
  const to = (conditions: string[]) => `/${object.plural}?view=${state.view.view}&as=table&group=-&filter=${encodeURIComponent(joinAnd([state.own, ...conditions]))}`;
  const of = (field: FieldMeta, head: Head) => groupCondition(catalogue, field, head.value);
  const cell = (key: string, figures: AggregateRow | undefined, conditions: string[]) => { const text = textOf(figure, figures); return <td key={key} className="num">{text && <Link to={to(conditions)}>{text}</Link>}</td>; };
  return (
    <div className="pivot-scroll" tabIndex={0} role="group" aria-label={t('view.pivot')}>
      <table className="pivot">
        <thead><tr><th scope="col">{fieldLabel(row)}</th>{col && pivot.cols.map((c) => <th key={c.key} scope="col" className="num">{groupLabel(col, c.value)}</th>)}<th scope="col" className="num all">{t('pivot.total')}</th></tr></thead>
        <tbody>{pivot.rows.map((r) => <tr key={r.key}><th scope="row" className="cut">{groupLabel(row, r.value)}</th>{col && pivot.cols.map((c) => cell(c.key, pivot.at(r, c), [of(row, r), of(col, c)]))}<td className="num all"><Link to={to([of(row, r)])}>{textOf(figure, r.row)}</Link></td></tr>)}</tbody>
        <tfoot><tr><th scope="row">{t('pivot.total')}</th>{col && pivot.cols.map((c) => cell(c.key, c.row, [of(col, c)]))}<td className="num all">{textOf(figure, total)}</td></tr></tfoot>
      </table>
    </div>
  );
}

function keep(name: string, { pivot, row, col, figure, total }: TableProps) {
  const plain = (r: AggregateRow | undefined) => { const raw = rawOf(figure, r); return raw === null || raw === undefined ? '' : String(numberOf(raw)); };
  const table = [
    [fieldLabel(row), ...(col ? pivot.cols.map((c) => groupLabel(col, c.value)) : []), t('pivot.total')],
    ...pivot.rows.map((r) => [groupLabel(row, r.value), ...(col ? pivot.cols.map((c) => plain(pivot.at(r, c))) : []), plain(r.row)]),
    [t('pivot.total'), ...(col ? pivot.cols.map((c) => plain(c.row)) : []), plain(total)],
  ];
  const url = URL.createObjectURL(new Blob([csvOf(table)], { type: 'text/csv' }));
  Object.assign(document.createElement('a'), { href: url, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** "sum:amount" in the address; without one, records are counted. */
function figureOf(props: KindProps, text: string | null): Figure {
  const [how, name = ''] = (text ?? '').split(':');
  const field = fieldOf(props.object, name);
  return field && isSummed(field) && (how === 'sum' || how === 'avg') ? { field, how } : { how: 'count' };
}

interface BarProps { props: KindProps; row: FieldMeta; col: FieldMeta | undefined; figure: Figure; onFigure: (text: string) => void; onKeep?: () => void }

function Bar({ props: { object, state }, row, col, figure, onFigure, onKeep }: BarProps) {
  const options = groupOptions(object);
  const sums = object.fields.filter(isSummed);
  const figures = [{ value: '', label: t('chart.count') }, ...sums.flatMap((f) => (['sum', 'avg'] as const).map((how) => ({ value: `${how}:${f.name}`, label: t(`pivot.${how}`, { field: fieldLabel(f) }) })))];
  const search = { optionFilterProp: 'label' };
  return (
    <div className="cal-bar">
      <Select size="small" value={row.name} onChange={(v: string) => state.setGroup(col && col.name !== v ? `${v},${col.name}` : v)} options={options} aria-label={t('pivot.rows')} popupMatchSelectWidth={false} showSearch={search} />
      <span className="muted" aria-hidden>×</span>
      <Select size="small" value={col?.name ?? ''} onChange={(v: string) => state.setGroup(v ? `${row.name},${v}` : row.name)} options={[{ value: '', label: t('pivot.no_columns') }, ...options.filter((o) => o.value !== row.name)]} aria-label={t('pivot.columns')} popupMatchSelectWidth={false} showSearch={search} />
      <Select size="small" value={figure.field ? `${figure.how}:${figure.field.name}` : ''} onChange={onFigure} options={figures} aria-label={t('chart.measure')} popupMatchSelectWidth={false} showSearch={search} />
      {onKeep && <span className="end"><Button size="small" icon={<Download size={14} strokeWidth={1.75} />} onClick={onKeep}>{t('pivot.keep')}</Button></span>}
    </div>
  );
}

export default function PivotList(props: KindProps) {
  const { object, state } = props;
  const offered = groupable(object);
  const named = state.groups.map((name) => offered.find((f) => f.name === name)).filter((f) => !!f);
  const own = offered.filter((f) => !f.system);
  const [row, col] = named.length ? named : own.length ? own : offered;
  const figure = figureOf(props, state.look('measure'));
  const query = usePivot(props, row, col, figure);
  if (!row) return <div className="sheet"><p className="muted kind-note">{t('chart.none')}</p></div>;
  const { data } = query;
  const by = (r: AggregateRow) => numberOf(rawOf(figure, r));
  const pivot = data && pivotOf(data.cells, headsOf(data.rows, row, by), col ? headsOf(data.cols, col, by) : [], [row, col]);
  const shown = pivot && { props, pivot, row, col, figure, total: data.total };
  const cut = data && pivot && (data.cut || pivot.more.rows > 0 || pivot.more.cols > 0);
  return (
    <div className="sheet pivot-kind">
      <Bar props={props} row={row} col={col} figure={figure} onFigure={(text) => state.setLook('measure', text)} onKeep={shown && mayExport(object) ? () => keep(pluralLabel(object), shown) : undefined} />
      {cut && <p className="muted cap kind-note">{t('pivot.cut', { cells: CELLS })}</p>}
      {query.isError ? <ErrorState error={query.error} title={t('error.list')} onRetry={() => void query.refetch()} /> : shown ? <PivotTable {...shown} /> : <TableSkeleton columns={4} />}
    </div>
  );
}
