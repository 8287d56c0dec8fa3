// A figure by groups, drawn: bars, a line over months, or shares of at most four. Each mark leads to its records, and the same figures stand as a table.
import { useQuery } from '@tanstack/react-query';
import { Segmented, Select } from 'antd';
import { Link } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState } from '@/components/state';
import { fieldText, isMoney } from '@/fields/fields';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';
import { fieldLabel, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { AggregateAnswer, AggregateRow, FieldMeta } from '@/lib/types';
import { joinAnd } from '../filter/expression';
import { groupable, groupCondition, groupKey, groupLabel, groupSpec, isDated, isSummed, monthOf } from '../groups/group-values';
import { groupOptions } from '../list/group-pop';
import { useAsOf } from '../page/as-of';
import type { KindProps } from './other-kind';

const BARS = 24;
const SLICES = 4;
type Drawn = 'bar' | 'line' | 'pie';
export interface Mark { key: string; label: string; value: number; text: string; to: string | null }

const numberOf = (v: unknown): number => Number(v && typeof v === 'object' && 'value' in v ? (v as { value: string }).value : v ?? 0);

function Bars({ marks }: { marks: Mark[] }) {
  const most = Math.max(...marks.map((m) => m.value), 0) || 1;
  return (
    <div className="bars">
      {marks.map((m) => { const inner = <><span className="cut">{m.label}</span><span className="track"><i style={{ width: `${Math.max(0, (m.value / most) * 100)}%` }} /></span><span className="nw num">{m.text}</span></>; return m.to ? <Link key={m.key} className="brow" to={m.to}>{inner}</Link> : <div key={m.key} className="brow">{inner}</div>; })}
    </div>
  );
}

const [W, H, PAD] = [720, 260, 28];

function Line({ marks, label }: { marks: Mark[]; label: string }) {
  const most = Math.max(...marks.map((m) => m.value), 0) || 1;
  const x = (i: number) => PAD + (marks.length > 1 ? (i / (marks.length - 1)) * (W - 2 * PAD) : (W - 2 * PAD) / 2);
  const y = (v: number) => H - PAD - (Math.max(0, v) / most) * (H - 2 * PAD);
  const every = Math.ceil(marks.length / 8);
  return (
    <svg className="line" viewBox={`0 0 ${W} ${H}`} role="img" aria-label={label}>
      {[0, 0.5, 1].map((p) => <line key={p} className="grid" x1={PAD} x2={W - PAD} y1={y(most * p)} y2={y(most * p)} />)}
      <polyline points={marks.map((m, i) => `${x(i)},${y(m.value)}`).join(' ')} />
      {marks.map((m, i) => <circle key={m.key} cx={x(i)} cy={y(m.value)} r={3}><title>{`${m.label} ${m.text}`}</title></circle>)}
      {marks.map((m, i) => i % every === 0 && <text key={m.key} x={x(i)} y={H - 8} textAnchor="middle">{m.label}</text>)}
    </svg>
  );
}

/** Four parts at most; what is left is one of them. */
export function slicesOf(marks: Mark[], other: string, write: (n: number) => string): Mark[] {
  const sorted = [...marks].filter((m) => m.value > 0).sort((a, b) => b.value - a.value);
  if (sorted.length <= SLICES) return sorted;
  const rest = sorted.slice(SLICES - 1).reduce((sum, m) => sum + m.value, 0);
  return [...sorted.slice(0, SLICES - 1), { key: 'rest', label: other, value: rest, text: write(rest), to: null }];
}

function Pie({ slices, label }: { slices: Mark[]; label: string }) {
  const sum = slices.reduce((s, m) => s + m.value, 0) || 1;
  let from = 0;
  return (
    <div className="pie">
      <svg viewBox="-1 -1 2 2" role="img" aria-label={label}>
        {slices.map((m, i) => {
          const [a, b] = [from, from + m.value / sum];
          from = b;
          const point = (p: number) => `${Math.sin(p * 2 * Math.PI)} ${-Math.cos(p * 2 * Math.PI)}`;
          return slices.length === 1 ? <circle key={m.key} className={`s${i}`} r={1} /> : <path key={m.key} className={`s${i}`} d={`M0 0L${point(a)}A1 1 0 ${b - a > 0.5 ? 1 : 0} 1 ${point(b)}Z`}><title>{`${m.label} ${m.text}`}</title></path>;
        })}
      </svg>
      <div className="parts">{slices.map((m, i) => <div key={m.key} className="part"><i className={`s${i}`} aria-hidden />{m.to ? <Link className="cut" to={m.to}>{m.label}</Link> : <span className="cut">{m.label}</span>}<span className="num nw">{m.text}</span><span className="num muted nw">{`${Math.round((m.value / sum) * 100)}%`}</span></div>)}</div>
    </div>
  );
}

function useFigures({ object, state }: KindProps, field: FieldMeta | undefined, measure: FieldMeta | undefined) {
  const { asOf } = useAsOf();
  return useQuery({
    queryKey: ['sums', object.plural, 'chart', field?.name, measure?.name, state.effective, state.q, asOf], enabled: !!field, staleTime: 10_000,
    queryFn: ({ signal }) => send<AggregateAnswer>('POST', `/${object.plural}/aggregate`, { body: { group: [groupSpec(field!)], measures: ['count', ...(measure ? [{ sum: measure.name }] : [])], limit: 500, ...(state.effective ? { filter: state.effective } : {}), ...(state.q ? { q: state.q } : {}), ...(asOf ? { as_of: asOf } : {}) }, signal }),
  });
}

const catalogueCurrency = (rows: AggregateRow[] | undefined, measure: FieldMeta): string => {
  for (const row of rows ?? []) { const v = row[`sum_${measure.name}`]; if (v && typeof v === 'object' && 'currency' in v) return String(v.currency); }
  return '';
};

interface DrawingProps { props: KindProps; field: FieldMeta; measure: FieldMeta | undefined; drawn: Drawn; rows: AggregateRow[] }

function useMarks({ props, field, measure, rows, drawn }: DrawingProps) {
  const { object, state } = props;
  const catalogue = useCatalogue();
  const currency = measure ? catalogueCurrency(rows, measure) : '';
  const write = (n: number) => (measure && isMoney(measure) ? fieldText(measure, { value: n.toFixed(2), currency }) : formatNumber(n));
  const markOf = (row: AggregateRow): Mark => {
    const value = measure ? numberOf(row[`sum_${measure.name}`]) : row.count ?? 0;
    return { key: groupKey(row, field), label: groupLabel(field, row[field.name]), value, text: write(value), to: `/${object.plural}?view=${state.view.view}&as=table&group=-&filter=${encodeURIComponent(joinAnd([state.own, groupCondition(catalogue, field, row[field.name])]))}` };
  };
  const marks = rows.filter((r) => drawn !== 'line' || !isDated(field) || monthOf(r[field.name])).map(markOf);
  const ordered = [...marks].sort(isDated(field) ? (a, b) => a.key.localeCompare(b.key) : (a, b) => b.value - a.value);
  return { marks, ordered, write };
}

/** One sentence where there is something to say: which group is largest. */
function findingOf(marks: Mark[]): string {
  const total = marks.reduce((s, m) => s + Math.max(0, m.value), 0);
  const [top, second] = [...marks].sort((a, b) => b.value - a.value);
  return top && second && total > 0 && top.value > second.value ? t('chart.finding', { name: top.label, share: `${Math.round((top.value / total) * 100)}%` }) : '';
}

function Drawing(drawing: DrawingProps) {
  const { field, measure, drawn } = drawing;
  const { marks, ordered, write } = useMarks(drawing);
  const figure = measure ? fieldLabel(measure) : t('chart.count');
  const label = `${fieldLabel(field)} · ${figure}`;
  const finding = findingOf(marks);
  if (!marks.length) return <p className="muted kind-note">{t('chart.empty')}</p>;
  return (
    <div className="drawing">
      {finding && <p className="finding">{finding}</p>}
      {drawn === 'bar' && <Bars marks={ordered.slice(isDated(field) ? -BARS : 0, isDated(field) ? undefined : BARS)} />}
      {drawn === 'line' && <Line marks={ordered.slice(-36)} label={label} />}
      {drawn === 'pie' && <Pie slices={slicesOf(marks, t('chart.others'), write)} label={label} />}
      <details><summary>{t('chart.table')}</summary><table className="plain"><thead><tr><th scope="col">{fieldLabel(field)}</th><th scope="col">{figure}</th></tr></thead><tbody>{ordered.map((m) => <tr key={m.key}><td>{m.to ? <Link to={m.to}>{m.label}</Link> : m.label}</td><td className="num">{m.text}</td></tr>)}</tbody></table></details>
    </div>
  );
}

export default function ChartList(props: KindProps) {
  const { object, state, group } = props;
  const field = group ?? groupable(object).find((f) => !f.system) ?? groupable(object)[0];
  const sums = object.fields.filter(isSummed);
  const measure = sums.find((f) => f.name === state.look('measure'));
  const drawn = (['bar', 'line', 'pie'] as const).find((k) => k === state.look('draw')) ?? (field && isDated(field) ? 'line' : 'bar');
  const query = useFigures(props, field, measure);
  if (!field) return <div className="sheet"><p className="muted kind-note">{t('chart.none')}</p></div>;
  return (
    <div className="sheet chart">
      <div className="cal-bar">
        <Select size="small" value={field.name} onChange={state.setGroup} options={groupOptions(object)} aria-label={t('chart.by')} popupMatchSelectWidth={false} showSearch={{ optionFilterProp: 'label' }} />
        <Select size="small" value={measure?.name ?? ''} onChange={(name: string) => state.setLook('measure', name)} options={[{ value: '', label: t('chart.count') }, ...sums.map((f) => ({ value: f.name, label: fieldLabel(f) }))]} aria-label={t('chart.measure')} popupMatchSelectWidth={false} />
        <span className="end"><Segmented size="small" value={drawn} onChange={(k: string) => state.setLook('draw', k)} options={(['bar', 'line', 'pie'] as Drawn[]).map((k) => ({ value: k, label: t(`chart.${k}`) }))} aria-label={t('chart.kind')} /></span>
      </div>
      {query.isError ? <ErrorState error={query.error} title={t('error.list')} onRetry={() => void query.refetch()} /> : query.data ? <Drawing props={props} field={field} measure={measure} drawn={drawn} rows={query.data.rows} /> : <TableSkeleton columns={2} />}
    </div>
  );
}
