import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { setMessages } from '@/lib/i18n';
import { catalogueOf } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { KINDS, type Message } from './messages-api';
import { headOf, sentenceOf } from './sentence';

const words = (name: string) => JSON.parse(readFileSync(`src/locales/zh-CN/${name}.json`, 'utf8')) as Record<string, string>;
const object = (name: string, zh: string): ObjectMeta => ({ object: name, plural: `${name}s`, label: { 'zh-CN': zh, en: name }, fields: [] }) as unknown as ObjectMeta;
const catalogue = catalogueOf({ objects: [object('account', '客户'), object('comment', '评论')] } as unknown as Parameters<typeof catalogueOf>[0]);
const of = (more: Partial<Message>): Message => ({ id: '1', kind: 'mention', at: '', read: false, times: 1, by: { id: '9', title: '李四' }, object: 'account', record: { id: '7', title: '甲公司' }, source: null, ...more });

describe('a message', () => {
  beforeAll(() => setMessages('zh-CN', { ...words('ui'), ...words('messages') }));

  it('names who, what and which record', () => {
    expect(headOf(of({}))).toBe('甲公司');
    expect(sentenceOf(of({ source: { object: 'comment', id: '3', text: '' } }), catalogue)).toBe('李四 在评论中提到了你');
    expect(sentenceOf(of({ kind: 'assigned', times: 4 }), catalogue)).toBe('李四 交给你4条客户，其中有');
    expect(sentenceOf(of({ kind: 'follow', times: 3 }), catalogue)).toBe('李四 等做了3次修改');
    expect(sentenceOf(of({ kind: 'follow', times: 3, source: { object: 'comment', id: '3', text: '' } }), catalogue)).toBe('李四 写了评论');
  });

  it('has words for every kind, and says how a job ended', () => {
    for (const kind of KINDS) if (kind !== 'job' && kind !== 'digest') expect(sentenceOf(of({ kind }), catalogue)).not.toMatch(/messages\./);
    expect(headOf(of({ kind: 'job', record: undefined, object: undefined, job: { id: '1', kind: 'export', status: 'failed' } }))).toMatch(/^没有成功：/);
    const digest = of({ kind: 'digest', record: undefined, object: undefined, digest: { kinds: { mention: 1, assigned: 2 }, count: 3, more: true } });
    expect([headOf(digest), sentenceOf(digest, catalogue)]).toEqual(['摘要：3+条消息', '有人提到我 1 · 记录交给我 2']);
  });
});
