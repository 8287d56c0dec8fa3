// The types a person can choose for a new field, each with its icon.
import { AtSign, Image, Paperclip, Split, Braces, Clock, KeyRound, Globe, MapPin, MapPinned, Palette, Pilcrow, Star, Tags, ListTodo, Binary, Calendar, CalendarClock, CheckSquare, CircleDollarSign, Hash, Link2, ListChecks, Percent, Phone, Sigma, Square, Type, Waypoints, AlignLeft, type LucideIcon } from 'lucide-react';
import type { FieldType } from '@/lib/types';

export const FIELD_ICONS: Record<FieldType, LucideIcon> = {
  any_link: Split, file: Paperclip, image: Image, rollup: Sigma,
  address: MapPinned, choices: ListTodo, color: Palette, duration: Clock, geo: MapPin, json: Braces, rating: Star, rich_text: Pilcrow, secret: KeyRound, tags: Tags, url: Globe,
  auto_number: Hash, boolean: CheckSquare, choice: ListChecks, date: Calendar, datetime: CalendarClock, decimal: Binary, email: AtSign, formula: Sigma, integer: Binary,
  link: Link2, links: Waypoints, long_text: AlignLeft, money: CircleDollarSign, percent: Percent, phone: Phone, text: Type,
};
export const fieldIcon = (type: string): LucideIcon => (FIELD_ICONS as Record<string, LucideIcon>)[type] ?? Square;

export const CREATABLE: FieldType[] = ['text', 'long_text', 'choice', 'link', 'links', 'any_link', 'file', 'image', 'date', 'datetime', 'money', 'integer', 'decimal', 'percent', 'boolean', 'phone', 'email', 'url', 'address', 'tags', 'choices', 'rich_text', 'rating', 'duration', 'color', 'geo', 'secret', 'formula'];
export const RESULTS = ['money', 'decimal', 'integer', 'percent', 'text', 'boolean', 'date'];
