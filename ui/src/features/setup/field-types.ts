// The types of fields, in the groups in which a person looks for them, and what can be said of each.
import { AtSign, Image, Paperclip, Split, Braces, Clock, KeyRound, Globe, MapPin, MapPinned, Palette, Pilcrow, Star, Tags, ListTodo, Binary, Calendar, CalendarClock, CheckSquare, CircleDollarSign, Hash, Link2, ListChecks, Percent, Phone, Sigma, Square, SquareFunction, Type, Waypoints, AlignLeft, type LucideIcon } from 'lucide-react';
import type { FieldType } from '@/lib/types';

export const FIELD_ICONS: Record<FieldType, LucideIcon> = {
  any_link: Split, file: Paperclip, image: Image, rollup: Sigma,
  address: MapPinned, choices: ListTodo, color: Palette, duration: Clock, geo: MapPin, json: Braces, rating: Star, rich_text: Pilcrow, secret: KeyRound, tags: Tags, url: Globe,
  auto_number: Hash, boolean: CheckSquare, choice: ListChecks, date: Calendar, datetime: CalendarClock, decimal: Binary, email: AtSign, formula: SquareFunction, integer: Binary,
  link: Link2, links: Waypoints, long_text: AlignLeft, money: CircleDollarSign, percent: Percent, phone: Phone, text: Type,
};
export const fieldIcon = (type: string): LucideIcon => (FIELD_ICONS as Record<string, LucideIcon>)[type] ?? Square;

export const TYPE_GROUPS: { label: string; types: FieldType[] }[] = [
  { label: 'setup.types_text', types: ['text', 'long_text', 'rich_text', 'email', 'phone', 'url', 'tags'] },
  { label: 'setup.types_number', types: ['integer', 'decimal', 'percent', 'money', 'rating', 'duration'] },
  { label: 'setup.types_choice', types: ['choice', 'choices', 'boolean', 'color'] },
  { label: 'setup.types_date', types: ['date', 'datetime'] },
  { label: 'setup.types_link', types: ['link', 'links', 'any_link'] },
  { label: 'setup.types_place', types: ['address', 'geo', 'file', 'image'] },
  { label: 'setup.types_computed', types: ['formula', 'rollup', 'auto_number'] },
  { label: 'setup.types_rest', types: ['secret', 'json'] },
];
export const CREATABLE: FieldType[] = TYPE_GROUPS.flatMap((g) => g.types);
export const RESULTS = ['money', 'decimal', 'integer', 'percent', 'text', 'boolean', 'date', 'datetime'];

const COMPUTED = ['formula', 'rollup'];
const SEARCHED = ['text', 'long_text', 'rich_text', 'email', 'phone', 'url', 'auto_number'];
const UNIQUE = ['text', 'integer', 'decimal', 'percent', 'date', 'datetime', 'choice', 'link', 'email', 'phone', 'url', 'auto_number'];

/** Options of one type beside those that every field has. */
export const OPTIONS: Partial<Record<FieldType, string[]>> = {
  text: ['max', 'format', 'default'], long_text: ['max', 'default'], rich_text: ['default'], email: ['default'], phone: ['default'], url: ['default'],
  integer: ['min', 'max', 'default'], decimal: ['scale', 'min', 'max', 'default'], percent: ['scale', 'min', 'max', 'default'], money: ['scale', 'min', 'max', 'default'],
  rating: ['max', 'default'], duration: ['default'], json: ['max'], boolean: ['default'], date: ['default'], datetime: ['default'], color: ['default'],
  choice: ['list', 'choices', 'depends_on', 'default'], choices: ['list', 'choices', 'depends_on'],
  link: ['to', 'inverse', 'inverse_label', 'on_delete', 'visible_with', 'shares', 'tree'], links: ['to', 'inverse', 'inverse_label', 'on_delete', 'visible_with', 'shares'], any_link: ['to', 'inverse', 'inverse_label', 'on_delete', 'visible_with'],
  file: ['multiple', 'accept', 'max_size'], image: ['multiple', 'accept', 'max_size'], auto_number: ['number'], formula: ['of', 'result', 'scale'], rollup: ['of', 'result', 'scale'],
};
export const hasOption = (type: string, option: string): boolean => ((OPTIONS as Record<string, string[]>)[type] ?? []).includes(option);
export const isComputed = (type: string): boolean => COMPUTED.includes(type);
export const canRequire = (type: string): boolean => !isComputed(type) && type !== 'boolean' && type !== 'auto_number';
export const canSearch = (type: string): boolean => SEARCHED.includes(type);
export const canBeUnique = (type: string): boolean => UNIQUE.includes(type);

/** Which type may become which (docs/admin/metadata.md); the server has the last word and says why not. */
const TEXTS = ['text', 'long_text'];
const NUMBERS = ['integer', 'decimal', 'percent', 'money', 'rating', 'duration'];
const FROM_TEXT = ['text', 'long_text', 'rich_text', 'email', 'phone', 'url', ...NUMBERS, 'boolean', 'date', 'datetime', 'choice', 'choices', 'tags', 'link', 'links', 'address', 'geo', 'json', 'color'];
const BECOMES: Record<string, string[]> = {
  text: FROM_TEXT, long_text: FROM_TEXT.filter((x) => x !== 'color'), email: [...TEXTS, 'phone', 'url'], phone: [...TEXTS, 'email', 'url'], url: [...TEXTS, 'email', 'phone'],
  rich_text: TEXTS, address: TEXTS, geo: TEXTS, json: TEXTS, color: TEXTS, auto_number: TEXTS,
  integer: [...NUMBERS, ...TEXTS, 'boolean', 'choice'], decimal: [...NUMBERS, ...TEXTS], percent: [...NUMBERS, ...TEXTS], money: [...NUMBERS, ...TEXTS], rating: [...NUMBERS, ...TEXTS, 'choice'], duration: [...NUMBERS, ...TEXTS],
  boolean: [...TEXTS, 'integer', 'choice'], date: ['datetime', ...TEXTS], datetime: ['date', ...TEXTS],
  choice: ['choices', 'tags', ...TEXTS, 'link', 'links', 'integer', 'rating', 'boolean'], choices: ['tags', 'choice', ...TEXTS], tags: ['choices', 'choice', ...TEXTS],
  link: ['links', 'any_link', ...TEXTS], links: ['link', ...TEXTS], any_link: ['link', ...TEXTS], file: ['image'], image: ['file'],
};
export const becomes = (type: string): string[] => [...new Set(BECOMES[type] ?? [])].filter((x) => x !== type);
