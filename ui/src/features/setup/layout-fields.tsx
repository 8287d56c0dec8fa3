// Layouts that are a list of fields: columns of lists, and cards of boards with their group and sum.
import { Select } from 'antd';
import { X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, ownFields, titleField, useCatalogue } from '@/lib/meta';
import type { FieldMeta, Layout, ObjectMeta } from '@/lib/types';
import { addLayout, putLayout } from './api';
import { fieldIcon } from './field-types';
import { LayoutFoot } from './layout-save';
import { Labelled } from './parts';
import { moved, SortableList } from './sortable';
import { useSubmit } from './use-submit';

interface ListProps { object: ObjectMeta; names: string[]; fixed?: string; label: string; offered: FieldMeta[]; onChange: (names: string[]) => void }

/** Fields in order; the fixed one stays first. */
function FieldList({ object, names, fixed, label, offered, onChange }: ListProps) {
  const wordsOf = (name: string) => fieldLabel(fieldOf(object, name) ?? { name, type: '' });
  const rest = offered.filter((f) => !names.includes(f.name));
  const move = (from: number, to: number) => onChange(moved(names, from, fixed && names[0] === fixed ? Math.max(1, to) : to));
  return (
    <>
      <SortableList items={names} keyOf={(n) => n} nameOf={wordsOf} fixed={(n) => n === fixed} label={label} className={() => 'lay-field'} onMove={move}>
        {(name, grip) => {
          const Icon = fieldIcon(fieldOf(object, name)?.type ?? '');
          return <>{grip}<Icon size={16} strokeWidth={1.75} className="soft" aria-hidden /><span className="cut">{wordsOf(name)}</span><code className="cut conds">{name}</code>{name !== fixed && <IconButton small icon={X} label={t('layout.drop_field', { name: wordsOf(name) })} onClick={() => onChange(names.filter((n) => n !== name))} />}</>;
        }}
      </SortableList>
      <Select size="small" className="add-related" value={undefined} placeholder={t('layout.add_field')} aria-label={t('layout.add_field')} disabled={!rest.length} onChange={(name: string) => onChange([...names, name])} showSearch={{ optionFilterProp: 'label' }} options={rest.map((f) => ({ value: f.name, label: fieldLabel(f) }))} />
    </>
  );
}

const columnsOf = (layout: Layout | undefined, title: string): string[] => {
  const names = layout?.fields ?? layout?.columns?.map((c) => c.field) ?? [];
  return [title, ...names.filter((n) => n !== title)];
};

export function LayoutList({ object, layout, onSaved }: { object: ObjectMeta; layout?: Layout; onSaved: () => void }) {
  const { meta } = useCatalogue();
  const [version] = useState(meta.version);
  const title = titleField(object);
  const [names, setNames] = useState(() => columnsOf(layout, title));
  const form = useSubmit(onSaved, version);
  const dirty = names.join() !== columnsOf(layout, title).join();
  const body = { layout: layout?.layout ?? `${object.object}.list`, kind: 'list' as const, fields: names };
  const save = () => void form.submit((v) => (layout ? putLayout(object.object, body, v) : addLayout(object.object, body)), t('layout.saved'));
  return (
    <>
      <div className="pane layout-pane"><p className="help">{t('layout.list_help')}</p><FieldList object={object} names={names} fixed={title} label={t('layout.list')} offered={[...ownFields(object), ...object.fields.filter((f) => ['created_at', 'updated_at', 'created_by'].includes(f.name))]} onChange={setNames} /></div>
      <LayoutFoot form={form} dirty={dirty} object={object.object} layout={layout?.layout} variant={!!layout?.for} onSave={save} onDiscard={() => setNames(columnsOf(layout, title))} />
    </>
  );
}

interface Board { group?: string; sum?: string; card: string[] }
const boardOf = (layout: Layout | undefined): Board => ({ group: layout?.group, sum: layout?.sum ?? undefined, card: layout?.card ?? [] });

export function LayoutBoard({ object, layout, onSaved }: { object: ObjectMeta; layout?: Layout; onSaved: () => void }) {
  const { meta } = useCatalogue();
  const [version] = useState(meta.version);
  const [board, setBoard] = useState(() => boardOf(layout));
  const form = useSubmit(onSaved, version);
  const dirty = JSON.stringify(board) !== JSON.stringify(boardOf(layout));
  const groups = object.fields.filter((f) => f.type === 'choice' || (f.type === 'link' && f.target?.coded));
  const sums = object.fields.filter((f) => ['money', 'integer', 'decimal'].includes(f.type) && !f.system);
  const body = { layout: layout?.layout ?? `${object.object}.board`, kind: 'board' as const, ...board };
  const save = () => void form.submit((v) => (layout ? putLayout(object.object, body, v) : addLayout(object.object, body)), t('layout.saved'));
  const options = (fields: FieldMeta[]) => fields.map((f) => ({ value: f.name, label: fieldLabel(f) }));
  return (
    <>
      <div className="pane layout-pane">
        <div className="form-grid two narrow-grid">
          <Labelled label={t('layout.group')} help={t('layout.group_help')}><Select value={board.group} onChange={(group: string) => setBoard({ ...board, group })} options={options(groups)} /></Labelled>
          <Labelled label={t('layout.sum')}><Select allowClear value={board.sum} onChange={(sum?: string) => setBoard({ ...board, sum })} options={options(sums)} placeholder={t('setup.none')} /></Labelled>
        </div>
        <h3>{t('layout.card')}</h3>
        <FieldList object={object} names={board.card} label={t('layout.card')} offered={ownFields(object).filter((f) => f.name !== titleField(object))} onChange={(card) => setBoard({ ...board, card })} />
      </div>
      <LayoutFoot form={form} dirty={dirty && !!board.group} object={object.object} layout={layout?.layout} variant={!!layout?.for} onSave={save} onDiscard={() => setBoard(boardOf(layout))} />
    </>
  );
}
