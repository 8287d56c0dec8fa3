// Validation rules: a condition that must not be false, what is said when it is, and at which field.
import { Button, Drawer, Popconfirm, Select } from 'antd';
import { Plus, ShieldCheck } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { PageState } from '@/components/state';
import { label as wordsOf, t } from '@/lib/i18n';
import { fieldLabel, fieldOf, ownFields, useCatalogue } from '@/lib/meta';
import type { Label, ObjectMeta, Rule } from '@/lib/types';
import { changeRules } from './api';
import { ConditionEditor } from '@/record/expression/condition-editor';
import { cleanLabel } from './labels';
import { identifierOf, isIdentifier } from './names';
import { Labelled, LabelPair, Refusals } from './parts';
import { useSubmit } from './use-submit';

const EMPTY: Rule = { name: '', check: '', message: {} };

/** The rules with this one in its place, or behind the others. */
export function withRule(rules: Rule[], at: number, rule: Rule): Rule[] {
  return at < 0 ? [...rules, rule] : rules.map((r, i) => (i === at ? rule : r));
}

function freeName(rules: Rule[], label: Label): string {
  const base = identifierOf(label.en ?? '') || 'rule';
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base.slice(0, 36)}_${i}`;
    if (!rules.some((r) => r.name === name)) return name;
  }
}

function RuleDrawer({ object, at, onClose }: { object: ObjectMeta; at: number; onClose: () => void }) {
  const { meta } = useCatalogue();
  const [version] = useState(meta.version);
  const rules = object.rules ?? [];
  const [rule, setRule] = useState<Rule>(rules[at] ?? EMPTY);
  const form = useSubmit(onClose, version);
  const set = (part: Partial<Rule>) => setRule((old) => ({ ...old, ...part }));
  const name = at < 0 ? freeName(rules, rule.message) : rule.name;
  const body: Rule = { name, check: rule.check.trim(), message: cleanLabel(rule.message), ...(rule.field ? { field: rule.field } : {}) };
  const index = at < 0 ? rules.length : at;
  const errorOf = (part: string) => form.errors.find((e) => e.field === `rules[${index}].${part}` || e.field?.startsWith(`rules[${index}].${part}.`))?.message;
  const ready = body.check && Object.keys(body.message).length > 0 && isIdentifier(name);
  const save = (next: Rule[], done: string) => void form.submit((v) => changeRules(object.object, next, v), done);
  return (
    <Drawer open onClose={onClose} size={480} title={at < 0 ? t('setup.new_rule') : <span className="cut">{wordsOf(rule.message, rule.name)}</span>}
      footer={<div className="form-foot">
        {at >= 0 && <Popconfirm title={t('setup.rule_remove_sure')} okText={t('action.delete')} cancelText={t('action.cancel')} onConfirm={() => save(rules.filter((_, i) => i !== at), t('setup.rule_removed'))}><Button danger type="text">{t('action.delete')}</Button></Popconfirm>}
        <span className="note cut">{t('setup.at_once')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={form.busy} disabled={!ready} onClick={() => save(withRule(rules, at, body), t('setup.rule_saved'))}>{t('action.save')}</Button>
      </div>}>
      <Refusals of={form} shown={form.errors.filter((e) => e.field?.startsWith(`rules[${index}]`)).map(() => 'rules')} />
      <ConditionEditor object={object.object} use="rule" rows={3} value={rule.check} onChange={(check) => set({ check })} label={t('setup.rule_check')} help={t('setup.rule_help')} error={errorOf('check')} sample />
      <LabelPair value={rule.message} error={errorOf('message')} onChange={(message) => set({ message })} zh={t('setup.message_zh')} en={t('setup.message_en')} focus={false} />
      <Labelled label={t('setup.rule_field')} error={errorOf('field')} help={t('setup.rule_field_help')}><Select allowClear value={rule.field || undefined} placeholder={t('setup.none')} onChange={(v?: string) => set({ field: v ?? '' })} showSearch={{ optionFilterProp: 'label' }} options={ownFields(object).map((f) => ({ value: f.name, label: fieldLabel(f) }))} /></Labelled>
    </Drawer>
  );
}

export default function RulesPart({ object, tabs }: { object: ObjectMeta; tabs: ReactNode }) {
  const [at, setAt] = useState<number | null>(null);
  const rules = object.rules ?? [];
  const add = <Button type="primary" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => setAt(-1)}>{t('setup.new_rule')}</Button>;
  return (
    <>
      <div className="toolbar line">{tabs}<span className="row end">{rules.length > 0 && add}</span></div>
      {rules.length === 0 && <PageState icon={ShieldCheck} title={t('setup.no_rules')} text={t('setup.no_rules_text')}>{add}</PageState>}
      {rules.length > 0 && (
        <div className="pane">
          <div className="frow three hd"><span>{t('setup.rule_message')}</span><span>{t('setup.rule_check')}</span><span>{t('setup.rule_field')}</span></div>
          {rules.map((r, i) => (
            <button type="button" key={r.name} className="frow three" onClick={() => setAt(i)}>
              <span className="cut">{wordsOf(r.message, r.name)}</span><code className="cut">{r.check}</code><span className="soft cut">{r.field ? fieldLabel(fieldOf(object, r.field) ?? { name: r.field, type: '' }) : ''}</span>
            </button>
          ))}
        </div>
      )}
      {at !== null && <RuleDrawer key={at} object={object} at={at} onClose={() => setAt(null)} />}
    </>
  );
}
