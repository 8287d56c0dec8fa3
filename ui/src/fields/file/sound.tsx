// A recording is played where it stands; one at a time.
import { Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState, type MouseEvent } from 'react';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import { clock } from '@/lib/clock';
import '@/lib/sound-words';
import { keepUrlOf, nameOf, urlOf, type FileValue } from './file';

let playing: HTMLAudioElement | null = null;

export default function Sound({ file }: { file: FileValue }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(false);
  const [at, setAt] = useState(0);
  const [failed, setFailed] = useState(false);
  const name = nameOf(file);
  useEffect(() => { const own = audio.current; return () => { own?.pause(); if (playing === own) playing = null; }; }, []);
  const turn = (e: MouseEvent) => {
    e.stopPropagation();
    const own = audio.current!;
    if (on) return own.pause();
    if (playing !== own) playing?.pause();
    playing = own;
    setFailed(false);
    own.play().catch((reason: unknown) => { if (!(reason instanceof DOMException && reason.name === 'AbortError')) setFailed(true); });
  };
  return (
    <span className="chip file sound">
      <IconButton small icon={on ? Pause : Play} label={t(on ? 'sound.pause' : 'sound.play', { name })} onClick={turn} />
      <a className="cut" href={keepUrlOf(file)} download title={t('sound.keep', { name })} onClick={(e) => e.stopPropagation()}>{name}</a>
      {(on || at > 0) && <span className="num" aria-hidden>{clock(at)}</span>}
      {failed && <span className="late" role="alert">{t('sound.failed')}</span>}
      <audio ref={audio} src={urlOf(file)} preload="none" onPlay={() => setOn(true)} onPause={() => setOn(false)} onEnded={() => { setOn(false); setAt(0); }} onTimeUpdate={(e) => setAt(e.currentTarget.currentTime)} onError={() => { if (playing === audio.current) setFailed(true); }} />
    </span>
  );
}
