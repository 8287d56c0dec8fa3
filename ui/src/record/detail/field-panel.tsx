// The record's fields beside its activity. Reading and editing share one layout: a click turns a value into its control.
import { PencilLine } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { IconButton } from '@/components/icon-button';
import { CopyValue } from '@/fields/copy-value';
import { FieldDisplay } from '@/fields/field-display';
import { kitOf } from '@/fields/fields';
import { t } from '@/lib/i18n';
import { fieldLabel, isEditable } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { RevealValue } from '../access/reveal-value';
import { useConditions } from '../data/use-conditions';
import { TabRow } from '@/components/tab-row';
import { tabbed } from '../form/sections';
import { panelSections, type PanelSection } from './panel-sections';

const NOTHING = {};
const CellEditor = lazy(() => import('../form/cell-editor'));

const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length);

function Value({ object, record, field, fixed }: { object: ObjectMeta; record: Rec; field: FieldMeta; fixed: boolean }) {
  const [editing, setEditing] = useState(false);
  if (field.right === 'reveal' && !isBlank(record[field.name])) return <span className="v"><RevealValue object={object} record={record} field={field} /></span>;
  const shown = <FieldDisplay field={field} value={record[field.name]} />;
  const copy = <CopyValue field={field} value={record[field.name]} />;
  if (fixed || !isEditable(field)) return <span className="v copies">{shown}{copy}</span>;
  if (editing) return <span className="v editing"><Suspense fallback={shown}><CellEditor object={object} record={record} field={field} shown={shown} onDone={() => setEditing(false)} /></Suspense></span>;
  const start = () => setEditing(true);
  return (
    <div className="v can" onClick={(e) => { if (!(e.target as HTMLElement).closest('a, button')) start(); }}>
      {shown}{copy}<IconButton small icon={PencilLine} size={12} className="edit-here" label={t('record.edit_field', { field: fieldLabel(field) })} onClick={start} />
    </div>
  );
}

/** Filled fields first; what is empty waits behind one line, so that a long form does not hide what is known. */
function Section({ object, record, section, edit, fixed }: { object: ObjectMeta; record: Rec; section: PanelSection; edit: ReactNode; fixed: (name: string) => boolean }) {
  const [all, setAll] = useState(false);
  const filled = section.fields.filter((f) => !isBlank(record[f.name]));
  const shown = all || section.fields.length - filled.length < 2 ? section.fields : filled;
  const rest = section.fields.length - shown.length;
  return (
    <section className="fields">
      <h4>{section.title || t('record.fields')}{edit}</h4>
      {shown.map((f) => (
        <div className={kitOf(f).tall ? 'fl tall' : 'fl'} key={f.name}><span className="k cut" title={fieldLabel(f)}>{fieldLabel(f)}</span><Value object={object} record={record} field={f} fixed={fixed(f.name)} /></div>
      ))}
      {rest > 0 && <button type="button" className="link-button cap unfilled" onClick={() => setAll(true)}>{t('record.unfilled', { n: rest })}</button>}
    </section>
  );
}

export function FieldPanel({ object, record, onEdit, fixed }: { object: ObjectMeta; record: Rec; onEdit: () => void; fixed: boolean }) {
  const edit = !fixed ? <IconButton small icon={PencilLine} label={t('action.edit')} onClick={onEdit} /> : null;
  const [tab, setTab] = useState(0);
  const conditions = useConditions(object, record.id, NOTHING, record.version);
  const sections = panelSections(object, record).map((s) => ({ ...s, fields: s.fields.filter((f) => !conditions.hidden.has(f.name)) })).filter((s) => s.fields.length);
  const { above, tabs } = tabbed(sections.filter((s) => !s.last));
  const at = Math.min(tab, tabs.length - 1);
  const show = (s: PanelSection, i: number) => <Section key={s.title || i} object={object} record={record} section={s} edit={s === sections[0] || s === tabs[at]?.sections[0] && !above.length ? edit : null} fixed={(field) => fixed || conditions.readonly.has(field)} />;
  return (
    <>
      {above.map(show)}
      {tabs.length > 0 && <TabRow names={tabs.map((one) => one.name)} at={at} label={t('form.tabs')} onChange={setTab}>{tabs[at]!.sections.map(show)}</TabRow>}
      {sections.filter((s) => s.last).map(show)}
    </>
  );
}
