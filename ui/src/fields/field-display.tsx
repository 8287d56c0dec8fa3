import type { DisplayProps } from './kit';
import { isMoney, kitOf } from './fields';

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** What the server shows in place of a value one may not know: 138****5678, a***@example.com, ***. It is no number, link or day. */
const MASKABLE = new Set(['text', 'email', 'phone', 'url', 'integer', 'decimal', 'percent', 'money', 'date', 'datetime']);
export const isMasked = (type: string, value: unknown): value is string => typeof value === 'string' && MASKABLE.has(type) && value.includes('**');

export function FieldDisplay({ field, value }: DisplayProps) {
  if (isEmpty(value)) return <span className="muted" aria-hidden>{isMoney(field) ? '–' : ''}</span>;
  if (isMasked(field.type, value)) return <span className="cut">{value}</span>;
  const { Display } = kitOf(field);
  return <Display field={field} value={value} />;
}
