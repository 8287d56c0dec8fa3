// One change of a field in words: label, old value struck, new value.
import { FieldDisplay } from '@/fields/field-display';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf } from '@/lib/meta';
import type { HistoryChange, ObjectMeta } from '@/lib/types';

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
