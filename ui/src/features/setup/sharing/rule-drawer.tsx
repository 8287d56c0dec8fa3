// One rule: records of which object, under which condition, open to whom and how far; how many meet it stands below.
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Segmented, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { failureText } from '@/components/state';
import { showToast } from '@/components/toast';
import { useDebounced } from '@/fields/link/use-candidates';
import { linkTitle } from '@/fields/link/link';
import { ApiProblem, get } from '@/lib/api';
import { t } from '@/lib/i18n';
import { hasTrait, objectLabel, pluralLabel, titleField, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import { kindOf, linkOfPrincipal, PERSON, type PrincipalKind } from '@/lib/principals';
import type { FieldError, LinkValue, ObjectMeta, Page } from '@/lib/types';
import { ConditionEditor } from '@/record/expression/condition-editor';
import { principalOf, PrincipalPicker } from '@/record/access/principal-picker';
import { useShell } from '@/record/page/shell-context';
import { Labelled } from '../parts';
import { saveRule, type Rule } from './api';
import { RuleOutcome } from './rule-outcome';

interface Draft { object: string; when: string; kind: PrincipalKind; who: LinkValue | null; level: 'read' | 'edit' }
const draftOf = (rule: Rule | undefined): Draft => (rule ? { object: rule.object, when: rule.when, kind: kindOf(rule.with), who: linkOfPrincipal(rule.with), level: rule.level } : { object: '', when: '', kind: PERSON, who: null, level: 'read' });

/** How many records the condition means now, with a few of them. What the reader may not see is not counted. */
function Meets({ object, when }: { object: ObjectMeta; when: string }) {
  const late = useDebounced(when.trim(), 400);
  const title = titleField(object);
  const query = useQuery({ queryKey: ['related', object.plural, 'rule', late], queryFn: ({ signal }) => get<Page>(`/${object.plural}`, { filter: late, fields: title, limit: 3 }, signal), enabled: late !== '', retry: false, staleTime: 10_000 });
  if (!late || !query.data) return null;
  const n = formatNumber(query.data.count?.value ?? query.data.items.length) + (query.data.count?.exact === false ? '+' : '');
  return (
    <div className="answer" role="status">
      <b>{t('sharing.meets', { count: n, objects: pluralLabel(object) })}</b>
      {query.data.items.length > 0 && <div className="cap samples">{query.data.items.map((r) => <Link key={r.id} className="cut" to={`/${object.plural}/${r.id}`}>{linkTitle({ id: r.id, title: String(r[title] ?? '') })}</Link>)}</div>}
    </div>
  );
}

export default function RuleDrawer({ rule, onClose, onSaved }: { rule?: Rule; onClose: () => void; onSaved: () => void }) {
  const { meta, byName } = useCatalogue();
  const { phone } = useShell();
  const [draft, setDraft] = useState(() => draftOf(rule));
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [failure, setFailure] = useState('');
  const set = (part: Partial<Draft>) => { setErrors([]); setFailure(''); setDraft((old) => ({ ...old, ...part })); };
  const principal = principalOf(draft.kind, draft.who);
  const object = byName.get(draft.object);
  const errorOf = (name: string) => errors.find((e) => e.field === name || e.field?.startsWith(`${name}.`));
  const offered = meta.objects.filter((o) => !hasTrait(o, 'line') && !hasTrait(o, 'append_only'));
  const save = async () => {
    if (!principal) return;
    setBusy(true);
    try {
      await saveRule(rule?.id ?? null, { object: draft.object, when: draft.when.trim(), with: principal, level: draft.level });
      onSaved();
      showToast(t('sharing.saved', { object: object ? objectLabel(object) : draft.object }));
      onClose();
    } catch (e) {
      const found = e instanceof ApiProblem ? e.errors : [];
      setErrors(found);
      if (!found.some((x) => ['object', 'when', 'with', 'level'].includes(x.field?.split('.')[0] ?? ''))) setFailure(failureText(e));
    }
    setBusy(false);
  };
  return (
    <Drawer open onClose={onClose} size={phone ? '100%' : 480} title={rule ? t('sharing.edit_title') : t('sharing.new')}
      footer={<div className="form-foot"><span className="note cut">{t('sharing.foot')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={busy} disabled={!object || !draft.when.trim() || !principal} onClick={() => void save()}>{rule ? t('action.save') : t('action.create')}</Button></div>}>
      {failure && <div className="banner danger" role="alert"><div className="grow">{failure}</div></div>}
      <Labelled label={t('sharing.object')} error={errorOf('object')?.message}><Select value={draft.object || undefined} disabled={!!rule} onChange={(name: string) => set({ object: name })} showSearch={{ optionFilterProp: 'label' }} options={offered.map((o) => ({ value: o.object, label: pluralLabel(o) }))} placeholder={t('sharing.choose_object')} /></Labelled>
      <div className="ff"><ConditionEditor key={draft.object} id="rule-when" label={t('sharing.when')} object={draft.object} value={draft.when} error={errorOf('when')?.message} onChange={(when) => set({ when })} /><div className="help">{t('sharing.when_help')}</div></div>
      {object && <Meets object={object} when={draft.when} />}
      <div className="ff rule-with"><label htmlFor="rule-who">{t('sharing.with')}</label><PrincipalPicker kind={draft.kind} value={draft.who} onChange={(kind, who) => set({ kind, who })} id="rule-who" invalid={!!errorOf('with')} />{errorOf('with') && <div className="err" role="alert">{errorOf('with')!.message}</div>}</div>
      <div className="ff"><span className="lab">{t('share.may')}</span><Segmented value={draft.level} onChange={(level) => set({ level })} options={(['read', 'edit'] as const).map((l) => ({ value: l, label: t(`share.${l}`) }))} aria-label={t('share.may')} /></div>
      {object && draft.when.trim() && principal && <RuleOutcome object={object} body={{ ...(rule ? { id: rule.id } : { object: draft.object }), when: draft.when.trim(), with: principal, level: draft.level }} />}
    </Drawer>
  );
}
