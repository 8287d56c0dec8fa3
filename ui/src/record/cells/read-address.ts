// An address of one line: province and city by name in either language, a district where it ends like one, the rest is the street.
import { entriesOf } from '@/lib/meta';
import type { Choice } from '@/lib/types';

const ENDS: Record<'province' | 'city', string[]> = { province: ['省', '市', '自治区', '特别行政区', ''], city: ['市', '地区', '盟', ''] };
const trimmed = (text: string): string => text.replace(/^[\s,，、]+|[\s,，、]+$/g, '');

/** The entry that the text begins with, the longest name first; and what comes after it. */
function taken(list: 'province' | 'city', entries: Choice[], text: string): { entry: Choice; rest: string } | null {
  const names = entries.filter((e) => !e.retired).flatMap((entry) => Object.values(entry.label ?? {}).filter((n) => !!n).flatMap((n) => ENDS[list].map((end) => ({ entry, name: `${n}${end}` })))).sort((a, b) => b.name.length - a.name.length);
  const found = names.find(({ name }) => text.toLowerCase().startsWith(name.toLowerCase()) && !/^[a-z]/i.test(/[a-z]$/i.test(name) ? text.slice(name.length) : ''));
  return found ? { entry: found.entry, rest: trimmed(text.slice(found.name.length)) } : null;
}

export function addressFrom(raw: string): Record<string, string | null> | null {
  const province = taken('province', entriesOf('province'), trimmed(raw.normalize('NFKC')));
  if (!province) return null;
  const city = taken('city', entriesOf('city').filter((c) => c.parent === province.entry.value), province.rest);
  const rest = city?.rest ?? province.rest;
  const district = /^([\u4e00-\u9fff]{1,8}?[区县市旗])(.*)$/.exec(rest);
  return { country: 'CN', province: province.entry.value, city: city?.entry.value ?? null, district: district?.[1] ?? null, street: trimmed(district ? district[2]! : rest) || null };
}
