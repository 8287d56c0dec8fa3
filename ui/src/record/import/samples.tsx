// What a dry run would write: new records with their values, existing ones with old and new.
import { t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';
import type { ImportSample, ObjectMeta } from '@/lib/types';
import { changeLabel, ChangeValue } from '../detail/change-text';

const FIELDS = 8;

function Row({ object, sample }: { object: ObjectMeta; sample: ImportSample }) {
  const more = sample.changes.length - FIELDS;
  return (
    <div className="hist">
      <div className="row"><b className="cut">{sample.title ?? t('import.row', { row: sample.row })}</b><span className="chip">{t(`import.outcome.${sample.changes.length ? sample.outcome : 'same'}`)}</span><span className="cap muted nw">{t('import.row', { row: sample.row })}</span></div>
      {sample.changes.slice(0, FIELDS).map((c) => (
        <div className="ch" key={c.field}>
          <span className="k muted">{changeLabel(object, c)}</span><span className="old"><ChangeValue object={object} name={c.field} value={c.old} /></span><span aria-hidden /><span className="new"><ChangeValue object={object} name={c.field} value={c.new} /></span><span />
        </div>
      ))}
      {more > 0 && <div className="cap muted">{t('import.more_fields', { n: formatNumber(more) })}</div>}
    </div>
  );
}

export function Samples({ object, samples }: { object: ObjectMeta; samples: ImportSample[] }) {
  return (
    <section className="card" aria-label={t('import.samples_title')}>
      <header><h3>{t('import.samples_title')}</h3><div className="extra">{t('import.samples_shown', { n: samples.length })}</div></header>
      <div className="body">{samples.map((s) => <Row key={s.row} object={object} sample={s} />)}</div>
    </section>
  );
}
