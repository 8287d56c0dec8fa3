// What a bulk action would do, and what it did.
import { t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';
import type { ObjectMeta, ProblemBody } from '@/lib/types';
import { changeLabel, ChangeValue } from '../detail/change-text';
import type { BulkResult, Preview, Sample } from './bulk-api';

export const reason = (error: ProblemBody | undefined): string => error?.errors?.[0]?.message ?? error?.detail ?? error?.title ?? '';

export function SampleRow({ object, sample }: { object: ObjectMeta; sample: Sample }) {
  return (
    <div className="hist">
      <div className="row"><b className="cut">{sample.title ?? `#${sample.id}`}</b>{sample.outcome !== 'change' && <span className="chip">{t(`bulk.outcome.${sample.outcome}`)}</span>}</div>
      {sample.error && <div className="cap muted">{reason(sample.error)}</div>}
      {sample.changes?.map((c) => (
        <div className="ch" key={c.field}>
          <span className="k muted">{changeLabel(object, c)}</span><span className="old"><ChangeValue object={object} name={c.field} value={c.old} /></span><span aria-hidden /><span className="new"><ChangeValue object={object} name={c.field} value={c.new} /></span><span />
        </div>
      ))}
    </div>
  );
}

export function BulkPreview({ object, preview }: { object: ObjectMeta; preview: Preview }) {
  const all = preview.count.exact && preview.checked >= preview.count.value;
  return (
    <section className="card" aria-label={t('bulk.preview')}>
      <div className="body" style={{ paddingTop: 16 }}>
        <p><b>{t(preview.count.exact ? 'bulk.meant' : 'bulk.meant_more', { count: formatNumber(preview.count.value) })}</b></p>
        <p className="cap muted">{t(all ? 'bulk.outcomes' : 'bulk.outcomes_of', { checked: formatNumber(preview.checked), change: formatNumber(preview.change), same: formatNumber(preview.unchanged), failed: formatNumber(preview.failed) })}</p>
        {preview.samples.map((s) => <SampleRow key={s.id} object={object} sample={s} />)}
      </div>
    </section>
  );
}

export function BulkOutcome({ result }: { result: BulkResult }) {
  return (
    <section className="card" role="status">
      <div className="body" style={{ paddingTop: 16 }}>
        <p><b>{t('bulk.result', { changed: formatNumber(result.changed), same: formatNumber(result.unchanged), failed: formatNumber(result.failed) })}</b></p>
        {result.errors.map((e) => <div className="cap muted" key={e.id}>{t('bulk.refused', { id: e.id, reason: reason(e.error) })}</div>)}
      </div>
    </section>
  );
}
