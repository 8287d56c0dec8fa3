import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem, get, getIfChanged, newKey, onSignedOut, send, setCsrf, withParams } from './api';

type Call = [string, RequestInit];
const answers: Response[] = [];
const fetched = vi.fn<(...call: Call) => Promise<Response>>(() => Promise.resolve(answers.shift()!));
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers });
const headersOf = (n = 0) => fetched.mock.calls[n]![1].headers as Record<string, string>;

beforeEach(() => { vi.stubGlobal('fetch', fetched); setCsrf('secret'); });
afterEach(() => { vi.unstubAllGlobals(); fetched.mockClear(); answers.length = 0; onSignedOut(() => {}); });

describe('api client', () => {
  it('leaves out empty parameters and encodes the rest', () => {
    expect(withParams('/things', { filter: 'name ~ "张 & 李"', after: null, q: '', limit: 50 })).toBe('/api/v1/things?filter=name+%7E+%22%E5%BC%A0+%26+%E6%9D%8E%22&limit=50');
  });

  it('sends CSRF token, key and version with unsafe methods only', async () => {
    answers.push(json({ id: '1' }), json({}));
    await send('PATCH', '/things/1', { body: { a: 1 }, version: 7 });
    await get('/things/1');
    expect(headersOf(0)).toMatchObject({ 'X-CSRF-Token': 'secret', 'If-Match': '"7"', 'Content-Type': 'application/json' });
    expect(headersOf(0)['Idempotency-Key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headersOf(1)).not.toHaveProperty('X-CSRF-Token');
    expect(headersOf(1)).not.toHaveProperty('Idempotency-Key');
  });

  it('repeats a given key so that a retry counts once', async () => {
    answers.push(json({}), json({}));
    await send('POST', '/things', { body: {}, key: 'k1' });
    await send('POST', '/things', { body: {}, key: 'k1' });
    expect([headersOf(0)['Idempotency-Key'], headersOf(1)['Idempotency-Key']]).toEqual(['k1', 'k1']);
  });

  it('turns a problem into an exception with its fields and number', async () => {
    answers.push(json({ status: 422, code: 'validation', detail: 'no', errors: [{ field: 'name', message: 'missing' }], request_id: 'r1' }, 422));
    const problem = await send('POST', '/things', { body: {} }).catch((e: unknown) => e) as ApiProblem;
    expect(problem).toBeInstanceOf(ApiProblem);
    expect([problem.status, problem.code, problem.requestId, problem.errors[0]?.field]).toEqual([422, 'validation', 'r1', 'name']);
  });

  it('tells a lost session apart from wrong credentials', async () => {
    const gone = vi.fn();
    onSignedOut(gone);
    answers.push(json({ code: 'bad_credentials' }, 401), json({ code: 'unauthenticated' }, 401));
    await send('POST', '/session', { body: {} }).catch(() => null);
    expect(gone).not.toHaveBeenCalled();
    await get('/me').catch(() => null);
    expect(gone).toHaveBeenCalledOnce();
  });

  it('reports a dead network as status 0', async () => {
    fetched.mockRejectedValueOnce(new TypeError('failed'));
    const problem = await get('/things').catch((e: unknown) => e) as ApiProblem;
    expect([problem.status, problem.code]).toEqual([0, 'offline']);
  });

  it('revalidates by ETag', async () => {
    answers.push(json({ v: 1 }, 200, { ETag: '"1"' }), new Response(null, { status: 304 }));
    expect(await getIfChanged('/meta', null)).toEqual({ data: { v: 1 }, etag: '"1"' });
    expect(await getIfChanged('/meta', '"1"')).toBeNull();
    expect(headersOf(1)['If-None-Match']).toBe('"1"');
  });

  it('answers an empty body with null', async () => {
    answers.push(new Response(null, { status: 204 }));
    expect(await send('DELETE', '/things/1', { version: 1 })).toBeNull();
  });

  it('makes keys without crypto.randomUUID', () => {
    vi.stubGlobal('crypto', { getRandomValues: (b: Uint8Array) => b.fill(255) });
    expect(newKey()).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
  });
});
