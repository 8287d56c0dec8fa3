// Who is mentioned in a text: the people chosen from the list whose "@name" still stands in it.
import type { LinkValue } from '@/lib/types';

export const mentionWords = (person: LinkValue): string => `@${person.title ?? ''}`;

export const mentionedIn = (text: string, chosen: LinkValue[]): LinkValue[] => chosen.filter((p) => p.title && text.includes(mentionWords(p)));

export const withPerson = (chosen: LinkValue[], person: LinkValue): LinkValue[] => (chosen.some((p) => p.id === person.id) ? chosen : [...chosen, person]);

/** The text in pieces; those that name a mentioned person carry him. Longer names first, so that 王小明 is not taken for 王小. */
export function pieces(text: string, people: LinkValue[]): { text: string; person?: LinkValue }[] {
  const known = [...people].filter((p) => p.title).sort((a, b) => b.title!.length - a.title!.length);
  const out: { text: string; person?: LinkValue }[] = [];
  let rest = text;
  while (rest) {
    const hits = known.map((p) => ({ p, at: rest.indexOf(mentionWords(p)) })).filter((h) => h.at >= 0).sort((a, b) => a.at - b.at);
    const hit = hits[0];
    if (!hit) { out.push({ text: rest }); break; }
    if (hit.at) out.push({ text: rest.slice(0, hit.at) });
    const words = mentionWords(hit.p);
    out.push({ text: words, person: hit.p });
    rest = rest.slice(hit.at + words.length);
  }
  return out;
}
