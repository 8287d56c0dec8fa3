// One field of a form: label above, control, help or error below.
import { CircleAlert, Lock } from 'lucide-react';
import { FieldDisplay } from '@/fields/field-display';
import { FieldInput } from '@/fields/inputs';
import { label, t } from '@/lib/i18n';
import { fieldLabel } from '@/lib/meta';
import type { FieldMeta } from '@/lib/types';

interface Props { field: FieldMeta; value: unknown; error?: string; record: Record<string, unknown>; autoFocus?: boolean; fixed?: boolean; onChange: (value: unknown) => void }

export const fieldId = (name: string): string => `field-${name}`;

export function FormField({ field, value, error, record, autoFocus, fixed, onChange }: Props) {
  const id = fieldId(field.name);
  const help = field.help ? label(field.help, '') : '';
  const wide = field.type === 'long_text' || field.type === 'links';
  const note = `${id}-note`;
  return (
    <div className={`ff${wide ? ' wide' : ''}${error ? ' bad' : ''}`}>
      <label htmlFor={id}>{fieldLabel(field)}{field.required && <span className="req">{t('form.required')}</span>}</label>
      {fixed ? <div className="fixed-value" id={id} title={t('form.fixed')}><FieldDisplay field={field} value={value} /><Lock size={14} strokeWidth={1.75} className="muted" aria-label={t('form.fixed')} /></div> : <FieldInput field={field} value={value} onChange={onChange} id={id} invalid={!!error} autoFocus={autoFocus} record={record} describedBy={error || help ? note : undefined} />}
      {error ? <div className="err" id={note} role="alert"><CircleAlert size={14} strokeWidth={1.75} aria-hidden /><span>{error}</span></div> : help && <div className="help" id={note}>{help}</div>}
    </div>
  );
}
