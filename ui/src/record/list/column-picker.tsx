// Which columns a list shows, kept per object and view on this device.
import { Button, Checkbox, Popover } from 'antd';
import { Columns3 } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import { fieldLabel, titleField } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { kitOf } from '@/fields/fields';

interface Props { object: ObjectMeta; shown: string[]; onChange: (names: string[] | null) => void }

/** What the business declared first, what the system keeps last. */
function offered(object: ObjectMeta): FieldMeta[] {
  const usable = object.fields.filter((f) => f.name !== titleField(object) && f.name !== 'version' && !kitOf(f).tall);
  return [...usable.filter((f) => !f.system), ...usable.filter((f) => f.system)];
}

export function ColumnPicker({ object, shown, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const toggle = (name: string, on: boolean) => onChange(on ? [...shown, name] : shown.filter((n) => n !== name));
  const content = (
    <div className="column-picker">
      <div className="list">{offered(object).map((f) => <Checkbox key={f.name} checked={shown.includes(f.name)} onChange={(e) => toggle(f.name, e.target.checked)}>{fieldLabel(f)}</Checkbox>)}</div>
      <Button type="text" size="small" onClick={() => { onChange(null); setOpen(false); }}>{t('columns.reset')}</Button>
    </div>
  );
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" arrow={false} content={content}>
      <Button type="text" size="small" icon={<Columns3 size={14} strokeWidth={1.75} />}>{t('columns.title')}</Button>
    </Popover>
  );
}
