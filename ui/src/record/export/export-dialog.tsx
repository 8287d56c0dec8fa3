// A list as a file: format, values, columns; then progress and the file.
import '@/lib/export-words';
import { Button, Checkbox, Modal, Segmented, Select } from 'antd';
import { Download } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { failureText } from '@/components/state';
import { inSentence, plural, t } from '@/lib/i18n';
import { objectLabel } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { ExportResult, Job, ObjectMeta } from '@/lib/types';
import { ImportProgress } from '../import/import-progress';
import { useAsOf } from '../page/as-of';
import { exportBody, formatsOf, groupsOf, isTable, takesGroups, takesMark, useExport, type ExportChoices, type Shown } from './use-export';

interface Props { object: ObjectMeta; shown: Shown; onClose: () => void }

const START: ExportChoices = { format: 'xlsx', values: 'labels', columns: 'shown', watermark: false, groups: true };

function Row({ label, children }: { label: string; children: ReactNode }) {
  return <div style={{ marginTop: 12 }}><div className="cap muted" style={{ marginBottom: 4 }}>{label}</div>{children}</div>;
}

function Options({ object, shown, choices, onChange }: { object: ObjectMeta; shown: Shown; choices: ExportChoices; onChange: (c: ExportChoices) => void }) {
  const formats = formatsOf(object).map((value) => ({ value, label: t(`export.format.${value}`) }));
  const values = (['labels', 'codes'] as const).map((value) => ({ value, label: t(`export.values.${value}`) }));
  const columns = (['shown', 'all'] as const).map((value) => ({ value, label: t(`export.columns.${value}`) }));
  return (
    <>
      <Row label={t('export.format')}><Select options={formats} value={choices.format} onChange={(format) => onChange({ ...choices, format })} aria-label={t('export.format')} style={{ width: '100%' }} /></Row>
      {isTable(choices.format) && choices.format !== 'jsonl' && <Row label={t('export.values')}><Segmented options={values} value={choices.values} onChange={(v) => onChange({ ...choices, values: v })} /></Row>}
      {isTable(choices.format) && shown.fields && <Row label={t('export.columns')}><Segmented options={columns} value={choices.columns} onChange={(v) => onChange({ ...choices, columns: v })} /></Row>}
      {groupsOf(object, shown) && takesGroups(choices) && <Checkbox style={{ marginTop: 14, display: 'flex' }} checked={choices.groups} onChange={(e) => onChange({ ...choices, groups: e.target.checked })}>{t('export.groups')}</Checkbox>}
      {takesMark(choices.format) && <Checkbox style={{ marginTop: 14, display: 'flex' }} checked={choices.watermark} onChange={(e) => onChange({ ...choices, watermark: e.target.checked })}>{t('export.watermark')}</Checkbox>}
    </>
  );
}

function Result({ job }: { job: Job<ExportResult> }) {
  const result = job.result;
  if (job.status === 'cancelled') return <p>{t('export.cancelled')}</p>;
  if (job.status === 'failed' || !result) return <p className="late" role="alert">{job.error?.detail ?? t('error.unknown')}</p>;
  return (
    <div role="status">
      <p>{t('export.done', { rows: formatNumber(result.rows) })}</p>
      {result.truncated > 0 && <p className="warn cap">{t('export.truncated', { n: formatNumber(result.truncated) })}</p>}
      {!!result.skipped && <p className="warn cap">{t('export.skipped', { n: formatNumber(result.skipped) })}</p>}
      <Button type="primary" style={{ marginTop: 12 }} icon={<Download size={16} strokeWidth={1.75} />} href={result.file.url} download={result.file.name}>{result.file.name}</Button>
    </div>
  );
}

export default function ExportDialog({ object, shown, onClose }: Props) {
  const [choices, setChoices] = useState(START);
  const work = useExport(object);
  const title = t('export.title', { objects: plural(inSentence(objectLabel(object))) });
  const { asOf } = useAsOf();
  const start = () => void work.start(exportBody({ ...shown, asOf: asOf ?? undefined }, choices, groupsOf(object, shown)));
  const idle = !work.running && !work.job;
  return (
    <Modal open title={title} onCancel={onClose} width={460} footer={idle ? <><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" onClick={start}>{t('export.start')}</Button></> : null}>
      {idle && <Options object={object} shown={shown} choices={choices} onChange={setChoices} />}
      {work.running && <ImportProgress job={work.job} label={t('export.running')} onCancel={work.cancel} />}
      {!work.running && work.job && <Result job={work.job} />}
      {work.error && <p className="late" role="alert">{failureText(work.error)}</p>}
    </Modal>
  );
}
