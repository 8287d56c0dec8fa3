// One change of a field in words: label, old value struck, new value.
import { FieldDisplay } from '@/fields/field-display';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf } from '@/lib/meta';
import type { HistoryChange, MergedFrom, ObjectMeta } from '@/lib/types';

const empty = (value: unknown): boolean => value === null || value === undefined || value === '';

export function ChangeValue({ object, name, value, type }: { object: ObjectMeta; name: string; value: unknown; type?: string }) {
  const field = fieldOf(object, name);
  if (empty(value)) return <span className="muted">{t('value.empty')}</span>;
  return field ? <FieldDisplay field={type ? { ...field, type } : field} value={value} /> : <span>{String(value)}</span>;
}

export function changeLabel(object: ObjectMeta, change: HistoryChange): string {
  const field = fieldOf(object, change.field);
  return field ? fieldLabel(field) : change.field;
}

/** A change of a record that has become part of this one. */
export function MergedMark({ item }: { item: { merged_from?: MergedFrom } }) {
  if (!item.merged_from) return null;
  return <div className="cap muted merged-from">{t('history.merged_from', { title: item.merged_from.title ?? item.merged_from.id })}</div>;
}
