// What a copied text means as the value of a field, as the API takes it; or that it means nothing there.
import { TINTS } from '@/fields/color/color';
import { durationOf } from '@/fields/duration/format';
import { kitOf } from '@/fields/fields';
import { placeFrom } from '@/fields/geo/geo';
import { htmlOf } from '@/fields/rich_text/plain';
import { titleField, type Catalogue } from '@/lib/meta';
import type { FieldMeta, MoneyValue } from '@/lib/types';
import { addressFrom } from './read-address';
import { dayOf, instantOf } from './read-day';
import { moneyOf, numberOf } from './read-number';

export type Read = { ok: true; value: unknown } | { ok: false };
const BAD: Read = { ok: false };
const YES = new Set(['是', 'true', 'yes', 'y', '1', '√', '✓', '对', '有']);
const NO = new Set(['否', 'false', 'no', 'n', '0', '×', '✗', '错', '无', '']);

const words = (text: string): string[] => text.split(/[、,，;；|\n]/).map((w) => w.trim()).filter(Boolean);
const isNamed = (labels: Record<string, string | undefined> | undefined, text: string): boolean =>
  Object.values(labels ?? {}).some((l) => l?.trim().toLowerCase() === text.toLowerCase());
const codeOf = (field: FieldMeta, text: string): string | undefined =>
  field.choices?.find((c) => !c.retired && (c.value === text || isNamed(c.label, text)))?.value;

function codesOf(field: FieldMeta, text: string): Read {
  const whole = codeOf(field, text);
  const codes = whole === undefined ? words(text).map((w) => (field.type === 'tags' && !field.choices ? w : codeOf(field, w))) : [whole];
  return codes.some((c) => c === undefined) ? BAD : { ok: true, value: [...new Set(codes)] };
}

/** Linked records are named; the server finds the one of that name, or says that there is none or several. */
function linkOf(catalogue: Catalogue, field: FieldMeta, text: string): unknown {
  const target = catalogue.byName.get(field.to ?? '');
  return target ? { match: { [titleField(target)]: text } } : undefined;
}

function jsonOf(text: string): unknown {
  try { return JSON.parse(text) as unknown; } catch { return undefined; }
}

const given = (value: unknown): Read => (value === null || value === undefined ? BAD : { ok: true, value });

interface About { raw: string; now: unknown; catalogue: Catalogue }
type Reader = (field: FieldMeta, text: string, about: About) => Read;
const plain: Reader = (field, text, { raw }) => ({ ok: true, value: field.type === 'long_text' ? raw : text });
const numeric: Reader = (field, text) => { const n = numberOf(text); return n === null ? BAD : { ok: true, value: kitOf(field).wire(field.type === 'rating' ? Number(n) : n) }; };
const codes: Reader = (field, text) => codesOf(field, text);

/** Pictures, files and links to any object have no name to be found by: they are changed in their cell. */
const READERS: Record<string, Reader> = {
  text: plain, long_text: plain, email: plain, phone: plain, url: plain, secret: plain,
  integer: numeric, decimal: numeric, percent: numeric, rating: numeric, choices: codes, tags: codes,
  money: (_, text, { now }) => given(moneyOf(text, now as MoneyValue | null)),
  date: (_, text) => given(dayOf(text)),
  datetime: (_, text) => given(instantOf(text)),
  duration: (_, text) => given(durationOf(text.replace('：', ':'))),
  geo: (_, text) => given(placeFrom(text)),
  address: (_, text) => given(addressFrom(text)),
  json: (_, text) => given(jsonOf(text)),
  rich_text: (_, text) => ({ ok: true, value: htmlOf(text) }),
  color: (_, text) => given(TINTS.find((x) => x.code === text.toLowerCase() || isNamed(x.label, text))?.code),
  choice: (field, text) => given(codeOf(field, text)),
  link: (field, text, { catalogue }) => given(linkOf(catalogue, field, text)),
  links: (field, text, { catalogue }) => ({ ok: true, value: words(text).map((w) => linkOf(catalogue, field, w)) }),
};
const LISTS = new Set(['choices', 'tags', 'links']);

export const isPasted = (field: FieldMeta): boolean => field.type === 'boolean' || field.type in READERS;

export function readCell(catalogue: Catalogue, field: FieldMeta, raw: string, now: unknown): Read {
  const text = raw.trim();
  if (field.type === 'boolean') return YES.has(text.toLowerCase()) ? { ok: true, value: true } : NO.has(text.toLowerCase()) ? { ok: true, value: false } : BAD;
  const reader = READERS[field.type];
  if (!reader) return BAD;
  return !text || text === '–' ? { ok: true, value: LISTS.has(field.type) ? [] : null } : reader(field, text, { raw, now, catalogue });
}
