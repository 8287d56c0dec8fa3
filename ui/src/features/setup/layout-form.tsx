// The form: sections with their fields in order, and the related lists beside a record.
import { Button, Dropdown, Input, Select } from 'antd';
import { Ellipsis, Eye, Lock, PanelTop, Plus, X, Asterisk } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { IconButton } from '@/components/icon-button';
import { label as wordsOf, t } from '@/lib/i18n';
import { fieldLabel, fieldOf, ownFields, titleField, useCatalogue } from '@/lib/meta';
import type { FieldMeta, Layout, ObjectMeta } from '@/lib/types';
import { addLayout, putLayout } from './api';
import { fieldIcon } from './field-types';
import { addField, addSection, dropSection, moveField, moveSection, rowsOf, sectionsOf, type Row, type SectionRow } from './layout-draft';
import { cleanLabel } from './labels';
import { LayoutFoot } from './layout-save';
import { RelatedLists, type Related } from './layout-related';
import { SortableList } from './sortable';
import { useSubmit } from './use-submit';

function Conditions({ field }: { field: FieldMeta }) {
  const all: [typeof Eye, string | undefined, string][] = [[Eye, field.visible_when, 'setup.visible_when'], [Asterisk, field.required ? t('form.required') : field.required_when, 'setup.required_when'], [Lock, field.readonly_when, 'setup.readonly_when']];
  return <>{all.filter(([, text]) => text).map(([Icon, text, key]) => <span key={key} className="chip line" title={`${t(key)}：${text}`}><Icon size={12} strokeWidth={1.75} aria-hidden /><span className="cut">{text}</span></span>)}</>;
}

function SectionHead({ row, rows, unused, set }: { row: SectionRow; rows: Row[]; unused: FieldMeta[]; set: (rows: Row[]) => void }) {
  const change = (part: Partial<SectionRow>) => set(rows.map((r) => (r.key === row.key ? { ...row, ...part } : r)));
  const name = wordsOf(cleanLabel(row.label), t('layout.section'));
  const tab = row.tab;
  return (
    <>
      {tab && (
        <span className="lay-tab">
          <Input size="small" value={tab['zh-CN'] ?? ''} lang="zh-CN" aria-label={t('layout.tab_zh', { name })} placeholder={t('layout.tab_name_zh')} onChange={(e) => change({ tab: { ...tab, 'zh-CN': e.target.value } })} />
          <Input size="small" value={tab.en ?? ''} lang="en" aria-label={t('layout.tab_en', { name })} placeholder={t('layout.tab_name_en')} onChange={(e) => change({ tab: { ...tab, en: e.target.value } })} />
          <span className="row nw gap4 cap muted"><PanelTop size={14} strokeWidth={1.75} aria-hidden /><span>{t('layout.tab')}</span></span>
        </span>
      )}
      <Input size="small" value={row.label['zh-CN'] ?? ''} lang="zh-CN" aria-label={t('layout.section_zh', { name })} placeholder={t('setup.label_zh')} onChange={(e) => change({ label: { ...row.label, 'zh-CN': e.target.value } })} />
      <Input size="small" value={row.label.en ?? ''} lang="en" aria-label={t('layout.section_en', { name })} placeholder={t('setup.label_en')} onChange={(e) => change({ label: { ...row.label, en: e.target.value } })} />
      <Select size="small" value={row.columns} onChange={(columns: number) => change({ columns })} aria-label={t('layout.columns_of', { name })} options={[1, 2].map((n) => ({ value: n, label: t('layout.columns_n', { n }) }))} />
      <Select size="small" value={undefined} className="add-field" placeholder={<><Plus size={12} strokeWidth={1.75} aria-hidden /> {t('layout.add_field')}</>} disabled={!unused.length} onChange={(field: string) => set(addField(rows, row.key, field))} aria-label={t('layout.add_field_to', { name })}
        showSearch={{ optionFilterProp: 'label' }} options={unused.map((f) => ({ value: f.name, label: fieldLabel(f) }))} popupMatchSelectWidth={240} />
      <Dropdown trigger={['click']} menu={{ items: [
        { key: 'up', label: t('layout.section_up'), onClick: () => set(moveSection(rows, row.key, -1)) }, { key: 'down', label: t('layout.section_down'), onClick: () => set(moveSection(rows, row.key, 1)) },
        { key: 'tab', label: t(tab ? 'layout.tab_end' : 'layout.tab_begin'), onClick: () => change({ tab: tab ? undefined : { 'zh-CN': row.label['zh-CN'] || t('layout.tab'), ...(row.label.en ? { en: row.label.en } : {}) } }) },
        { key: 'fold', label: row.collapsed ? t('layout.section_open') : t('layout.section_closed'), onClick: () => change({ collapsed: !row.collapsed }) }, { key: 'drop', label: t('layout.section_drop'), disabled: rows.filter((r) => r.kind === 'section').length < 2, onClick: () => set(dropSection(rows, row.key)) },
      ] }}><button type="button" className="ib sm" aria-label={t('setup.more_of', { name })}><Ellipsis size={14} strokeWidth={1.75} aria-hidden /></button></Dropdown>
      {row.collapsed && <span className="chip">{t('layout.folded')}</span>}
    </>
  );
}

