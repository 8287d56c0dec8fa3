// One object: each field's figures, broken rules, stale records, how they went; each leads to its list and to tasks.
import '@/lib/quality-words';
import '@/styles/quality.css';
import { type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState } from '@/components/state';
import { listUrl } from '@/features/home/links';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, pluralLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { SettingsFrame } from '../settings-frame';
import { AssignTasks } from './assign-tasks';
import { share, useQuality, type FieldFigures, type Figures, type Quality } from './quality-api';
import { Count, Share } from './quality-page';
import { Sparkline } from './sparkline';
import { StaleDays } from './stale-days';
import { asksDuplicates } from '@/record/data/use-duplicates';

/** A figure that is its list; nothing to see is no link. */
function Drill({ object, n, filter, bad = false }: { object: ObjectMeta; n: number; filter: string | null; bad?: boolean }) {
  if (!n || !filter) return <Count n={n} bad={bad} />;
  return <Link className="num" to={listUrl(object.plural, filter)}><Count n={n} bad={bad} /></Link>;
}

const Assign = ({ object, n, filter }: { object: ObjectMeta; n: number; filter: string | null }) => (n && filter ? <AssignTasks object={object} n={n} filter={filter} /> : <span />);

function FieldRow({ object, of, total }: { object: ObjectMeta; of: FieldFigures; total: number }) {
  const field = fieldOf(object, of.field);
  const worst = of.wrong ? { n: of.wrong, filter: of.wrong_filter } : { n: total - of.filled, filter: of.empty_filter };
  return (
    <div className="srow q-field">
      <span className="cut">{field ? fieldLabel(field) : of.field}{of.required && <span className="chip q-required">{t('quality.required')}</span>}</span>
      <Share filled={of.filled} all={total} />
      <Drill object={object} n={total - of.filled} filter={of.empty_filter} bad={of.required} />
      <Drill object={object} n={of.wrong} filter={of.wrong_filter} bad />
      <Assign object={object} n={worst.n} filter={worst.filter} />
    </div>
  );
}

function Tile({ label, children, plot, assign }: { label: ReactNode; children: ReactNode; plot?: ReactNode; assign?: ReactNode }) {
  return <section className="q-tile"><div className="cap muted">{label}</div><div className="row between"><b className="q-figure">{children}</b>{assign}</div>{plot}</section>;
}

function Tiles({ object, quality, last }: { object: ObjectMeta; quality: Quality; last: Figures }) {
  const line = (of: (f: Figures) => number, label: string, trend = quality.trend) => <Sparkline values={trend.map(of)} words={t('quality.trend', { label, n: trend.length })} />;
  const pairs = (f: Figures) => f.duplicates ?? 0;
  const complete = (f: Figures) => share(f.filled, f.total * f.fields) ?? 0;
  const broken = quality.rules.reduce((sum, r) => sum + r.broken, 0);
  return (
    <div className="q-tiles">
      <Tile label={t('quality.complete')} plot={line(complete, t('quality.complete'))}><Share filled={last.filled} all={last.total * last.fields} /></Tile>
      <Tile label={t('quality.wrong')} plot={line((f) => f.wrong, t('quality.wrong'))}><Count n={last.wrong} bad /></Tile>
      <Tile label={t('quality.broken')} plot={line((f) => f.broken, t('quality.broken'))}><Count n={broken} bad /></Tile>
      <Tile label={<>{t('quality.stale_of', { n: quality.stale_days })}<StaleDays object={object} days={quality.stale_days} /></>} plot={line((f) => f.stale, t('quality.stale'))} assign={<Assign object={object} n={last.stale} filter={quality.stale_filter} />}><Drill object={object} n={last.stale} filter={quality.stale_filter} /></Tile>
      {asksDuplicates(object) && <Tile label={t('quality.duplicates')} plot={line(pairs, t('quality.duplicates'), quality.trend.filter((f) => f.duplicates !== null))}>{quality.duplicates ? <Link className="num" to={`/${object.plural}/duplicates`}><Count n={quality.duplicates} /></Link> : <Count n={0} />}</Tile>}
    </div>
  );
}

function Fields({ object, quality }: { object: ObjectMeta; quality: Quality }) {
  const last = quality.trend.at(-1)!;
  const rank = (f: FieldFigures) => [f.wrong > 0 ? 0 : 1, f.required && f.filled < last.total ? 0 : 1, f.filled] as const;
  const fields = [...quality.fields].sort((a, b) => { const [x, y] = [rank(a), rank(b)]; return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]; });
  return (
    <div className="srows">
      <Tiles object={object} quality={quality} last={last} />
      {quality.rules.filter((r) => r.broken > 0).map((r) => (
        <div key={r.rule} className="srow q-rule"><span className="cut">{r.message || r.rule}</span><Drill object={object} n={r.broken} filter={r.filter} bad /><Assign object={object} n={r.broken} filter={r.filter} /></div>
      ))}
      <div className="srow hd q-field" aria-hidden><span>{t('quality.field')}</span><span>{t('quality.complete')}</span><span className="num">{t('quality.empty')}</span><span className="num">{t('quality.wrong')}</span><span /></div>
      {fields.map((f) => <FieldRow key={f.field} object={object} of={f} total={last.total} />)}
    </div>
  );
}

export default function QualityObjectPage() {
  const { name = '' } = useParams();
  const { byName } = useCatalogue();
  const object = byName.get(name);
  const query = useQuality(name);
  const title = object ? pluralLabel(object) : name;
  return (
    <SettingsFrame name={title} title={title} crumbs={<Link to="/settings/quality">{t('places.quality')}</Link>}>
      {query.isPending && <TableSkeleton columns={5} />}
      {query.isError && <ErrorState error={query.error} title={t('quality.error')} onRetry={() => void query.refetch()} />}
      {object && query.data && query.data.trend.length > 0 && <Fields object={object} quality={query.data} />}
    </SettingsFrame>
  );
}
