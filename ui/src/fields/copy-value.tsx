// The copy button of a value that people carry elsewhere: numbers, names, addresses. A masked value is none.
import { CopyButton } from '@/components/copy';
import { fieldLabel } from '@/lib/meta';
import { isMasked } from './field-display';
import { fieldText } from './fields';
import type { DisplayProps } from './kit';

const COPIED = new Set(['text', 'phone', 'email', 'url', 'auto_number', 'address']);

export function CopyValue({ field, value, className }: DisplayProps & { className?: string }) {
  const text = COPIED.has(field.type) && value !== null && value !== undefined && !isMasked(field.type, value) ? fieldText(field, value) : '';
  return text ? <CopyButton text={text} name={fieldLabel(field)} className={className} /> : null;
}
