import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Live, type LiveEvent } from './live';

class FakeSource {
  static all: FakeSource[] = [];
  listeners = new Map<string, (e: unknown) => void>();
  closed = false;
  constructor(readonly url: string) { FakeSource.all.push(this); }
  addEventListener(name: string, f: (e: unknown) => void) { this.listeners.set(name, f); }
  close() { this.closed = true; }
  fire(name: string, data?: unknown) { this.listeners.get(name)?.({ data: JSON.stringify(data) }); }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('window', { addEventListener: () => {} });
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('BroadcastChannel', undefined);
});
afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals(); });

function started() {
  const live = new Live();
  const seen: (LiveEvent | 'reset')[] = [];
  live.on((e) => seen.push(e));
  live.start();
  return { live, seen };
}

it('opens one stream for all that is watched and passes events on', () => {
  const { live, seen } = started();
  live.watch(['things']);
  live.watch(['others/1', 'things']);
  vi.advanceTimersByTime(300);
  expect(FakeSource.all.map((s) => s.url)).toEqual(['/api/v1/events?watch=others%2F1,things']);
  const event = { object: 'thing', id: '1', version: 2, action: 'update' };
  FakeSource.all[0]!.fire('record', event);
  expect(seen).toEqual([event]);
});

it('opens another stream when the watch changes, and none when it does not', () => {
  const { live } = started();
  const stop = live.watch(['a']);
  vi.advanceTimersByTime(300);
  live.watch(['a']);
  vi.advanceTimersByTime(300);
  expect(FakeSource.all).toHaveLength(1);
  live.watch(['b']);
  vi.advanceTimersByTime(300);
  stop();
  expect(FakeSource.all).toHaveLength(2);
  expect(FakeSource.all[0]!.closed).toBe(true);
});

it('waits longer after each failure and resets everybody once it is back', () => {
  const { live, seen } = started();
  live.watch(['a']);
  vi.advanceTimersByTime(300);
  FakeSource.all[0]!.fire('error');
  vi.advanceTimersByTime(999);
  expect(FakeSource.all).toHaveLength(1);
  vi.advanceTimersByTime(2);
  expect(FakeSource.all).toHaveLength(2);
  FakeSource.all[1]!.fire('error');
  vi.advanceTimersByTime(1999);
  expect(FakeSource.all).toHaveLength(2);
  vi.advanceTimersByTime(2);
  FakeSource.all[2]!.fire('open');
  expect(seen).toEqual(['reset']);
});

it('closes the stream when nothing is watched any more', () => {
  const { live } = started();
  const stop = live.watch(['a']);
  vi.advanceTimersByTime(300);
  stop();
  vi.advanceTimersByTime(300);
  expect(FakeSource.all[0]!.closed).toBe(true);
  expect(FakeSource.all).toHaveLength(1);
});

it('says nothing on a closed channel when components unmount after the stop', () => {
  const post = vi.fn(() => { if (closed) throw new Error('closed'); });
  let closed = false;
  vi.stubGlobal('BroadcastChannel', class { postMessage = post; addEventListener() {} close() { closed = true; } });
  const { live } = started();
  const unwatch = live.watch(['a']);
  live.stop();
  expect(unwatch).not.toThrow();
  vi.advanceTimersByTime(1000);
  expect(FakeSource.all.every((s) => s.closed)).toBe(true);
});

it('lets everybody read again when a stream was long in coming, and not when it came at once', () => {
  const { live, seen } = started();
  live.watch(['a']);
  vi.advanceTimersByTime(300);
  FakeSource.all[0]!.fire('open');
  expect(seen).toEqual([]);
  live.watch(['b']);
  vi.advanceTimersByTime(3000);
  FakeSource.all[1]!.fire('open');
  expect(seen).toEqual(['reset']);
});
