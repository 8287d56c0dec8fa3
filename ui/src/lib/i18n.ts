// Messages and labels. `t` reads the active language; the app remounts when it changes, so plain calls are enough.
import en from '@/locales/en/ui.json';
import zh from '@/locales/zh-CN/ui.json';
import type { Label } from './types';
import type { Language } from './prefs';

type Messages = Record<string, string>;
type Value = string | number;

const state: { language: Language; messages: Messages } = { language: 'zh-CN', messages: {} };

const all: Record<Language, Messages> = { 'zh-CN': { ...zh }, en: { ...en } };

/** Words of pages that are loaded by route: they come with their page. */
export function addMessages(words: Record<Language, Messages>) {
  Object.assign(all['zh-CN'], words['zh-CN']);
  Object.assign(all.en, words.en);
}

export const setLanguage = (next: Language) => setMessages(next, all[next]);

export function setMessages(language: Language, messages: Messages) {
  state.language = language;
  state.messages = messages;
}

export const language = (): Language => state.language;

const fill = (text: string, values: Record<string, Value>) =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all));

/** Message by key; `n` in the values picks `key.one` where the language has a plural form for it. */
export function t(key: string, values: Record<string, Value> = {}): string {
  const plural = typeof values.n === 'number' && new Intl.PluralRules(state.language).select(values.n) === 'one';
  const text = (plural ? state.messages[`${key}.one`] : undefined) ?? state.messages[key];
  if (text === undefined) return key;
  const shown = typeof values.n === 'number' ? { ...values, n: values.n.toLocaleString(state.language) } : values;
  return fill(text, shown);
}

export const hasMessage = (key: string): boolean => key in state.messages;

export function label(of: Label | undefined, fallback: string): string {
  return of?.[state.language] ?? of?.['zh-CN'] ?? of?.en ?? humanise(fallback);
}

export const humanise = (name: string): string => {
  const text = name.replace(/_/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** "Product category" → "Product categories"; Chinese has no plural. */
export function plural(word: string): string {
  if (state.language !== 'en' || /[^\x20-\x7e]/.test(word) || word === '') return word;
  if (/[^aeiou]y$/i.test(word)) return word.slice(0, -1) + 'ies';
  return /(s|x|z|ch|sh)$/i.test(word) ? word + 'es' : word + 's';
}

/** A noun inside a sentence: English lowers the first letter unless the word is an acronym. */
export const inSentence = (word: string): string =>
  state.language === 'en' && !/^[A-Z]{2}/.test(word) ? word.charAt(0).toLowerCase() + word.slice(1) : word;
