import { FileSpreadsheet, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';

interface Props { file: File | null; reading: boolean; onFile: (file: File) => void; disabled: boolean }

const kilobytes = (n: number): string => formatNumber(Math.max(1, Math.round(n / 1024)));

export function FileDrop({ file, reading, onFile, disabled }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const open = () => { if (!disabled) input.current?.click(); };
  const drop = (files: FileList | null) => { const first = files?.[0]; if (first && !disabled) onFile(first); };
  return (
    <div className={over ? 'drop over' : 'drop'} role="button" tabIndex={0} aria-disabled={disabled} aria-busy={reading} aria-label={t('import.choose')} onClick={open}
      onKeyDown={(e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); open(); } }}
      onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={(e) => { e.preventDefault(); setOver(false); drop(e.dataTransfer.files); }}>
      <input ref={input} type="file" accept=".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,text/csv" hidden onChange={(e) => { drop(e.target.files); e.target.value = ''; }} />
      {file
        ? <><FileSpreadsheet size={22} strokeWidth={1.75} aria-hidden /><b className="ink">{file.name}</b><span className="cap muted">{t('import.file_size', { size: kilobytes(file.size) })}</span><span className="cap acc">{t('import.other_file')}</span></>
        : <><Upload size={22} strokeWidth={1.75} aria-hidden /><b className="ink">{t(reading ? 'import.reading' : 'import.choose')}</b><span className="cap muted">{t('import.formats')}</span></>}
    </div>
  );
}
