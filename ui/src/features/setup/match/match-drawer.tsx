// One rule of duplicates: which fields are compared and how, from when on they are alike, and what follows.
import { Button, Drawer, InputNumber, Popconfirm, Segmented, Select } from 'antd';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, pluralLabel, useCatalogue } from '@/lib/meta';
import { maySystem, useSignedIn } from '@/lib/me';
import type { DuplicateRule, ObjectMeta } from '@/lib/types';
import { useShell } from '@/record/page/shell-context';
import { useRoles } from '../organisation/use-options';
import { Labelled, LabelPair, Refusals, SwitchRow } from '../parts';
import { ALMIGHTY, roleName } from '../roles/api';
import { useSubmit } from '../use-submit';
import { cleanRule, comparable, freeName, MOST_FIELDS, ruleWords, saveRules, waysOf, withRule } from './match-rules';
import { MatchTrial } from './match-trial';

type Set = (part: Partial<DuplicateRule>) => void;
interface PartProps { object: ObjectMeta; rule: DuplicateRule; set: Set }

function FieldRows({ object, rule, set, errorOf }: PartProps & { errorOf: (part: string) => string | undefined }) {
  const fields = comparable(object);
  const change = (at: number, part: { field?: string; as?: string }) => set({ fields: rule.fields.map((f, i) => (i === at ? { ...f, ...part } : f)) });
  const choose = (at: number, name: string) => { const field = fieldOf(object, name); change(at, { field: name, as: field ? waysOf(field)[0] : undefined }); };
  return (
    <fieldset className="match-fields">
      <legend className="lab">{t('match.fields')}</legend>
      {rule.fields.map((f, i) => {
        const field = fieldOf(object, f.field);
        const ways = field ? waysOf(field) : [];
        const error = errorOf(`fields[${i}]`);
        return (
          <div key={i} className="match-field">
            <Select aria-label={t('match.field', { n: i + 1 })} value={f.field || undefined} onChange={(v: string) => choose(i, v)} showSearch={{ optionFilterProp: 'label' }} options={fields.map((x) => ({ value: x.name, label: fieldLabel(x) }))} />
            <Select aria-label={t('match.as', { n: i + 1 })} disabled={ways.length < 2} value={f.as ?? ways[0]} onChange={(as: string) => change(i, { as })} options={ways.map((w) => ({ value: w, label: t(`match.as_${w}`) }))} />
            {rule.fields.length > 1 ? <IconButton icon={X} small label={t('match.drop_field', { n: i + 1 })} onClick={() => set({ fields: rule.fields.filter((_, k) => k !== i) })} /> : <span />}
            {error && <div className="err" role="alert">{error}</div>}
          </div>
        );
      })}
      {rule.fields.length < MOST_FIELDS && <Button type="text" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => set({ fields: [...rule.fields, { field: '' }] })}>{t('match.add_field')}</Button>}
    </fieldset>
  );
}

function Likeness({ rule, set, error }: { rule: DuplicateRule; set: Set; error?: string }) {
  return (
    <>
      <SwitchRow label={t('match.fuzzy')} help={t('match.fuzzy_help')} checked={!!rule.fuzzy} onChange={(fuzzy) => set({ fuzzy })} />
      {rule.fuzzy && <Labelled label={t('match.threshold')} help={t('match.threshold_help')} error={error}><InputNumber min={50} max={99} precision={0} suffix="%" value={Math.round((rule.threshold ?? 0.5) * 100)} onChange={(n) => set({ threshold: (n ?? 50) / 100 })} /></Labelled>}
    </>
  );
}

