// Sections of the side panel: as in the form, then what the system knows (who, when, version).
import { label, t } from '@/lib/i18n';
import { fieldOf, layoutOf, ownFields, titleField } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';

export interface PanelSection { title: string; fields: FieldMeta[]; tab?: string; last?: boolean }

const HIDDEN = new Set(['id', 'version', 'owner']);
const MAX = 12;

export function panelSections(object: ObjectMeta, record?: Rec): PanelSection[] {
  const layout = layoutOf(object, 'form', record);
  const title = titleField(object);
  const declared = (layout?.sections ?? []).map((s) => ({
    title: s.label ? label(s.label, '') : '',
    tab: s.tab && label(s.tab, ''),
    fields: s.fields.map((n) => fieldOf(object, n)).filter((f): f is FieldMeta => !!f && f.name !== title),
  })).filter((s) => s.fields.length);
  const shown = new Set(declared.flatMap((s) => s.fields.map((f) => f.name)));
  const rest = ownFields(object).filter((f) => f.name !== title && !shown.has(f.name));
  const system = object.fields.filter((f) => f.system && !HIDDEN.has(f.name) && !shown.has(f.name));
  const own = declared.length ? declared : [{ title: '', fields: rest.slice(0, MAX) }];
  const more = declared.length ? rest : rest.slice(MAX);
  const sections: PanelSection[] = [...own, ...(more.length ? [{ title: t('record.more_fields'), fields: more, last: true }] : []), { title: t('record.system'), fields: system, last: true }];
  return sections.filter((s) => s.fields.length);
}