function FieldLine({ object, name, onDrop, onPick }: { object: ObjectMeta; name: string; onDrop?: () => void; onPick: () => void }) {
  const field = fieldOf(object, name) ?? { name, type: '' };
  const Icon = fieldIcon(field.type);
  return (
    <>
      <Icon size={16} strokeWidth={1.75} className="soft" aria-hidden />
      <button type="button" className="name-button cut" onClick={onPick}>{fieldLabel(field)}</button>
      <span className="row conds"><Conditions field={field} /></span>
      {onDrop && <IconButton small icon={X} label={t('layout.drop_field', { name: fieldLabel(field) })} onClick={onDrop} />}
    </>
  );
}

const relatedOf = (layout: Layout | undefined): Related[] => (layout?.related ?? []).map((r) => ({ ...r, fields: r.fields ?? [] }));

export function LayoutForm({ object, layout, onField, onSaved }: { object: ObjectMeta; layout?: Layout; onField: (field: FieldMeta) => void; onSaved: () => void }): ReactNode {
  const { meta } = useCatalogue();
  const [version] = useState(meta.version);
  const start = () => rowsOf(layout?.sections?.length ? layout.sections : [{ columns: 2, fields: [titleField(object)] }]);
  const [rows, setRows] = useState<Row[]>(start);
  const [related, setRelated] = useState<Related[]>(() => relatedOf(layout));
  const form = useSubmit(onSaved, version);
  const placed = new Set(rows.map((r) => r.key));
  const unused = ownFields(object).filter((f) => !placed.has(f.name));
  const sections = sectionsOf(rows);
  const dirty = JSON.stringify([sections, related]) !== JSON.stringify([sectionsOf(start()), relatedOf(layout)]);
  const body = { layout: layout?.layout ?? `${object.object}.form`, kind: 'form' as const, sections: sections.map((s) => ({ ...s, ...(s.label ? { label: cleanLabel(s.label) } : {}), ...(s.tab ? { tab: cleanLabel(s.tab) } : {}) })), related };
  const save = () => void form.submit((v) => (layout ? putLayout(object.object, body, v) : addLayout(object.object, body)), t('layout.saved'));
  const pick = (name: string) => { const field = fieldOf(object, name); if (field && !field.system) onField(field); };
  return (
    <>
      <div className="pane layout-pane">
        <SortableList items={rows} keyOf={(r) => r.key} nameOf={(r) => (r.kind === 'field' ? fieldLabel(fieldOf(object, r.name) ?? { name: r.name, type: '' }) : wordsOf(cleanLabel(r.label), t('layout.section')))} fixed={(r) => r.kind === 'section'}
          label={t('layout.form')} className={(r) => (r.kind === 'section' ? 'lay-section' : 'lay-field')} onMove={(from, to) => setRows(moveField(rows, from, to))}>
          {(r, grip) => (r.kind === 'section'
            ? <SectionHead row={r} rows={rows} unused={unused} set={setRows} />
            : <>{grip}<FieldLine object={object} name={r.name} onPick={() => pick(r.name)} onDrop={r.name === titleField(object) ? undefined : () => setRows(rows.filter((x) => x.key !== r.key))} /></>)}
        </SortableList>
        <div className="row lay-more"><Button size="small" type="text" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => setRows(addSection(rows))}>{t('layout.add_section')}</Button><span className="muted cap">{unused.length > 0 ? t('layout.unused_n', { n: unused.length }) : ''}</span></div>
        <RelatedLists object={object} related={related} onChange={setRelated} />
      </div>
      <LayoutFoot form={form} dirty={dirty} object={object.object} layout={layout?.layout} variant={!!layout?.for} onSave={save} onDiscard={() => { setRows(start()); setRelated(relatedOf(layout)); }} />
    </>
  );
}
