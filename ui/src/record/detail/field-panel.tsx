// The record's fields beside its activity. Reading and editing share one layout: a click turns a value into its control.
import { PencilLine } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { FieldDisplay } from '@/fields/field-display';
import { kitOf } from '@/fields/fields';
import { t } from '@/lib/i18n';
import { fieldLabel, isEditable, mayUpdate } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { panelSections } from './panel-sections';

const CellEditor = lazy(() => import('../form/cell-editor'));

function Value({ object, record, field }: { object: ObjectMeta; record: Rec; field: FieldMeta }) {
  const [editing, setEditing] = useState(false);
  const shown = <FieldDisplay field={field} value={record[field.name]} />;
  if (!mayUpdate(object) || !isEditable(field)) return <span className="v">{shown}</span>;
  if (editing) return <span className="v editing"><Suspense fallback={shown}><CellEditor object={object} record={record} field={field} onDone={() => setEditing(false)} /></Suspense></span>;
  const start = () => setEditing(true);
  return (
    <div className="v can" role="button" tabIndex={0} aria-label={t('record.edit_field', { field: fieldLabel(field) })}
      onClick={(e) => { if (!(e.target as HTMLElement).closest('a')) start(); }} onKeyDown={(e) => { if (e.key === 'Enter' && e.target === e.currentTarget) { e.preventDefault(); e.stopPropagation(); start(); } }}>{shown}</div>
  );
}

export function FieldPanel({ object, record, onEdit }: { object: ObjectMeta; record: Rec; onEdit: () => void }) {
  const sections = panelSections(object);
  return (
    <>
      {sections.map((s, i) => (
        <section className="fields" key={s.title || i}>
          <h4>{s.title || t('record.fields')}{i === 0 && mayUpdate(object) && <IconButton small icon={PencilLine} label={t('action.edit')} onClick={onEdit} />}</h4>
          {s.fields.map((f) => (
            <div className={kitOf(f).tall ? 'fl tall' : 'fl'} key={f.name}><span className="k cut" title={fieldLabel(f)}>{fieldLabel(f)}</span><Value object={object} record={record} field={f} /></div>
          ))}
        </section>
      ))}
    </>
  );
}
