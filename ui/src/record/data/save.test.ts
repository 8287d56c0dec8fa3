import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ObjectMeta, Rec } from '@/lib/types';
import { changedFields, clashesOf, update } from './save';

const thing: ObjectMeta = { object: 'thing', plural: 'things', fields: [{ name: 'name', type: 'text' }, { name: 'note', type: 'text' }, { name: 'price', type: 'money' }, { name: 'boss', type: 'link', to: 'thing' }] };
const base: Rec = { id: '1', version: 3, name: 'A', note: null, price: { value: '1.00', currency: 'CNY' }, boss: { id: '9', title: 'Nine' } };

const calls: { method: string; version: string | undefined; body: unknown }[] = [];
let answers: Response[] = [];
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

beforeEach(() => vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
  calls.push({ method: init.method ?? 'GET', version: (init.headers as Record<string, string>)['If-Match'], body: init.body ? JSON.parse(init.body as string) : null });
  return Promise.resolve(answers.shift()!);
}));
afterEach(() => { vi.unstubAllGlobals(); calls.length = 0; answers = []; });

describe('what changed', () => {
  it('compares as the API would store', () => {
    expect(changedFields(thing, { name: 'A', note: '', boss: { id: '9' }, price: { value: '1.00', currency: 'CNY' } }, base)).toEqual([]);
    expect(changedFields(thing, { name: 'B', price: { value: '1.0', currency: 'CNY' } }, base)).toEqual(['name', 'price']);
  });
  it('clashes only where both changed to different values', () => {
    const current = { ...base, version: 4, name: 'X', note: 'same' };
    expect(clashesOf(thing, ['name', 'note'], { name: 'B', note: 'same' }, base, current)).toEqual([{ field: 'name', mine: 'B', theirs: 'X' }]);
  });
});

describe('update', () => {
  it('sends only what changed, with the version that was read', async () => {
    answers = [json({ ...base, version: 4, name: 'B' })];
    expect(await update(thing, base, { name: 'B', note: '' })).toMatchObject({ kind: 'saved', merged: false });
    expect(calls).toEqual([{ method: 'PATCH', version: '"3"', body: { name: 'B' } }]);
  });
  it('sends nothing when nothing changed', async () => {
    expect(await update(thing, base, { name: 'A' })).toMatchObject({ kind: 'saved' });
    expect(calls).toEqual([]);
  });
  it('merges with a change of other fields', async () => {
    answers = [json({ code: 'stale' }, 412), json({ ...base, version: 4, note: 'theirs' }), json({ ...base, version: 5, name: 'B', note: 'theirs' })];
    expect(await update(thing, base, { name: 'B' })).toMatchObject({ kind: 'saved', merged: true, record: { note: 'theirs' } });
    expect(calls.at(-1)).toEqual({ method: 'PATCH', version: '"4"', body: { name: 'B' } });
  });
  it('asks when the same field changed on both sides, and loses neither value', async () => {
    answers = [json({ code: 'stale' }, 412), json({ ...base, version: 4, name: 'X' })];
    expect(await update(thing, base, { name: 'B' })).toMatchObject({ kind: 'conflict', clashes: [{ field: 'name', mine: 'B', theirs: 'X' }] });
  });
  it('hands field errors back', async () => {
    answers = [json({ code: 'validation', errors: [{ field: 'name', message: 'no' }] }, 422)];
    expect(await update(thing, base, { name: '' })).toMatchObject({ kind: 'invalid', errors: [{ field: 'name', message: 'no' }] });
  });
});
