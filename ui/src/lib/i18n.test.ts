import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inSentence, label, plural, setMessages, t } from './i18n';

/** All files of a language together: a key stands in one of them. */
function messages(language: string): Record<string, string> {
  const files = readdirSync(`src/locales/${language}`).map((f) => JSON.parse(readFileSync(`src/locales/${language}/${f}`, 'utf8')) as Record<string, string>);
  const keys = files.flatMap((f) => Object.keys(f));
  if (new Set(keys).size !== keys.length) throw new Error(`a key stands twice in ${language}: ${keys.filter((k, i) => keys.indexOf(k) !== i).join(', ')}`);
  return Object.assign({}, ...files) as Record<string, string>;
}
const en = messages('en');
const zh = messages('zh-CN');
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();
const sources = readdirSync('src', { recursive: true }).map(String).filter((f) => /\.tsx?$/.test(f) && !f.includes('.test.'));
const code = sources.map((f) => readFileSync(`src/${f}`, 'utf8')).join('\n');

describe('message files', () => {
  it('hold the same keys in both languages', () => {
    const base = (o: object) => Object.keys(o).filter((k) => !k.endsWith('.one')).sort();
    expect(base(en)).toEqual(base(zh));
  });

  it('hold the same places to fill', () => {
    for (const [key, text] of Object.entries(zh)) expect(holes(en[key]!), key).toEqual(holes(text));
  });

  it('hold every key that the source asks for', () => {
    const asked = [...code.matchAll(/\bt\('([\w.-]+)'/g)].map((m) => m[1]!);
    expect(asked.length).toBeGreaterThan(100);
    for (const key of asked) expect(zh, key).toHaveProperty([key]);
  });

  it('hold no space between Han and digits', () => {
    for (const [key, text] of Object.entries(zh)) expect(text, key).not.toMatch(/\p{Script=Han} \{n\}|\{n\} \p{Script=Han}/u);
  });
});

describe('words', () => {
  it('take the singular where there is one', () => {
    setMessages('en', en);
    expect(t('toast.restored', { n: 1 })).toBe('1 record restored');
    expect(t('toast.restored', { n: 1200 })).toBe('1,200 records restored');
  });

  it('have English plurals and none in Chinese', () => {
    setMessages('en', en);
    expect([plural('Account'), plural('Product category'), plural('Address'), plural('Day')]).toEqual(['Accounts', 'Product categories', 'Addresses', 'Days']);
    setMessages('zh-CN', zh);
    expect(plural('客户')).toBe('客户');
  });

  it('keep acronyms inside a sentence', () => {
    setMessages('en', en);
    expect([inSentence('Account'), inSentence('SLA rule')]).toEqual(['account', 'SLA rule']);
  });

  it('fall back from the missing label to the name', () => {
    setMessages('en', en);
    expect(label(undefined, 'next_step')).toBe('Next step');
    expect(label({ 'zh-CN': '客户' }, 'x')).toBe('客户');
  });
});
