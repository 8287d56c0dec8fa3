// The columns one by one: order, frozen or not, hidden; below, what else could be shown.
import { Button, Checkbox, Input } from 'antd';
import { ArrowDown, ArrowUp, Pin, X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { kitOf } from '@/fields/fields';
import '@/lib/lists-words';
import { t } from '@/lib/i18n';
import { fieldLabel, titleField } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import type { useChosenColumns } from './use-chosen-columns';

/** What the business declared first, what the system keeps last. */
function offered(object: ObjectMeta, shown: Set<string>): FieldMeta[] {
  const usable = object.fields.filter((f) => !shown.has(f.name) && f.name !== titleField(object) && f.name !== 'version' && !(kitOf(f).tall && f.type !== 'long_text'));
  return [...usable.filter((f) => !f.system), ...usable.filter((f) => f.system)];
}

export default function ColumnList({ object, columns, onClose }: { object: ObjectMeta; columns: ReturnType<typeof useChosenColumns>; onClose: () => void }) {
  const [word, setWord] = useState('');
  const [name, ...rest] = columns.columns;
  const more = offered(object, new Set(columns.columns.map((c) => c.field.name))).filter((f) => !word || `${fieldLabel(f)} ${f.name}`.toLowerCase().includes(word.toLowerCase()));
  return (
    <div className="column-picker">
      <div className="cap soft">{t('columns.shown')}</div>
      <div className="sequence">
        {name && <div className="one"><span className="cut grow muted">{fieldLabel(name.field)}</span></div>}
        {rest.map((c, i) => {
          const field = fieldLabel(c.field);
          return (
            <div key={c.field.name} className="one">
              <span className="cut grow">{field}</span>
              <IconButton small icon={ArrowUp} label={t('columns.up', { field })} disabled={i === 0} onClick={() => columns.move(c.field.name, rest[i - 1]!.field.name)} />
              <IconButton small icon={ArrowDown} label={t('columns.down', { field })} disabled={i === rest.length - 1} onClick={() => columns.move(c.field.name, rest[i + 1]!.field.name)} />
              <IconButton small icon={Pin} label={t('columns.freeze', { field })} on={c.frozen} onClick={() => columns.change(c.field.name, { frozen: !c.frozen || undefined })} />
              <IconButton small icon={X} label={t('columns.hide', { field })} onClick={() => columns.toggle(c.field.name, false)} />
            </div>
          );
        })}
      </div>
      <div className="row between"><span className="cap soft">{t('columns.more')}</span><Input size="small" value={word} onChange={(e) => setWord(e.target.value)} aria-label={t('columns.more')} allowClear className="narrow" /></div>
      <div className="list">{more.map((f) => <Checkbox key={f.name} checked={false} onChange={() => columns.toggle(f.name, true)}>{fieldLabel(f)}</Checkbox>)}</div>
      <Button type="text" size="small" onClick={() => { columns.choose(null); onClose(); }}>{t('columns.reset')}</Button>
    </div>
  );
}
