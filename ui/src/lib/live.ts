// Live changes: one event stream per browser. Tabs say what they watch over a BroadcastChannel; the tab that holds the
// Web Lock ("leader") opens the stream for all of them and passes events on. Without locks each tab leads itself.
import { base } from './api';

export interface LiveEvent { object: string; id: string; version?: number; action: 'create' | 'update' | 'delete' | 'pin' | 'presence' }
type Handler = (event: LiveEvent | 'reset') => void;
type Message =
  | { kind: 'watch'; tab: string; items: string[] }
  | { kind: 'bye'; tab: string }
  | { kind: 'who' }
  | { kind: 'event'; event: LiveEvent | 'reset' };

const LIMIT = 200;
const MAX_WAIT = 30_000;
const AT_ONCE = 1000; // a stream that is there by then is taken to have missed nothing

/** What all tabs watch together: sorted, unique, capped. */
export function unionOf(tabs: Iterable<Iterable<string>>): string[] {
  const all = new Set<string>();
  for (const items of tabs) for (const item of items) all.add(item);
  return [...all].sort().slice(0, LIMIT);
}

export const backoff = (attempt: number): number => Math.min(MAX_WAIT, 1000 * 2 ** Math.min(attempt, 5));

export class Live {
  private readonly tab = Math.random().toString(36).slice(2);
  private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('gx.live');
  private readonly mine = new Map<symbol, string[]>();
  private readonly tabs = new Map<string, string[]>();
  private readonly handlers = new Set<Handler>();
  private source: EventSource | null = null;
  private open = '';
  private leader = false;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private release: (() => void) | null = null;
  private broken = false;
  private since = 0; // when somebody first wanted what the stream does not carry yet
  private stopped = false;

  start() {
    this.channel?.addEventListener('message', (e: MessageEvent<Message>) => this.receive(e.data));
    window.addEventListener('pagehide', () => this.post({ kind: 'bye', tab: this.tab }));
    if (!navigator.locks) return this.lead();
    void navigator.locks.request('gx.live', () => new Promise<void>((done) => {
      if (this.stopped) return done();
      this.release = done;
      this.lead();
    }));
  }

  stop() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
    this.post({ kind: 'bye', tab: this.tab });
    this.stopped = true;
    this.leader = false;
    this.release?.();
    this.channel?.close();
  }

  /** Components unmount after their stream has stopped; what they say then is for nobody. */
  private post(message: Message) {
    if (!this.stopped) this.channel?.postMessage(message);
  }

  on(handler: Handler): () => void {
    this.handlers.add(handler);
    return () => { this.handlers.delete(handler); };
  }

  watch(items: string[]): () => void {
    const key = Symbol();
    this.mine.set(key, items);
    this.announce();
    return () => { this.mine.delete(key); this.announce(); };
  }

  private announce() {
    const items = unionOf(this.mine.values());
    this.tabs.set(this.tab, items);
    this.post({ kind: 'watch', tab: this.tab, items });
    this.schedule(200);
  }

  private receive(message: Message) {
    if (message.kind === 'event') this.emit(message.event);
    if (message.kind === 'who') this.announce();
    if (message.kind === 'watch') this.tabs.set(message.tab, message.items);
    if (message.kind === 'bye') this.tabs.delete(message.tab);
    if (message.kind === 'watch' || message.kind === 'bye') this.schedule(200);
  }

  private emit(event: LiveEvent | 'reset') {
    for (const handler of [...this.handlers]) handler(event);
  }

  private pass(event: LiveEvent | 'reset') {
    this.post({ kind: 'event', event });
    this.emit(event);
  }

  private lead() {
    this.leader = true;
    this.post({ kind: 'who' });
    this.schedule(200);
  }

  private schedule(wait: number) {
    if (!this.leader) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), wait);
  }

  private connect() {
    const wanted = unionOf(this.tabs.values()).join(',');
    if (wanted === this.open && this.source) return;
    this.since = performance.now();
    this.source?.close();
    this.source = null;
    this.open = wanted;
    if (!wanted) return;
    const source = new EventSource(`${base}/events?watch=${wanted.split(',').map(encodeURIComponent).join(',')}`);
    source.addEventListener('open', () => this.opened());
    source.addEventListener('record', (e) => this.pass(JSON.parse((e as MessageEvent<string>).data) as LiveEvent));
    source.addEventListener('message', (e: MessageEvent<string>) => this.pass(JSON.parse(e.data) as LiveEvent)); // somebody is told something
    source.addEventListener('presence', (e) => this.pass(JSON.parse((e as MessageEvent<string>).data) as LiveEvent));
    source.addEventListener('reset', () => this.pass('reset'));
    source.addEventListener('error', () => this.retry(source));
    this.source = source;
  }

  /** What happened while the stream was down, or long in coming, is unknown: everybody reads again. */
  private opened() {
    this.attempt = 0;
    if (this.broken || performance.now() - this.since > AT_ONCE) this.pass('reset');
    this.broken = false;
  }

  private retry(source: EventSource) {
    if (this.source !== source) return;
    source.close();
    this.source = null;
    this.broken = true;
    this.schedule(backoff(this.attempt++));
  }
}
