// A voice recorded on the page: asked for on a click, measured while it runs, bounded, and let go of at its end.
import { useEffect, useRef, useState } from 'react';

/** Seconds; some 1.2 MB of Opus. */
export const LONGEST = 300;
const BITS = 32_000;
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
const QUIET = 0.01;

export type Refusal = 'refused' | 'missing' | 'insecure' | 'unknown';
export type Recorder =
  | { state: 'asking' }
  | { state: 'recording'; seconds: number; level: number; silent: boolean }
  | { state: 'heard'; seconds: number; blob: Blob; url: string; full: boolean }
  | { state: 'failed'; why: Refusal; reason: string };

export function refusalOfMicrophone(error: unknown): Refusal {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'unknown';
}

/** Loudest swing of a wave of bytes around 128: 0…1. */
export const levelOf = (wave: Uint8Array): number => wave.reduce((most, v) => Math.max(most, Math.abs(v - 128) / 128), 0);

interface Running { stream: MediaStream; recorder: MediaRecorder; audio: AudioContext; timer: number; begun: number }

function listen(stream: MediaStream): { audio: AudioContext; level: () => number } {
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 1024;
  audio.createMediaStreamSource(stream).connect(analyser);
  const wave = new Uint8Array(analyser.fftSize);
  return { audio, level: () => { analyser.getByteTimeDomainData(wave); return levelOf(wave); } };
}

function release(run: Running | null) {
  if (!run) return;
  window.clearInterval(run.timer);
  run.stream.getTracks().forEach((track) => track.stop());
  if (run.audio.state !== 'closed') void run.audio.close();
}

export function useRecorder(): { now: Recorder; stop: () => void; again: () => void } {
  const [now, setNow] = useState<Recorder>({ state: 'asking' });
  const [round, setRound] = useState(0);
  const running = useRef<Running | null>(null);
  useEffect(() => {
    let gone = false;
    let url = '';
    const begin = async () => {
      if (!window.isSecureContext || !navigator.mediaDevices) return setNow({ state: 'failed', why: 'insecure', reason: '' });
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
      if (gone) return stream.getTracks().forEach((track) => track.stop());
      const recorder = new MediaRecorder(stream, { mimeType: TYPES.find((type) => MediaRecorder.isTypeSupported(type)), audioBitsPerSecond: BITS });
      const { audio, level } = listen(stream);
      const parts: Blob[] = [];
      const run: Running = { stream, recorder, audio, timer: 0, begun: performance.now() };
      let loudest = 0;
      const seconds = () => Math.min(LONGEST, (performance.now() - run.begun) / 1000);
      recorder.ondataavailable = (e) => { if (e.data.size) parts.push(e.data); };
      recorder.onstop = () => {
        release(run);
        if (gone) return;
        const blob = new Blob(parts, { type: recorder.mimeType.split(';')[0] });
        url = URL.createObjectURL(blob);
        setNow({ state: 'heard', seconds: seconds(), blob, url, full: seconds() >= LONGEST });
      };
      recorder.start(1000);
      run.timer = window.setInterval(() => {
        const here = level();
        loudest = Math.max(loudest, here);
        setNow({ state: 'recording', seconds: seconds(), level: here, silent: seconds() > 3 && loudest < QUIET });
        if (seconds() >= LONGEST && recorder.state === 'recording') recorder.stop();
      }, 100);
      running.current = run;
      setNow({ state: 'recording', seconds: 0, level: 0, silent: false });
    };
    begin().catch((e: unknown) => { release(running.current); if (!gone) setNow({ state: 'failed', why: refusalOfMicrophone(e), reason: e instanceof Error ? e.message : '' }); });
    return () => {
      gone = true;
      const run = running.current;
      running.current = null;
      if (run?.recorder.state === 'recording') run.recorder.stop();
      release(run);
      if (url) URL.revokeObjectURL(url);
    };
  }, [round]);
  return {
    now,
    stop: () => { if (running.current?.recorder.state === 'recording') running.current.recorder.stop(); },
    again: () => { setNow({ state: 'asking' }); setRound((n) => n + 1); },
  };
}
