// One picture over the page: its name, the way to keep it, Esc or a click beside it closes.
import { Download, X } from 'lucide-react';
import { useEffect, useRef, type MouseEvent } from 'react';
import { createPortal } from 'react-dom';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import { keepUrlOf, nameOf, urlOf, type FileValue } from './file';

export default function Preview({ file, onClose }: { file: FileValue; onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => { if (!ref.current?.open) ref.current?.showModal(); }, []);
  const stop = (e: MouseEvent) => { e.stopPropagation(); if (e.target === ref.current) onClose(); };
  return createPortal(
    <dialog ref={ref} className="preview" aria-label={nameOf(file)} onClose={onClose} onClick={stop} onKeyDown={(e) => e.stopPropagation()}>
      <header className="row between">
        <b className="cut">{nameOf(file)}</b>
        <span className="row gap4"><a className="ib" href={keepUrlOf(file)} download aria-label={t('file.keep', { name: nameOf(file) })} title={t('file.keep', { name: nameOf(file) })}><Download size={16} strokeWidth={1.75} aria-hidden /></a><IconButton icon={X} label={t('action.close')} onClick={onClose} /></span>
      </header>
      <img src={urlOf(file)} alt={nameOf(file)} />
    </dialog>, document.body);
}
