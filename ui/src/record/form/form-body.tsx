import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import { fieldOf, titleField } from '@/lib/meta';
import type { FieldError, ObjectMeta } from '@/lib/types';
import { bodyOf } from '../data/save';
import { useConditions, type Conditions } from '../data/use-conditions';
import { FormField } from './form-field';
import { LinesEditor } from '../lines/lines-editor';
import { isFirst } from '../lines/lines';
import { useTotal } from '../lines/use-total';
import { TabRow } from '@/components/tab-row';
import { formSections, tabbed, type FormSection } from './sections';
import type { FormState } from './use-form';

interface Props { object: ObjectMeta; form: FormState; only?: string[]; columns: 1 | 2 }

const messageOf = (errors: FieldError[], name: string): string | undefined => errors.find((e) => e.field === name || e.field?.startsWith(`${name}.`))?.message;

/** A new record shows two sections; the others open by a click, or by themselves when they hold something. */
const OPEN_SECTIONS = 2;
const isFilled = (value: unknown): boolean => value !== null && value !== undefined && value !== '' && value !== false;

function Section({ object, section, at, form, conditions, columns, focus }: { object: ObjectMeta; section: FormSection; conditions: Conditions; at: number; form: FormState; columns: 1 | 2; focus?: string }) {
  const [open, setOpen] = useState(!section.collapsed && (at < OPEN_SECTIONS || (!!form.base.id && section.fields.some((f) => isFilled(form.base[f.name]))) || form.restored));
  const shown = open || section.fields.some((f) => messageOf(form.errors, f.name));
  const record = { ...form.base, ...form.values, $object: object.object };
  const Chevron = shown ? ChevronDown : ChevronRight;
  return (
    <>
      {section.title && <div className="form-sec"><button type="button" aria-expanded={shown} onClick={() => setOpen(!shown)}><Chevron size={14} strokeWidth={1.75} aria-hidden />{section.title}<span className="muted cap">{section.fields.length}</span></button></div>}
      {shown && (
        <div className={columns === 2 ? 'form-grid two' : 'form-grid'}>
          {section.fields.map((f) => (
            <FormField key={f.name} field={conditions.required.has(f.name) ? { ...f, required: true } : f} fixed={conditions.readonly.has(f.name)} value={f.name in form.values ? form.values[f.name] : form.base[f.name]} error={messageOf(form.errors, f.name)}
              record={record} autoFocus={f.name === focus} onChange={(v) => form.set(f.name, v)} />
          ))}
        </div>
      )}
    </>
  );
}

/** Errors of fields that this form does not show. */
function orphans(object: ObjectMeta, errors: FieldError[], sections: FormSection[]): FieldError[] {
  const shown = new Set(sections.flatMap((s) => s.fields.map((f) => f.name)));
  return errors.filter((e) => e.field && !shown.has(e.field.split('.')[0]!) && fieldOf(object, e.field));
}

interface Tabs { object: ObjectMeta; tabs: { name: string; sections: FormSection[] }[]; form: FormState; conditions: Conditions; columns: 1 | 2; focus?: string }

/** The first tab with a mistake comes to the front when the server has refused. */
function FormTabs({ object, tabs, form, conditions, columns, focus }: Tabs) {
  const [chosen, setChosen] = useState(0);
  const [seen, setSeen] = useState(form.errors);
  const marked = tabs.flatMap((tab, i) => (tab.sections.some((s) => s.fields.some((f) => messageOf(form.errors, f.name))) ? [i] : []));
  if (seen !== form.errors) {
    setSeen(form.errors);
    if (marked.length && !marked.includes(chosen)) setChosen(marked[0]!);
  }
  const at = Math.min(chosen, tabs.length - 1);
  return (
    <TabRow names={tabs.map((tab) => tab.name)} at={at} marked={marked} markText={t('form.tab_wrong')} label={t('form.tabs')} onChange={setChosen}>
      {tabs[at]!.sections.map((s, i) => <Section key={`${at} ${i}`} object={object} section={s} at={i} form={form} conditions={conditions} columns={columns} focus={focus} />)}
    </TabRow>
  );
}

export function FormBody({ object, form, only, columns }: Props) {
  const id = form.base.id as string | undefined;
  const conditions = useConditions(object, id, bodyOf(object, form.values, id ? form.changed : Object.keys(form.values)), form.base.version);
  const sections = formSections(object, only, form.values).map((s) => ({ ...s, fields: s.fields.filter((f) => !conditions.hidden.has(f.name)) })).filter((s) => s.fields.length);
  const { above, tabs } = tabbed(sections);
  const focus = only?.[0] ?? (form.base.id ? undefined : titleField(object));
  const lost = orphans(object, form.errors, sections);
  useTotal(object, form);
  const editors = (wanted: boolean) => form.lines.kinds.filter((k) => isFirst(object, k) === wanted)
    .map((k) => <LinesEditor key={k.relation.name} object={object} kind={k} lines={form.lines} errors={form.errors} first={wanted} />);
  return (
    <>
      {lost.map((e) => <div key={e.field} className="banner danger" role="alert"><div className="grow">{t('form.other_field', { field: e.field!, message: e.message })}</div></div>)}
      {above.slice(0, 1).map((s) => <Section key={s.title} object={object} section={s} at={0} form={form} conditions={conditions} columns={columns} focus={focus} />)}
      {editors(true)}
      {above.slice(1).map((s, i) => <Section key={s.title || i} object={object} section={s} at={i + 1} form={form} conditions={conditions} columns={columns} />)}
      {tabs.length > 0 && <FormTabs object={object} tabs={tabs} form={form} conditions={conditions} columns={columns} focus={above.length ? undefined : focus} />}
      {editors(false)}
    </>
  );
}
