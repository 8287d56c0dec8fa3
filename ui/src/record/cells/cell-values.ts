// What a copied text means as the value of a field, as the API takes it; or that it means nothing there.
import dayjs from 'dayjs';
import { kitOf } from '@/fields/fields';
import { titleField, type Catalogue } from '@/lib/meta';
import { parseDecimal } from '@/lib/numbers';
import { region } from '@/lib/region';
import type { FieldMeta } from '@/lib/types';

export type Read = { ok: true; value: unknown } | { ok: false };

const BAD: Read = { ok: false };
const YES = new Set(['是', 'true', 'yes', 'y', '1', '√', '✓', '对']);
const NO = new Set(['否', 'false', 'no', 'n', '0', '×', '✗', '']);

const number = (text: string): string | null => parseDecimal(text.normalize('NFKC').replace(/[,\s]|[¥$€£%]/g, '').replace(/^\((.*)\)$/, '-$1')) ?? null;

function dayOf(text: string): string | null {
  const parts = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text.trim()) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text.trim());
  if (!parts) return null;
  const day = `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}`;
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day ? null : day;
}

function instantOf(text: string): string | null {
  const parts = /^(.*?)[T\s]+(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(text.trim());
  const day = dayOf(parts ? parts[1]! : text);
  const time = parts ? `${parts[2]!.padStart(2, '0')}:${parts[3]}` : '00:00';
  return day && time < '24' ? dayjs.tz(`${day}T${time}:00`, region().timeZone).toISOString() : null;
}

const words = (text: string): string[] => text.split(/[、,，;；|]/).map((w) => w.trim()).filter(Boolean);
const codeOf = (field: FieldMeta, text: string): string | undefined =>
  field.choices?.find((c) => !c.retired && (c.value === text || Object.values(c.label ?? {}).some((l) => l?.toLowerCase() === text.toLowerCase())))?.value;

function codesOf(field: FieldMeta, text: string): Read {
  const codes = words(text).map((w) => (field.type === 'tags' && !field.choices ? w : codeOf(field, w)));
  return codes.some((c) => c === undefined) ? BAD : { ok: true, value: codes };
}

/** Linked records are named; the server finds the one of that name, or says that there is none or several. */
function linkOf(catalogue: Catalogue, field: FieldMeta, text: string): unknown {
  const target = catalogue.byName.get(field.to ?? '');
  return target ? { match: { [titleField(target)]: text } } : undefined;
}

const given = (value: unknown): Read => (value === null || value === undefined ? BAD : { ok: true, value });

interface About { raw: string; now: unknown; catalogue: Catalogue }
type Reader = (field: FieldMeta, text: string, about: About) => Read;

const plain: Reader = (field, text, { raw }) => ({ ok: true, value: field.type === 'long_text' ? raw : text });
const numeric: Reader = (field, text) => { const n = number(text); return n === null ? BAD : { ok: true, value: kitOf(field).wire(field.type === 'rating' ? Number(n) : n) }; };
const money: Reader = (_, text, { now }) => { const n = number(text); return n === null ? BAD : { ok: true, value: { value: n, currency: (now as { currency?: string } | null)?.currency ?? region().currency } }; };
const codes: Reader = (field, text) => codesOf(field, text);

const READERS: Record<string, Reader> = {
  text: plain, long_text: plain, email: plain, phone: plain, url: plain,
  integer: numeric, decimal: numeric, percent: numeric, rating: numeric, money, choices: codes, tags: codes,
  date: (_, text) => given(dayOf(text)),
  datetime: (_, text) => given(instantOf(text)),
  choice: (field, text) => given(codeOf(field, text)),
  link: (field, text, { catalogue }) => given(linkOf(catalogue, field, text)),
  links: (field, text, { catalogue }) => ({ ok: true, value: words(text).map((w) => linkOf(catalogue, field, w)) }),
};
const LISTS = new Set(['choices', 'tags', 'links']);

export function readCell(catalogue: Catalogue, field: FieldMeta, raw: string, now: unknown): Read {
  const text = raw.trim();
  if (field.type === 'boolean') return YES.has(text.toLowerCase()) ? { ok: true, value: true } : NO.has(text.toLowerCase()) ? { ok: true, value: false } : BAD;
  const reader = READERS[field.type];
  if (!reader) return BAD;
  return !text || text === '–' ? { ok: true, value: LISTS.has(field.type) ? [] : null } : reader(field, text, { raw, now, catalogue });
}
