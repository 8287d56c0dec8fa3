// Photos and files of a follow-up: by button (the phone offers its camera), by paste or drop on the box.
import { Progress } from 'antd';
import { Image, Mic, Paperclip, X } from 'lucide-react';
import { useRef } from 'react';
import { IconButton } from '@/components/icon-button';
import { FileChip, nameOf, type FileValue } from '@/fields/file/file';
import { useUploads } from '@/fields/file/use-uploads';
import { t } from '@/lib/i18n';
import type { FieldMeta } from '@/lib/types';
import type { Entry } from './draft';
import type { Change } from './use-entry';

/** Pictures go to the photos, all else to the files. */
export function useAttachments(photos: FieldMeta | undefined, files: FieldMeta | undefined, change: Change) {
  const any: FieldMeta = { name: 'any', type: 'file' };
  const pictures = useUploads(photos ?? any, (f: FileValue) => change((e) => ({ photos: [...e.photos, f] })));
  const others = useUploads(files ?? any, (f: FileValue) => change((e) => ({ attachments: [...e.attachments, f] })));
  const take = (list: FileList | File[] | null) => {
    const all = [...(list ?? [])];
    const isPhoto = (f: File) => !!photos && /^image\/(png|jpeg|gif|webp)$/.test(f.type);
    if (all.some(isPhoto)) void pictures.take(all.filter(isPhoto));
    if (files && all.some((f) => !isPhoto(f))) void others.take(all.filter((f) => !isPhoto(f)));
  };
  return { take, running: [...pictures.running, ...others.running], refused: [...pictures.refused, ...others.refused] };
}

interface Buttons { take: (list: FileList | null) => void; onVoice: () => void; photos: boolean; files: boolean }

export function AttachButtons({ take, onVoice, photos, files }: Buttons) {
  const photo = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  return (
    <>
      {photos && <IconButton icon={Image} label={t('followup.photo')} onClick={() => photo.current?.click()} />}
      {files && <IconButton icon={Mic} label={t('followup.voice')} onClick={onVoice} />}
      {files && <IconButton icon={Paperclip} label={t('followup.file')} onClick={() => file.current?.click()} />}
      <input ref={photo} type="file" hidden multiple accept="image/*" data-kind="photo" onChange={(e) => { take(e.target.files); e.target.value = ''; }} />
      <input ref={file} type="file" hidden multiple data-kind="file" onChange={(e) => { take(e.target.files); e.target.value = ''; }} />
    </>
  );
}

export function Attached({ entry, change, running, refused }: { entry: Entry; change: Change } & Pick<ReturnType<typeof useAttachments>, 'running' | 'refused'>) {
  const gone = (file: FileValue) => change((e) => ({ photos: e.photos.filter((f) => f.id !== file.id), attachments: e.attachments.filter((f) => f.id !== file.id) }));
  const all = [...entry.photos, ...entry.attachments];
  if (!all.length && !running.length && !refused.length) return null;
  return (
    <div className="row wrap fu-files">
      {all.map((f) => <span key={f.id} className="row gap4"><FileChip file={f} /><IconButton small icon={X} label={t('file.remove', { name: nameOf(f) })} onClick={() => gone(f)} /></span>)}
      {running.map((r) => <span key={r.key} className="row gap4 fu-run"><span className="cut cap">{r.name}</span><Progress percent={Math.round(r.share * 100)} size="small" aria-label={t('file.uploading', { name: r.name })} /></span>)}
      {refused.map((reason) => <span key={reason} className="late cap" role="alert">{reason}</span>)}
    </div>
  );
}
