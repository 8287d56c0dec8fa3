// Upload by click, drag or paste, with progress; the record gets the file's id when it is saved.
import { Progress } from 'antd';
import { CircleAlert, Download, RefreshCw, Upload, X } from 'lucide-react';
import { useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import { formatBytes } from '@/lib/numbers';
import type { InputProps } from '../kit';
import { FileChip, filesOf, keepUrlOf, nameOf, type FileValue } from './file';
import { kindsOf, useUploads } from './use-uploads';

function FileRow({ file, onReplace, onRemove }: { file: FileValue; onReplace: () => void; onRemove: () => void }) {
  const name = nameOf(file);
  return (
    <div className="file-row">
      <FileChip file={file} />
      {file.size !== undefined && <span className="muted cap nw">{formatBytes(file.size)}</span>}
      <span className="row gap4 end">
        <a className="ib sm" href={keepUrlOf(file)} download aria-label={t('file.keep', { name })} title={t('file.keep', { name })}><Download size={14} strokeWidth={1.75} aria-hidden /></a>
        <IconButton small icon={RefreshCw} label={t('file.replace', { name })} onClick={onReplace} />
        <IconButton small icon={X} className="file-remove" label={t('file.remove', { name })} onClick={onRemove} />
      </span>
    </div>
  );
}

export function FileInput({ field, value, onChange, id, invalid, describedBy }: InputProps) {
  const input = useRef<HTMLInputElement>(null);
  const zone = useRef<HTMLButtonElement>(null);
  const replaced = useRef<string | null>(null);
  const files = useRef<FileValue[]>([]);
  const [over, setOver] = useState(false);
  files.current = filesOf(value);
  const give = (all: FileValue[]) => { files.current = all; onChange(field.multiple ? all : all.at(-1) ?? null); };
  const arrived = (file: FileValue) => {
    const at = files.current.findIndex((f) => f.id === replaced.current);
    replaced.current = null;
    give(!field.multiple ? [file] : at < 0 ? [...files.current, file] : files.current.map((f, i) => (i === at ? file : f)));
  };
  const { running, refused, take } = useUploads(field, arrived);
  const choose = (list: FileList | null) => void take([...(list ?? [])].slice(0, field.multiple && !replaced.current ? undefined : 1));
  const ask = (replacing: string | null) => { replaced.current = replacing; input.current?.click(); };
  const remove = (file: FileValue) => { give(files.current.filter((f) => f.id !== file.id)); zone.current?.focus(); };
  const drop = (e: DragEvent) => { e.preventDefault(); setOver(false); choose(e.dataTransfer.files); };
  const paste = (e: ClipboardEvent) => { if (e.clipboardData.files.length) { e.preventDefault(); choose(e.clipboardData.files); } };
  const room = field.multiple || files.current.length === 0;
  return (
    <div className="file-input" onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop} onPaste={paste}>
      {files.current.map((one) => <FileRow key={one.id} file={one} onReplace={() => ask(one.id)} onRemove={() => remove(one)} />)}
      {running.map((r) => (
        <div key={r.key} className="file-row"><span className="cut">{r.name}</span><Progress percent={Math.round(r.share * 100)} size="small" aria-label={t('file.uploading', { name: r.name })} /><IconButton small icon={X} label={t('file.stop', { name: r.name })} onClick={r.stop} /></div>
      ))}
      <button ref={zone} type="button" id={id} className={`drop${over ? ' over' : ''}${invalid ? ' bad' : ''}${room ? '' : ' slim'}`} aria-describedby={describedBy} onClick={() => ask(room ? null : files.current[0]?.id ?? null)}>
        <Upload size={14} strokeWidth={1.75} aria-hidden /><span className="cap">{t(room ? 'file.choose' : 'file.choose_other')}</span>
      </button>
      {refused.map((reason) => <div key={reason} className="err" role="alert"><CircleAlert size={14} strokeWidth={1.75} aria-hidden /><span>{reason}</span></div>)}
      <input ref={input} type="file" hidden multiple={field.multiple} accept={kindsOf(field).map((kind) => (kind.endsWith('/') ? `${kind}*` : kind)).join(',')} onChange={(e) => { choose(e.target.files); e.target.value = ''; }} />
    </div>
  );
}