function Consequences({ object, rule, set, errorOf }: PartProps & { errorOf: (part: string) => string | undefined }) {
  const { meta } = useCatalogue();
  const { rights } = useSignedIn();
  const roles = useRoles().filter((r) => r.code !== ALMIGHTY);
  const action = rule.action ?? 'warn';
  const others = meta.objects.filter((o) => o.object === object.object || (o.duplicates?.length ?? 0) > 0);
  const named = (code: string) => ({ value: code, label: roles.filter((r) => r.code === code).map(roleName)[0] ?? code });
  const codes = maySystem(rights.system, 'manage_roles') ? roles.map((r) => r.code) : rule.override ?? [];
  return (
    <>
      <Labelled label={t('match.action')} help={t(`match.act_help.${action}`)} error={errorOf('action')}>
        <Segmented block value={action} onChange={(v) => set({ action: v as DuplicateRule['action'] })} options={(['warn', 'block', 'off'] as const).map((value) => ({ value, label: t(`match.act_${value}`) }))} />
      </Labelled>
      {action === 'block' && <Labelled label={t('match.override')} help={t('match.override_help')} error={errorOf('override')}><Select mode="multiple" aria-label={t('match.override')} value={rule.override ?? []} onChange={(override: string[]) => set({ override })} options={[...new Set([...codes, ...rule.override ?? []])].map(named)} /></Labelled>}
      <Labelled label={t('match.among')} help={t('match.among_help')} error={errorOf('among')}><Select mode="multiple" aria-label={t('match.among')} value={rule.among ?? []} onChange={(among: string[]) => set({ among })} options={others.map((o) => ({ value: o.object, label: pluralLabel(o) }))} /></Labelled>
      <SwitchRow label={t('match.tell')} checked={!!rule.tell_owner} onChange={(tell_owner) => set({ tell_owner })} />
    </>
  );
}

export default function MatchDrawer({ object, at, onClose }: { object: ObjectMeta; at: number; onClose: () => void }) {
  const { meta } = useCatalogue();
  const { phone } = useShell();
  const [version] = useState(meta.version);
  const rules = object.duplicates ?? [];
  const [rule, setRule] = useState<DuplicateRule>(rules[at] ?? { name: '', label: {}, fields: [{ field: '' }], action: 'warn' });
  const form = useSubmit(onClose, version);
  const set: Set = (part) => setRule((old) => ({ ...old, ...part }));
  const body = cleanRule(rule, at < 0 ? freeName(rules, rule.label?.en ?? '') : rule.name);
  const place = `duplicates[${at < 0 ? rules.length : at}]`;
  const errorOf = (part: string) => form.errors.find((e) => e.field === `${place}.${part}` || e.field?.startsWith(`${place}.${part}.`))?.message;
  const compares = body.fields.length > 0;
  const save = (next: DuplicateRule[], done: string) => void form.submit((v) => saveRules(object, next, v), done);
  return (
    <Drawer open onClose={onClose} size={phone ? '100%' : 560} title={at < 0 ? t('match.new') : <span className="cut">{ruleWords(rule)}</span>}
      footer={<div className="form-foot">
        {at >= 0 && <Popconfirm title={t('match.remove_sure')} okText={t('action.delete')} cancelText={t('action.cancel')} onConfirm={() => save(rules.filter((_, i) => i !== at), t('match.removed'))}><Button danger type="text">{t('action.delete')}</Button></Popconfirm>}
        <span className="note cut">{t('setup.at_once')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={form.busy} disabled={!compares || Object.keys(body.label ?? {}).length === 0} onClick={() => save(withRule(rules, at, body), t('match.saved'))}>{t('action.save')}</Button>
      </div>}>
      <Refusals of={form} shown={form.errors.some((e) => e.field?.startsWith(place)) ? ['duplicates'] : []} />
      <LabelPair value={rule.label ?? {}} onChange={(label) => set({ label })} zh={t('match.zh')} en={t('match.en')} focus={at < 0} error={errorOf('label')} />
      <FieldRows object={object} rule={rule} set={set} errorOf={errorOf} />
      <Likeness rule={rule} set={set} error={errorOf('threshold')} />
      <Consequences object={object} rule={rule} set={set} errorOf={errorOf} />
      <MatchTrial object={object} rule={body} ready={compares} />
    </Drawer>
  );
}
