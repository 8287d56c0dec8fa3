import type { DisplayProps } from './kit';
import { isMoney, kitOf } from './fields';

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

export function FieldDisplay({ field, value }: DisplayProps) {
  if (isEmpty(value)) return <span className="muted" aria-hidden>{isMoney(field) ? '–' : ''}</span>;
  const { Display } = kitOf(field);
  return <Display field={field} value={value} />;
}
