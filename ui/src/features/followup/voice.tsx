// The voice of a follow-up: length and level while it is recorded, heard before it is added.
import '@/lib/sound-words';
import { Button } from 'antd';
import { CircleAlert, CircleStop, Mic } from 'lucide-react';
import { clock } from '@/lib/clock';
import { formatInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { LONGEST, useRecorder, type Recorder } from './use-recorder';

const ENDINGS: Record<string, string> = { 'audio/webm': 'webm', 'audio/mp4': 'm4a', 'audio/ogg': 'ogg' };

function fileOf(now: Extract<Recorder, { state: 'heard' }>): File {
  const at = formatInstant(new Date().toISOString()).replaceAll(':', '.');
  const name = t('sound.name', { at, length: clock(now.seconds).replace(':', '′') + '″' });
  return new File([now.blob], `${name}.${ENDINGS[now.blob.type] ?? 'webm'}`, { type: now.blob.type });
}

function Meter({ level }: { level: number }) {
  const percent = Math.round(Math.min(1, Math.sqrt(level)) * 100);
  return <span className="fu-level" role="meter" aria-label={t('sound.level')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}><span style={{ transform: `scaleX(${percent / 100})` }} /></span>;
}

export default function Voice({ onFile, onClose }: { onFile: (file: File) => void; onClose: () => void }) {
  const { now, stop, again } = useRecorder();
  const away = <Button size="small" type="text" onClick={onClose}>{t('sound.away')}</Button>;
  if (now.state === 'failed') return (
    <div className="fu-voice" role="alert"><CircleAlert size={16} strokeWidth={1.75} aria-hidden className="late" /><span className="grow">{t(`sound.${now.why}`, { reason: now.reason })}</span>
      {now.why !== 'insecure' && <Button size="small" onClick={again}>{t('action.retry')}</Button>}{away}</div>
  );
  if (now.state === 'heard') return (
    <div className="fu-voice"><span className="soft">{t(now.full ? 'sound.full' : 'sound.heard', { length: clock(now.seconds) })}</span>
      <audio controls src={now.url} className="grow" aria-label={t('sound.heard', { length: clock(now.seconds) })} />
      <span className="row gap4">{away}<Button size="small" onClick={again}>{t('sound.again')}</Button><Button size="small" type="primary" ghost onClick={() => { onFile(fileOf(now)); onClose(); }}>{t('sound.use')}</Button></span></div>
  );
  if (now.state === 'asking') return <div className="fu-voice" role="status"><Mic size={16} strokeWidth={1.75} aria-hidden /><span className="grow soft">{t('sound.asking')}</span>{away}</div>;
  return (
    <div className="fu-voice on"><span className="fu-dot" aria-hidden /><span role="status">{t('sound.recording')}</span>
      <span className="num">{clock(now.seconds)} / {clock(LONGEST)}</span><Meter level={now.level} />
      {now.silent && <span className="late cap" role="alert">{t('sound.silent')}</span>}
      <span className="row gap4 end">{away}<Button size="small" icon={<CircleStop size={14} strokeWidth={1.75} />} onClick={stop}>{t('sound.stop')}</Button></span></div>
  );
}
