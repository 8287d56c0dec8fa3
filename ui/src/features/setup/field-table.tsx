import { fieldLabel, objectLabel, useCatalogue } from '@/lib/meta';
import { hasMessage, label, t } from '@/lib/i18n';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { fieldIcon } from './field-types';

interface Group { title: string; fields: FieldMeta[] }

/** As the form groups them, then the rest, then what the system keeps. */
function groupsOf(object: ObjectMeta): Group[] {
  const form = object.layouts?.find((l) => l.kind === 'form');
  const byName = new Map(object.fields.map((f) => [f.name, f]));
  const groups: Group[] = (form?.sections ?? []).map((s) => ({ title: label(s.label, ''), fields: s.fields.map((n) => byName.get(n)).filter((f) => f !== undefined) }));
  const placed = new Set(groups.flatMap((g) => g.fields.map((f) => f.name)));
  const rest = object.fields.filter((f) => !placed.has(f.name));
  const more = [{ title: t('record.more_fields'), fields: rest.filter((f) => !f.system) }, { title: t('record.system'), fields: rest.filter((f) => f.system) }];
  return [...groups, ...more].filter((g) => g.fields.length);
}

function Row({ field, on, onPick }: { field: FieldMeta; on: boolean; onPick: () => void }) {
  const { byName } = useCatalogue();
  const Icon = fieldIcon(field.type);
  const target = field.to ? byName.get(field.to) : undefined;
  const notes = [field.required && t('form.required'), field.unique && t('setup.unique'), field.search && t('setup.in_search'), field.readonly && t('setup.computed')].filter(Boolean);
  return (
    <div className={on ? 'frow on' : 'frow'} role="button" tabIndex={0} onClick={onPick} onKeyDown={(e) => { if (e.key === 'Enter') onPick(); }}>
      <Icon size={16} strokeWidth={1.75} className="soft" aria-hidden /><span className="cut">{fieldLabel(field)}</span><code className="cut">{field.name}</code>
      <span className="soft cut">{hasMessage(`type.${field.type}`) ? t(`type.${field.type}`) : field.type}{target ? ` → ${objectLabel(target)}` : ''}</span><span className="muted cap cut">{notes.join(' · ')}</span>
    </div>
  );
}

export function FieldTable({ object, selected, onPick }: { object: ObjectMeta; selected?: string; onPick: (field: FieldMeta) => void }) {
  return (
    <div className="pane">
      <div className="frow hd"><span /><span>{t('setup.column_label')}</span><span>{t('setup.name')}</span><span>{t('setup.type')}</span><span>{t('setup.properties')}</span></div>
      {groupsOf(object).map((g) => (
        <div key={g.title}>
          <div className="frow sec"><b>{g.title}</b><span className="muted cap">{g.fields.length}</span></div>
          {g.fields.map((f) => <Row key={f.name} field={f} on={f.name === selected} onPick={() => onPick(f)} />)}
        </div>
      ))}
    </div>
  );
}
