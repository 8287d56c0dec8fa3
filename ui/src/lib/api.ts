// The one place that talks HTTP: JSON in and out, problems as exceptions, CSRF token and idempotency key on unsafe methods.
import { takeFirst } from './first';
import type { FieldError, ProblemBody } from './types';

export const base = '/api/v1';

export class ApiProblem extends Error {
  constructor(readonly status: number, readonly body: ProblemBody) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.name = 'ApiProblem';
  }
  get code(): string { return this.body.code ?? ''; }
  get errors(): FieldError[] { return this.body.errors ?? []; }
  get requestId(): string { return this.body.request_id ?? ''; }
}

type Params = Record<string, string | number | boolean | null | undefined>;
export interface SendOptions { body?: unknown; version?: number | string; key?: string; signal?: AbortSignal; inSpite?: string; beat?: boolean }

/** What this device keeps: every answer is offered to it, and where the server is out of reach it may stand in. */
export interface Keeper { keep: (url: string, text: string) => void; recall: (url: string) => Promise<string | null>; reached: (yes: boolean) => void }

const state = { csrf: '', language: 'zh-CN', onSignedOut: () => {}, serverMs: new Map<string, number>(), ahead: 0, keeper: null as Keeper | null };

export const setCsrf = (token: string) => { state.csrf = token; };
export const setRequestLanguage = (language: string) => { state.language = language; };
export const onSignedOut = (f: () => void) => { state.onSignedOut = f; };
export const setKeeper = (keeper: Keeper | null) => { state.keeper = keeper; };
/** The server's clock, as far as its last answer told it: devices are often minutes off. */
export const serverNow = (): number => Date.now() + state.ahead;

/** Server time of the last answer to `path` in ms, where the server told it. */
export const serverMs = (path: string): number | undefined => state.serverMs.get(path);

export function withParams(path: string, params: Params = {}): string {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(params)) if (v !== undefined && v !== null && v !== '') q.set(k, String(v));
  const text = q.toString();
  return base + path + (text ? `?${text}` : '');
}

async function problemOf(answer: Response): Promise<ApiProblem> {
  const body = await answer.json().catch(() => ({})) as ProblemBody;
  const requestId = body.request_id ?? answer.headers.get('X-Request-Id') ?? undefined;
  return new ApiProblem(answer.status, { ...body, request_id: requestId });
}

function noteServerTime(path: string, answer: Response) {
  const told = Date.parse(answer.headers.get('Date') ?? '');
  if (!Number.isNaN(told)) state.ahead = Math.abs(told - Date.now()) > 2000 ? told - Date.now() : 0;
  const found = /dur=([\d.]+)/.exec(answer.headers.get('Server-Timing') ?? '');
  if (found) state.serverMs.set(path, Number(found[1]));
}

async function call(url: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await ((init.method || init.signal ? undefined : takeFirst(url)) ?? fetch(url, { credentials: 'same-origin', ...init }));
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    state.keeper?.reached(false);
    throw new ApiProblem(0, { code: 'offline' });
  }
  state.keeper?.reached(true);
  if (answer.ok || answer.status === 304) return answer;
  const problem = await problemOf(answer);
  if (problem.status === 401 && problem.code !== 'bad_credentials' && problem.code !== 'second_factor') state.onSignedOut();
  throw problem;
}

const common = () => ({ Accept: 'application/json', 'Accept-Language': state.language });

/** The answer kept for `url` in place of one that did not come. */
async function instead(url: string, error: unknown): Promise<string> {
  const text = error instanceof ApiProblem && error.status === 0 ? await state.keeper?.recall(url) : null;
  if (!text) throw error;
  return text;
}

export async function get<T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> {
  const url = withParams(path, params);
  try {
    const answer = await call(url, { headers: common(), signal });
    noteServerTime(path, answer);
    const text = await answer.text();
    state.keeper?.keep(url, text);
    return JSON.parse(text) as T;
  } catch (e) {
    return JSON.parse(await instead(url, e)) as T;
  }
}

/** Conditional GET: null when the server still has what `etag` names. */
export async function getIfChanged<T>(path: string, etag: string | null): Promise<{ data: T; etag: string | null } | null> {
  const url = withParams(path);
  try {
    const answer = await call(url, { headers: { ...common(), ...(etag ? { 'If-None-Match': etag } : {}) } });
    if (answer.status === 304) return null;
    const text = await answer.text();
    state.keeper?.keep(url, text);
    return { data: JSON.parse(text) as T, etag: answer.headers.get('ETag') };
  } catch (e) {
    if (etag && e instanceof ApiProblem && e.status === 0) return null; // what the page has goes on being true
    return { data: JSON.parse(await instead(url, e)) as T, etag: null };
  }
}

function unsafeHeaders(options: SendOptions): Record<string, string> {
  const headers: Record<string, string> = { ...common(), ...(options.beat ? {} : { 'Idempotency-Key': options.key ?? newKey() }) };
  if (state.csrf) headers['X-CSRF-Token'] = state.csrf;
  if (options.inSpite) { headers['Guanxi-Allow-Duplicates'] = 'true'; headers['Guanxi-Duplicate-Reason'] = encodeURIComponent(options.inSpite); }
  if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`;
  return headers;
}

/** For the one request that tells its progress (upload.ts). */
export const uploadHeaders = (): Record<string, string> => unsafeHeaders({});

export async function sendRaw(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, options: SendOptions = {}): Promise<Response> {
  const headers = unsafeHeaders(options);
  const form = options.body instanceof FormData;
  if (options.body !== undefined && !form) headers['Content-Type'] = 'application/json';
  const body = options.body === undefined ? undefined : form ? options.body as FormData : JSON.stringify(options.body);
  return call(base + path, { method, headers, body, signal: options.signal, keepalive: options.beat });
}

export async function send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, options: SendOptions = {}): Promise<T> {
  const answer = await sendRaw(method, path, options);
  const text = await answer.text();
  return (text ? JSON.parse(text) : null) as T;
}

/** randomUUID exists only in secure contexts; plain http inside a company is not one. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6]! & 0x0f) | 0x40;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
