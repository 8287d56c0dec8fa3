// One more condition: field, operator, value.
import { Button, Select } from 'antd';
import { useState } from 'react';
import { kitOf } from '@/fields/fields';
import { FieldInput, hasInput } from '@/fields/inputs';
import type { Operator } from '@/fields/kit';
import { region } from '@/lib/region';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { conditionText, literalValue, type Clause } from './expression';

const asFilterField = (field: FieldMeta): FieldMeta => ({ ...field, required: false, type: field.type === 'formula' ? field.result ?? 'text' : field.type === 'auto_number' ? 'text' : field.type });
const needsValue = (operator: Operator): boolean => operator !== 'null' && operator !== 'not_null';

/** A literal back into the value of an input; what is no plain literal starts empty. */
function valueOf(field: FieldMeta | undefined, literal: string | undefined): unknown {
  if (!field || literal === undefined) return null;
  if (field.type === 'boolean') return literal === 'true';
  if (field.type === 'link') return null;
  const plain = literalValue(literal);
  if (field.type === 'money') return { value: plain, currency: region().currency };
  return /[()]/.test(literal) && !literal.startsWith('"') ? null : plain;
}

interface Props { object: ObjectMeta; start?: Clause; onAdd: (text: string) => void }

export default function Condition({ object, start, onAdd }: Props) {
  const [name, setName] = useState(start?.path);
  const [operator, setOperator] = useState<Operator>(start?.operator && start.operator !== 'in' ? start.operator : 'eq');
  const [value, setValue] = useState<unknown>(() => valueOf(start?.path ? fieldOf(object, start.path) : undefined, start?.values?.[0]));
  const found = name ? fieldOf(object, name) : undefined;
  const field = found && asFilterField(found);
  const choose = (next: string) => {
    const f = fieldOf(object, next);
    setName(next);
    setValue(f?.type === 'boolean' ? true : null);
    setOperator(f ? kitOf(asFilterField(f)).operators[0]! : 'eq');
  };
  const ready = field && (!needsValue(operator) || (value !== null && value !== ''));
  const add = () => field && ready && onAdd(conditionText(field.name, operator, kitOf(field).literal(value)));
  const offered = object.fields.filter((f) => f.name !== 'version' && f.filterable !== false && (hasInput(f) || f.type === 'formula' || f.type === 'auto_number'));
  return (
    <form className="cond" onSubmit={(e) => { e.preventDefault(); add(); }}>
      <Select showSearch={{ optionFilterProp: 'label' }} autoFocus={!start} defaultOpen={!start} value={name} onChange={choose} placeholder={t('filter.field')} aria-label={t('filter.field')} options={offered.map((f) => ({ value: f.name, label: fieldLabel(f) }))} />
      {field && <Select value={operator} onChange={setOperator} aria-label={t('filter.operator')} options={kitOf(field).operators.map((o) => ({ value: o, label: t(`operator.${o}`) }))} />}
      {field && needsValue(operator) && <FieldInput key={field.name} field={field} value={value} onChange={setValue} autoFocus />}
      <Button htmlType="submit" type="primary" disabled={!ready}>{start ? t('filter.apply') : t('filter.add')}</Button>
    </form>
  );
}
