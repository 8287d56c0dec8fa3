// Records without a name of their own (visits, calls, notes): with whom and when, as far as the reader sees it.
import { formatInstant } from '@/lib/dates';
import type { ObjectMeta, Rec } from '@/lib/types';

/** Whose it is and who wrote it is not what it is about. */
const BY = /^(owner|depart.*|.*_by)$/;
const WRITTEN = /^(created|updated|deleted)_at$/;
const isTitled = (v: unknown): v is { title: string } => !!v && typeof v === 'object' && 'title' in v && !!v.title;

/** The first record that it leads to and its first time; when it was written where it tells none. */
export function namelessTitle(object: ObjectMeta, record: Rec | Record<string, unknown>): string | null {
  const of = (types: string[], without: RegExp) => object.fields.filter((f) => types.includes(f.type) && !without.test(f.name)).map((f) => record[f.name]);
  const who = of(['link', 'any_link'], BY).find(isTitled);
  const when = [...of(['datetime'], WRITTEN), record.created_at].find((v) => typeof v === 'string' && v !== '');
  return who ? [who.title, when ? formatInstant(String(when)) : ''].filter(Boolean).join(' · ') : null;
}
