// One object of a role in full: each action with its scope or condition, each field with what the role knows of it.
import { Button, Drawer, Input, Select, Switch } from 'antd';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import { choiceLabel, fieldLabel, fieldOf, pluralLabel } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { useShell } from '@/record/page/shell-context';
import { ConditionEditor } from '@/record/expression/condition-editor';
import { ACTIONS, changedFields, exprOf, fieldWord, grantOf, isChanged, isFlag, maskExample, maskStyle, SCOPES, styled, stylesFor, withField, withGrant, withTypes, wordsFor, type Action, type FieldWord, type Grant, type MaskStyle, type ObjectForm, type Scope } from './matrix';
import type { RoleDraft } from './use-role-draft';

interface Props { object: ObjectMeta; draft: RoleDraft; fixed: boolean; focus?: Action; onClose: () => void }
interface PartProps { object: ObjectMeta; form: ObjectForm | undefined; base: ObjectForm | undefined; fixed: boolean; onChange: (form: ObjectForm) => void }

function ActionRow({ object, form, base, fixed, action, focus, onChange }: PartProps & { action: Action; focus?: Action }) {
  const grant = grantOf(form, action);
  const expr = exprOf(grant);
  const [writing, setWriting] = useState(focus === action);
  const open = expr !== undefined || writing;
  const id = `right-${action}`;
  const pick = (next: Scope | 'expr') => { setWriting(next === 'expr'); if (next !== 'expr') onChange(withGrant(form, action, next)); };
  const name = t(`action_of.${action}`);
  return (
    <div className={isChanged(base, form, action) ? 'act-row changed' : 'act-row'}>
      <label htmlFor={id}>{name}</label>
      {isFlag(action)
        ? <Switch id={id} size="small" checked={grant === true} disabled={fixed} onChange={(on) => onChange(withGrant(form, action, on))} aria-label={name} />
        : <Select id={id} value={open ? 'expr' : grant as Scope} disabled={fixed} onChange={pick} options={[...SCOPES.map((s) => ({ value: s as string, label: t(`scope_long.${s}`) })), { value: 'expr', label: t('scope_long.expr') }]} />}
      {open && !isFlag(action) && <div className="wide"><ConditionEditor id={`${id}-expr`} label={t('roles.condition_of', { action: name })} object={object.object} value={expr ?? ''} onChange={(text) => onChange(withGrant(form, action, text.trim() ? { expr: text } as Grant : 'none'))} /></div>}
    </div>
  );
}

/** Of which record types the role makes records. */
function TypesRow({ object, form, fixed, onChange }: PartProps) {
  const type = object.record_type ? fieldOf(object, object.record_type) : undefined;
  if (!type || grantOf(form, 'create') !== true) return null;
  return (
    <div className="act-row">
      <label htmlFor="right-types">{t('roles.create_types')}</label>
      <Select id="right-types" mode="multiple" value={form?.create_types ?? []} disabled={fixed} onChange={(types: string[]) => onChange(withTypes(form, types))} placeholder={t('roles.any_type')} options={(type.choices ?? []).map((c) => ({ value: c.value, label: choiceLabel(type, c.value) }))} />
    </div>
  );
}

function FieldRow({ object, field, form, base, fixed, onChange }: PartProps & { field: FieldMeta }) {
  const word = fieldWord(form, field.name);
  const changed = changedFields(base, form).includes(field.name);
  const id = `field-right-${field.name}`;
  const style = maskStyle(form, field.name);
  const styles = stylesFor(field);
  const set = (next: FieldWord, how: MaskStyle) => onChange(withField(form, field.name, styled(next, how)));
  return (
    <div className={changed ? 'act-row changed' : 'act-row'}>
      <label htmlFor={id} className="cut" title={field.name}>{fieldLabel(field)}{(word === 'masked' || word === 'reveal') && <span className="muted cap mask">{maskExample(field, style)}</span>}</label>
      <span className="row gap4">
        {(word === 'masked' || word === 'reveal') && styles.length > 1 && <Select value={style} disabled={fixed} onChange={(next: MaskStyle) => set(word, next)} aria-label={t('mask_style.of', { field: fieldLabel(field) })} className="mask-style" popupMatchSelectWidth={240} optionLabelProp="label" options={styles.map((x) => ({ value: x, label: t(`mask_style.${x}`) }))} optionRender={(o) => <span className="row between gap16"><span>{o.label}</span><span className="muted">{maskExample(field, o.value as MaskStyle)}</span></span>} />}
        <Select id={id} value={word} disabled={fixed} onChange={(next: FieldWord) => set(next, style)} options={wordsFor(object, field).map((w) => ({ value: w, label: t(`field_right.${w}`) }))} />
      </span>
    </div>
  );
}

export default function ObjectDrawer({ object, draft, fixed, focus, onClose }: Props) {
  const { phone } = useShell();
  const [word, setWord] = useState('');
  const [only, setOnly] = useState(false);
  const [form, base] = [draft.draft.objects[object.object], draft.base.objects[object.object]];
  const part: PartProps = { object, form, base, fixed, onChange: (next) => draft.set(object.object, next) };
  const own = object.fields.filter((f) => !f.system || f.name === 'owner');
  const found = own.filter((f) => (!word || `${fieldLabel(f)} ${f.name}`.toLowerCase().includes(word.toLowerCase())) && (!only || fieldWord(form, f.name) !== 'write'));
  return (
    <Drawer open onClose={onClose} size={phone ? '100%' : 480} title={<>{pluralLabel(object)} <code>{object.object}</code></>} footer={<div className="form-foot"><span className="note cut">{t('roles.not_saved')}</span><Button onClick={onClose}>{t('action.close')}</Button></div>}>
      <div className="group">{t('roles.actions')}</div>
      {ACTIONS.map((a) => <ActionRow key={a} {...part} action={a} focus={focus} />)}
      <TypesRow {...part} />
      <div className="group">{t('setup.fields')}</div>
      <div className="row field-find"><Input value={word} onChange={(e) => setWord(e.target.value)} prefix={<Search size={14} strokeWidth={1.75} className="muted" aria-hidden />} placeholder={t('roles.find_field')} aria-label={t('roles.find_field')} allowClear /><label className="row nw"><Switch size="small" checked={only} onChange={setOnly} aria-label={t('roles.only_restricted')} />{t('roles.only_restricted')}</label></div>
      {found.map((f) => <FieldRow key={f.name} {...part} field={f} />)}
      {!found.length && <p className="muted">{t('roles.no_field')}</p>}
    </Drawer>
  );
}
