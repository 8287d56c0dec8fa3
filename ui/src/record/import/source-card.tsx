// How the file is read (sheet, encoding, separator, row of names) and its first rows as they are read.
import { InputNumber, Select } from 'antd';
import { useId } from 'react';
import { t } from '@/lib/i18n';
import type { Preview, Source } from './preview';

const ENCODINGS = ['UTF-8', 'GB18030', 'Big5', 'UTF-16LE', 'UTF-16BE', 'windows-1252', 'Shift_JIS'];
const SEPARATORS = [',', ';', '\t', '|'];
const separatorName = (s: string): string => (s === '\t' ? t('import.tab') : s);

interface Props { preview: Preview; source: Source; busy: boolean; onChange: (source: Source) => void }

function Choice({ label, value, options, busy, onChange }: { label: string; value: string; options: { value: string; label: string }[]; busy: boolean; onChange: (value: string) => void }) {
  return <label className="src"><span className="cap muted">{label}</span><Select value={value} options={options} disabled={busy} onChange={onChange} aria-label={label} popupMatchSelectWidth={false} /></label>;
}

function Settings({ preview, source, busy, onChange }: Props) {
  const id = useId();
  const encodings = [...new Set([preview.encoding, ...ENCODINGS])].map((e) => ({ value: e, label: e }));
  const separators = [...new Set([preview.separator, ...SEPARATORS])].map((s) => ({ value: s, label: separatorName(s) }));
  return (
    <div className="srcs">
      {preview.sheets.length > 0 && <Choice label={t('import.sheet')} value={preview.sheet ?? ''} options={preview.sheets.map((s) => ({ value: s, label: s }))} busy={busy} onChange={(sheet) => onChange({ ...source, sheet })} />}
      {preview.format === 'csv' && <Choice label={t('import.encoding')} value={preview.encoding} options={encodings} busy={busy} onChange={(encoding) => onChange({ ...source, encoding })} />}
      {preview.format === 'csv' && <Choice label={t('import.separator')} value={preview.separator} options={separators} busy={busy} onChange={(separator) => onChange({ ...source, separator })} />}
      {preview.format !== 'jsonl' && <label className="src" htmlFor={id}><span className="cap muted">{t('import.header_row')}</span><InputNumber id={id} min={0} max={100} precision={0} value={preview.header_row} disabled={busy} onChange={(n) => { if (n !== null) onChange({ ...source, header_row: n }); }} aria-label={t('import.header_row')} /></label>}
    </div>
  );
}

export function SourceCard(props: Props) {
  const { preview } = props;
  return (
    <section className="card">
      <header><h3>{t('import.as_read')}</h3><div className="extra">{t('import.shape', { columns: preview.columns.length })}</div></header>
      <div className="body">
        <Settings {...props} />
        <p className="cap muted" style={{ marginTop: 8 }}>{t(preview.format === 'csv' ? 'import.read_hint' : 'import.read_hint_sheet')}</p>
      </div>
      <section className="scroll-x" aria-label={t('import.as_read')}>
        <table className="first-rows">
          <thead><tr>{preview.columns.map((c) => <th key={c.name} className="cut" title={c.name}>{c.name}</th>)}</tr></thead>
          <tbody>{preview.rows.slice(0, 10).map((row, i) => <tr key={i}>{preview.columns.map((c, k) => <td key={c.name} className="cut" title={row[k]}>{row[k]}</td>)}</tr>)}</tbody>
        </table>
      </section>
    </section>
  );
}
