// Upload by click, drag or paste, with progress; the record gets the file's id when it is saved.
import { Progress } from 'antd';
import { Upload, X } from 'lucide-react';
import { useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { t } from '@/lib/i18n';
import { upload } from '@/lib/upload';
import type { InputProps } from '../kit';
import { FileChip, filesOf, type FileValue } from './file';

const acceptOf = (field: InputProps['field']): string => (field.accept ?? (field.type === 'image' ? ['image/'] : [])).map((type) => (type.endsWith('/') ? `${type}*` : type)).join(',');

export function FileInput({ field, value, onChange, id, invalid, describedBy }: InputProps) {
  const input = useRef<HTMLInputElement>(null);
  const [done, setDone] = useState<number | null>(null);
  const files = filesOf(value);
  const give = (all: FileValue[]) => onChange(field.multiple ? all : all[0] ?? null);
  const take = async (list: FileList | null) => {
    const chosen = [...(list ?? [])].slice(0, field.multiple ? undefined : 1);
    let all = field.multiple ? files : [];
    for (const one of chosen) {
      if (field.max_size && one.size > field.max_size) { showFailure(t('file.too_large', { name: one.name })); continue; }
      setDone(0);
      try {
        all = [...all, await upload<FileValue>(one, setDone)];
        give(all);
      } catch (e) {
        showFailure(failureText(e));
      }
    }
    setDone(null);
  };
  const drop = (e: DragEvent) => { e.preventDefault(); void take(e.dataTransfer.files); };
  const paste = (e: ClipboardEvent) => { if (e.clipboardData.files.length) { e.preventDefault(); void take(e.clipboardData.files); } };
  return (
    <div className="col gap4" onDragOver={(e) => e.preventDefault()} onDrop={drop} onPaste={paste}>
      {files.map((one) => (
        <span key={one.id} className="row gap4" style={{ minWidth: 0 }}>
          <FileChip file={one} />
          <button type="button" className="icon-btn" aria-label={t('file.remove', { name: one.name ?? one.id })} onClick={() => give(files.filter((f) => f.id !== one.id))}><X size={14} strokeWidth={1.75} aria-hidden /></button>
        </span>
      ))}
      <button type="button" id={id} className={invalid ? 'drop over' : 'drop'} aria-describedby={describedBy} onClick={() => input.current?.click()}>
        <Upload size={16} strokeWidth={1.75} aria-hidden /><span className="cap">{t('file.choose')}</span>
      </button>
      {done !== null && <Progress percent={Math.round(done * 100)} size="small" aria-label={t('file.uploading')} />}
      <input ref={input} type="file" hidden multiple={field.multiple} accept={acceptOf(field)} onChange={(e) => { void take(e.target.files); e.target.value = ''; }} />
    </div>
  );
}
