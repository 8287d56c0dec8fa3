// What the file does not hold: a fixed value for every row, or a text put together from columns.
import { Button, Input, Select } from 'antd';
import { ArrowRight, Plus, X } from 'lucide-react';
import { IconButton } from '@/components/icon-button';
import { FieldInput, hasInput } from '@/fields/inputs';
import { t } from '@/lib/i18n';
import { fieldLabel, isEditable } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import type { Fixed, Mapping } from './mapping';

interface Props { object: ObjectMeta; mapping: Mapping; fixed: Fixed[]; columns: string[]; onChange: (fixed: Fixed[]) => void }

export const isTextual = (field: FieldMeta): boolean => ['text', 'long_text', 'email', 'phone'].includes(field.type);

function Row({ object, fixed, offered, columns, record, onChange, onDrop }: { object: ObjectMeta; fixed: Fixed; offered: FieldMeta[]; columns: string[]; record: Record<string, unknown>; onChange: (fixed: Fixed) => void; onDrop: () => void }) {
  const field = object.fields.find((f) => f.name === fixed.field);
  const example = columns.slice(0, 2).map((c) => `{${c}}`).join(' ');
  return (
    <div className="map-row fixed">
      <Select value={fixed.field || undefined} onChange={(name: string) => onChange({ field: name, value: null })} options={offered.map((f) => ({ value: f.name, label: fieldLabel(f) }))} showSearch={{ optionFilterProp: 'label' }} placeholder={t('import.field')} aria-label={t('import.field')} />
      <ArrowRight size={14} strokeWidth={1.75} className="muted" aria-hidden style={{ transform: 'scaleX(-1)' }} />
      {field && isTextual(field)
        ? <Input value={String(fixed.value ?? '')} onChange={(e) => onChange({ ...fixed, value: e.target.value })} placeholder={t('import.template_example', { example })} aria-label={fieldLabel(field)} />
        : field ? <FieldInput field={{ ...field, required: false }} value={fixed.value} onChange={(value) => onChange({ ...fixed, value })} record={record} /> : <span />}
      <IconButton icon={X} label={t('import.drop_fixed')} onClick={onDrop} />
    </div>
  );
}

export function SetValues({ object, mapping, fixed, columns, onChange }: Props) {
  const mapped = new Set(Object.values(mapping).map((m) => m.path?.split('.')[0]));
  const settable = (f: FieldMeta) => f.name === 'external_system' || (isEditable(f) && (!f.system || f.name === 'owner')); // an import alone says whose records they were
  const free = object.fields.filter((f) => settable(f) && hasInput(f) && !mapped.has(f.name));
  const record = { $object: object.object, ...Object.fromEntries(fixed.map((f) => [f.field, f.value])) };
  const taken = new Set(fixed.map((f) => f.field));
  return (
    <section className="card">
      <header><h3>{t('import.fixed')}</h3><div className="extra"><Button type="text" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => onChange([...fixed, { field: '', value: null }])}>{t('import.add_fixed')}</Button></div></header>
      {fixed.map((f, i) => (
        <Row key={i} object={object} fixed={f} offered={free.filter((x) => x.name === f.field || !taken.has(x.name))} columns={columns} record={record}
          onChange={(next) => onChange(fixed.map((x, j) => (j === i ? next : x)))} onDrop={() => onChange(fixed.filter((_, j) => j !== i))} />
      ))}
    </section>
  );
}
