import { Avatar } from '@/components/avatar';
import { iconOf, showsFirms, showsPeople } from '@/components/icons';
import { hasTrait, titleField } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { namelessTitle } from './nameless';

export function recordTitle(object: ObjectMeta, record: Rec | Record<string, unknown>): string {
  const title = titleField(object);
  const value = title === 'id' ? namelessTitle(object, record) : record[title];
  if (value && typeof value === 'object' && 'title' in value) return String(value.title);
  return value === null || value === undefined || value === '' ? `#${String(record.id ?? '')}` : String(value);
}

const isFirm = (object: ObjectMeta): boolean => hasTrait(object, 'followed') && hasTrait(object, 'pooled');

/** People round, firms square with a letter; other things show the icon of their kind. */
export function RecordMark({ object, record, size }: { object: ObjectMeta; record: Rec; size: number }) {
  const icon = object.icon ?? object.object;
  if (showsPeople(icon)) return <Avatar name={recordTitle(object, record)} seed={record.id} size={size} />;
  if (showsFirms(icon) || isFirm(object)) return <Avatar square name={recordTitle(object, record)} seed={record.id} size={size} />;
  const Icon = iconOf(icon);
  return <span className="av sq tile" style={{ width: size, height: size }}><Icon size={Math.round(size * 0.62)} strokeWidth={1.75} aria-hidden /></span>;
}
