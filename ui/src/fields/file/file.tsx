// Files and pictures: named, a picture seen small; a click shows the picture large, or keeps the file.
import { Paperclip } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '@/lib/i18n';
import { asText, quote, type DisplayProps, type FieldKit } from '../kit';

const Preview = lazy(() => import('./preview'));
const Sound = lazy(() => import('./sound'));

export interface FileValue { id: string; name?: string | null; size?: number; type?: string; url?: string }

const isFile = (value: unknown): value is FileValue => typeof value === 'object' && value !== null && 'id' in value;
export const filesOf = (value: unknown): FileValue[] => (Array.isArray(value) ? value.filter(isFile) : isFile(value) ? [value] : []);
export const isPicture = (file: FileValue): boolean => ['image/png', 'image/jpeg', 'image/gif', 'image/webp'].includes(file.type ?? '');
export const isSound = (file: FileValue): boolean => /^audio\/(webm|ogg|mp4|mpeg|wav|x-m4a|aac)$/.test(file.type ?? '');
export const urlOf = (file: FileValue): string => file.url ?? `/api/v1/files/${file.id}`;
export const keepUrlOf = (file: FileValue): string => `${urlOf(file)}?download=1`;
export const nameOf = (file: FileValue): string => file.name ?? `#${file.id}`;

/** A picture opens over the page, a sound is played where it stands; anything else is kept. */
export function FileChip({ file }: { file: FileValue }) {
  const [large, setLarge] = useState(false);
  const name = nameOf(file);
  if (isSound(file)) return <Suspense fallback={<span className="chip file cut">{name}</span>}><Sound file={file} /></Suspense>;
  if (!isPicture(file)) return <a className="chip file" href={keepUrlOf(file)} download title={name} onClick={(e) => e.stopPropagation()}><Paperclip size={14} strokeWidth={1.75} aria-hidden /><span className="cut">{name}</span></a>;
  return (
    <>
      <button type="button" className="chip file" title={t('file.show', { name })} onClick={(e) => { e.stopPropagation(); setLarge(true); }}><img src={urlOf(file)} alt="" width={20} height={20} loading="lazy" /><span className="cut">{name}</span></button>
      {large && <Suspense><Preview file={file} onClose={() => setLarge(false)} /></Suspense>}
    </>
  );
}

const FileDisplay = ({ value }: DisplayProps) => {
  const all = filesOf(value);
  return <span className="row gap4 files">{all.slice(0, 3).map((file) => <FileChip key={file.id} file={file} />)}{all.length > 3 && <span className="muted cap">+{all.length - 3}</span>}</span>;
};

const kit: FieldKit = {
  Display: FileDisplay,
  text: (field, value) => { const all = filesOf(value); return all.length ? all.map(nameOf).join('、') : asText(field, null); },
  wire: (value) => (Array.isArray(value) ? filesOf(value).map((f) => f.id) : filesOf(value)[0]?.id ?? null),
  literal: (value) => quote(filesOf(value)[0]?.id),
  operators: ['null', 'not_null'],
  width: 180,
};
export const file = kit;
export const image = kit;
