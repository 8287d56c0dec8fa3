// What a person chose on this device: theme, density, language, sidebar, whether what was read is kept here. Kept in localStorage, read before first paint.
import { useSyncExternalStore } from 'react';

export type Language = 'zh-CN' | 'en';
export type Theme = 'light' | 'dark' | 'system';
export type Density = 'compact' | 'default' | 'comfortable';
export interface Prefs { theme: Theme; density: Density; language: Language; narrow: boolean | null; offline: boolean }

const KEY = 'gx.prefs';
const browserLanguage = (): Language => (typeof navigator !== 'undefined' && !navigator.language.startsWith('zh') ? 'en' : 'zh-CN');

function read(): Prefs {
  const start: Prefs = { theme: 'system', density: 'default', language: browserLanguage(), narrow: null, offline: true };
  try {
    return { ...start, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Prefs> };
  } catch {
    return start;
  }
}

let prefs = read();
const listeners = new Set<() => void>();
const emit = () => listeners.forEach((f) => f());

export const getPrefs = (): Prefs => prefs;
export const hasStoredLanguage = (): boolean => (localStorage.getItem(KEY) ?? '').includes('"language"');

export function setPrefs(change: Partial<Prefs>) {
  prefs = { ...prefs, ...change };
  try { localStorage.setItem(KEY, JSON.stringify(prefs)); } catch { /* private mode: kept for this page only */ }
  applyPrefs();
  emit();
}

export function resolvedTheme(): 'light' | 'dark' {
  if (prefs.theme !== 'system') return prefs.theme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function applyPrefs() {
  const root = document.documentElement;
  root.dataset.theme = resolvedTheme();
  root.dataset.density = prefs.density;
  root.lang = prefs.language;
}

function subscribe(f: () => void) {
  listeners.add(f);
  return () => { listeners.delete(f); };
}

export const usePrefs = (): Prefs => useSyncExternalStore(subscribe, getPrefs);

/** Follow the system's theme while the person has not chosen one. */
export function watchSystemTheme() {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    if (prefs.theme !== 'system') return;
    prefs = { ...prefs };
    applyPrefs();
    emit();
  });
}
