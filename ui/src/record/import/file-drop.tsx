import { FileSpreadsheet, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';
import type { Sample } from './csv';

interface Props { file: File | null; sample: Sample | null; onFile: (file: File) => void; disabled: boolean }

export function FileDrop({ file, sample, onFile, disabled }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const open = () => input.current?.click();
  const drop = (files: FileList | null) => { const first = files?.[0]; if (first && !disabled) onFile(first); };
  const rows = sample ? formatNumber(sample.rows.length) + (sample.complete ? '' : '+') : '';
  return (
    <div className={over ? 'drop over' : 'drop'} role="button" tabIndex={0} aria-disabled={disabled} aria-label={t('import.choose')} onClick={open}
      onKeyDown={(e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); open(); } }}
      onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={(e) => { e.preventDefault(); setOver(false); drop(e.dataTransfer.files); }}>
      <input ref={input} type="file" accept=".csv,.tsv,.txt,text/csv" hidden onChange={(e) => { drop(e.target.files); e.target.value = ''; }} />
      {file && sample
        ? <><FileSpreadsheet size={22} strokeWidth={1.75} aria-hidden /><b className="ink">{file.name}</b><span className="cap muted">{t('import.file_facts', { rows, columns: sample.columns.length, encoding: sample.encoding.toUpperCase() })}</span><span className="cap acc">{t('import.other_file')}</span></>
        : <><Upload size={22} strokeWidth={1.75} aria-hidden /><b className="ink">{t('import.choose')}</b><span className="cap muted">{t('import.formats')}</span></>}
    </div>
  );
}
