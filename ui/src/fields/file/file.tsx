// Files and pictures: named, a picture seen small; a click opens or keeps them.
import { Paperclip } from 'lucide-react';
import { asText, quote, type DisplayProps, type FieldKit } from '../kit';

export interface FileValue { id: string; name?: string | null; size?: number; type?: string; url?: string }

const isFile = (value: unknown): value is FileValue => typeof value === 'object' && value !== null && 'id' in value;
export const filesOf = (value: unknown): FileValue[] => (Array.isArray(value) ? value.filter(isFile) : isFile(value) ? [value] : []);
export const isPicture = (file: FileValue): boolean => ['image/png', 'image/jpeg', 'image/gif', 'image/webp'].includes(file.type ?? '');
const urlOf = (file: FileValue): string => file.url ?? `/api/v1/files/${file.id}`;

export const FileChip = ({ file }: { file: FileValue }) => (
  <a className="chip" href={urlOf(file)} target="_blank" rel="noreferrer" onClick={(e) => e.stopPropagation()}>
    {isPicture(file) ? <img src={urlOf(file)} alt="" width={20} height={20} style={{ objectFit: 'cover' }} loading="lazy" /> : <Paperclip size={14} strokeWidth={1.75} aria-hidden />}
    <span className="cut">{file.name ?? `#${file.id}`}</span>
  </a>
);

const FileDisplay = ({ value }: DisplayProps) => {
  const all = filesOf(value);
  return <span className="row gap4" style={{ minWidth: 0 }}>{all.slice(0, 3).map((file) => <FileChip key={file.id} file={file} />)}{all.length > 3 && <span className="muted cap">+{all.length - 3}</span>}</span>;
};

const kit: FieldKit = {
  Display: FileDisplay,
  text: (field, value) => { const all = filesOf(value); return all.length ? all.map((f) => f.name ?? `#${f.id}`).join('、') : asText(field, null); },
  wire: (value) => (Array.isArray(value) ? filesOf(value).map((f) => f.id) : filesOf(value)[0]?.id ?? null),
  literal: (value) => quote(filesOf(value)[0]?.id),
  operators: ['null', 'not_null'],
  width: 180,
};
export const file = kit;
export const image = kit;
