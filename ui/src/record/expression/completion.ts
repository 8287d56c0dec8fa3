// Taking an offered name into the text, and the words for types of results.
import { hasMessage, t } from '@/lib/i18n';
import type { Checked, Completion } from './check-api';

const codePoints = (text: string, at: number): number => [...text.slice(0, at)].length;
/** The server counts characters, the text area UTF-16 units. */
export const toServer = (text: string, at: number): number => codePoints(text, at);
export const fromServer = (text: string, at: number): number => [...text].slice(0, at).join('').length;

/** `from`: character where the unfinished word begins. A function gets its parentheses, a relation its dot is left to the person. */
export function accept(text: string, from: number, cursor: number, c: Completion): { text: string; cursor: number } {
  const start = Math.min(fromServer(text, from), cursor);
  // Inside quotes a code closes them.
  if (c.kind === 'code' && text[start - 1] === '"') {
    const rest = text.slice(cursor).replace(/^"/, '');
    return { text: `${text.slice(0, start)}${c.text}"${rest}`, cursor: start + c.text.length + 1 };
  }
  const quoted = c.kind === 'code' && text.slice(start, cursor).startsWith('"') && !c.text.startsWith('"');
  const call = c.kind === 'function' && !text.slice(cursor).startsWith('(');
  const word = quoted ? `"${c.text}"` : call ? `${c.text}()` : c.text;
  const after = c.kind === 'code' && word.endsWith('"') && text.slice(cursor).startsWith('"') ? text.slice(cursor + 1) : text.slice(cursor);
  return { text: text.slice(0, start) + word + after, cursor: start + word.length - (call ? 1 : 0) };
}

/** Of what was offered before the last keys, what the word has not left behind: else Tab would take what nobody means any more. */
export function stillMeant(all: Completion[], text: string, from: number, cursor: number): Completion[] {
  const word = text.slice(fromServer(text, from), cursor).replace(/^"/, '').toLowerCase();
  return all.filter((c) => [c.text, c.label ?? ''].some((x) => x.toLowerCase().includes(word)));
}

const SHOWN = 8;

export function offersNow(checked: Checked | undefined, before: boolean, text: string, cursor: number): Completion[] {
  const told = checked?.completions ?? [];
  return (before ? stillMeant(told, text, checked?.from ?? 0, cursor) : told).slice(0, SHOWN);
}

export const typeWords = (type: string | undefined): string => {
  const name = type ?? 'null';
  if (hasMessage(`expr.type_${name}`)) return t(`expr.type_${name}`);
  return hasMessage(`type.${name}`) ? t(`type.${name}`) : name;
};
