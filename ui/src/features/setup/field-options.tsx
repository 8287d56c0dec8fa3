// What the chosen type needs to be told: choices, target, limits, numbers, the expression of what is computed.
import { Input, Select } from 'antd';
import { label as wordsOf, t } from '@/lib/i18n';
import { fieldLabel, hasTrait, objectLabel, useCatalogue } from '@/lib/meta';
import { KINDS } from '@/lib/principals';
import type { ObjectMeta } from '@/lib/types';
import { EntriesEditor } from './entries-editor';
import { ExpressionInput } from '@/record/expression/expression-input';
import type { FieldDraft } from './field-draft';
import { hasOption, isComputed, RESULTS } from './field-types';
import { useLists } from './lists';
import { Labelled, LabelPair, SwitchRow } from './parts';

interface Props { object: ObjectMeta; draft: FieldDraft; existing: boolean; errorOf: (name: string) => string | undefined; set: (part: Partial<FieldDraft>) => void }

/** Only what names people or groups of them, of records that have an owner, can open these. */
const opens = (object: ObjectMeta, draft: FieldDraft): boolean => hasTrait(object, 'owned') && !hasTrait(object, 'line') && (KINDS as readonly string[]).includes(draft.to[0] ?? '');

function TargetOptions({ object, draft, existing, errorOf, set }: Props) {
  const { meta } = useCatalogue();
  const options = meta.objects.map((o) => ({ value: o.object, label: objectLabel(o) }));
  const any = draft.type === 'any_link';
  const rules = ['restrict', 'clear', 'cascade'].filter((r) => !any || r !== 'cascade').map((value) => ({ value, label: t(`setup.on_delete_${value}`) }));
  return (
    <>
      <Labelled label={t('setup.to')} error={errorOf('to')} help={any ? t('setup.to_any_help') : undefined}>
        {any
          ? <Select mode="multiple" value={draft.to} disabled={existing} onChange={(to: string[]) => set({ to })} showSearch={{ optionFilterProp: 'label' }} options={[{ value: '*', label: t('setup.to_all') }, ...options]} />
          : <Select value={draft.to[0]} disabled={existing} onChange={(to: string) => set({ to: [to] })} showSearch={{ optionFilterProp: 'label' }} options={options} />}
      </Labelled>
      <div className="form-grid two">
        <Labelled label={t('setup.on_delete')} error={errorOf('on_delete')}><Select allowClear value={draft.on_delete || undefined} placeholder={t('setup.on_delete_default')} onChange={(v?: string) => set({ on_delete: v ?? '' })} options={rules} /></Labelled>
        <Labelled label={t('setup.inverse')} error={errorOf('inverse')} help={t('setup.inverse_help')}><Input value={draft.inverse} className="code" placeholder={object.plural} onChange={(e) => set({ inverse: e.target.value })} /></Labelled>
      </div>
      <LabelPair value={draft.inverse_label} error={errorOf('inverse_label')} onChange={(inverse_label) => set({ inverse_label })} zh={t('setup.inverse_zh')} en={t('setup.inverse_en')} focus={false} />
      {hasOption(draft.type, 'visible_with') && <SwitchRow label={t('setup.visible_with')} help={t('setup.visible_with_help')} checked={draft.visible_with} onChange={(visible_with) => set({ visible_with })} />}
      {hasOption(draft.type, 'shares') && opens(object, draft) && <Labelled label={t('setup.shares')} error={errorOf('shares')} help={t('setup.shares_help')}><Select value={draft.shares} disabled={existing} onChange={(shares: string) => set({ shares })} options={['', 'read', 'edit'].map((value) => ({ value, label: t(`setup.shares_${value || 'none'}`) }))} /></Labelled>}
      {hasOption(draft.type, 'tree') && draft.to[0] === object.object && <SwitchRow label={t('setup.tree')} help={t('setup.tree_help')} checked={draft.tree} disabled={existing} onChange={(tree) => set({ tree })} />}
    </>
  );
}

function ChoiceOptions({ object, draft, errorOf, set }: Props) {
  const lists = useLists();
  const OWN = '';
  const parents = object.fields.filter((f) => f.type === 'choice' && f.name !== draft.name).map((f) => ({ value: f.name, label: `${fieldLabel(f)} ${f.name}` }));
  const above = object.fields.find((f) => f.name === draft.depends_on);
  return (
    <>
      <div className="form-grid two">
        <Labelled label={t('setup.list')} error={errorOf('list')}>
          <Select value={draft.list} onChange={(list: string) => set({ list })} showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={320}
            options={[{ value: OWN, label: t('setup.list_own') }, ...(lists.data ?? []).map((l) => ({ value: l.list, label: `${wordsOf(l.label, l.list)} ${l.list}` }))]} />
        </Labelled>
        <Labelled label={t('setup.depends_on')} error={errorOf('depends_on')} help={draft.depends_on ? undefined : t('setup.depends_on_help')}><Select allowClear value={draft.depends_on || undefined} onChange={(v?: string) => set({ depends_on: v ?? '' })} options={parents} placeholder={t('setup.none')} /></Labelled>
      </div>
      {!draft.list && <EntriesEditor entries={draft.choices} error={errorOf('choices')} parents={above?.choices} onChange={(choices) => set({ choices })} />}
    </>
  );
}

function FileOptions({ draft, existing, errorOf, set }: Props) {
  return (
    <>
      <SwitchRow label={t('setup.multiple')} help={existing ? t('setup.multiple_help') : undefined} checked={draft.multiple} disabled={existing} onChange={(multiple) => set({ multiple })} />
      <div className="form-grid two">
        <Labelled label={t('setup.accept')} error={errorOf('accept')} help={t('setup.accept_help')}><Input value={draft.accept} className="code" placeholder={t('setup.accept_example')} onChange={(e) => set({ accept: e.target.value })} /></Labelled>
        <Labelled label={t('setup.max_size')} error={errorOf('max_size')}><Input value={draft.max_size} inputMode="decimal" suffix={t('setup.megabytes')} placeholder="20" onChange={(e) => set({ max_size: e.target.value })} /></Labelled>
      </div>
    </>
  );
}

function ComputedOptions({ object, draft, errorOf, set }: Props) {
  const rollup = draft.type === 'rollup';
  return (
    <>
      <ExpressionInput object={object.object} use="value" value={draft.of} onChange={(of) => set({ of })} label={t(rollup ? 'setup.rollup_of' : 'setup.of')} help={t(rollup ? 'setup.rollup_help' : 'setup.of_help')} error={errorOf('of')} sample />
      <div className="form-grid two">
        <Labelled label={t('setup.result')} error={errorOf('result')} help={t('setup.result_help')}><Select allowClear value={draft.result || undefined} onChange={(v?: string) => set({ result: v ?? '' })} options={RESULTS.map((r) => ({ value: r, label: t(`type.${r}`) }))} placeholder={t('setup.result_auto')} /></Labelled>
        {['money', 'decimal', 'percent'].includes(draft.result) && <Labelled label={t('setup.scale')} error={errorOf('scale')}><Input value={draft.scale} inputMode="numeric" onChange={(e) => set({ scale: e.target.value })} /></Labelled>}
      </div>
    </>
  );
}

const MAX_WORDS: Record<string, string> = { text: 'setup.max_length', long_text: 'setup.max_length', rating: 'setup.max_stars', json: 'setup.max_bytes' };

function Limits({ draft, errorOf, set }: Props) {
  const has = (option: string) => hasOption(draft.type, option);
  if (isComputed(draft.type) || !(has('min') || has('max') || has('scale') || has('format') || has('number'))) return null;
  const field = (key: 'min' | 'max' | 'scale', label: string, placeholder?: string) => <Labelled label={label} error={errorOf(key)}><Input value={draft[key]} inputMode="decimal" placeholder={placeholder} onChange={(e) => set({ [key]: e.target.value })} /></Labelled>;
  return (
    <div className="form-grid two">
      {has('scale') && field('scale', t('setup.scale'), '2')}
      {has('min') && field('min', t('setup.min'))}
      {has('max') && field('max', t(MAX_WORDS[draft.type] ?? 'setup.max'), draft.type === 'rating' ? '5' : undefined)}
      {has('format') && <Labelled label={t('setup.format')} error={errorOf('format')}><Select allowClear value={draft.format || undefined} placeholder={t('setup.none')} onChange={(v?: string) => set({ format: v ?? '' })} options={['registration_number', 'registration_number_or_old'].map((f) => ({ value: f, label: t(`setup.format_${f}`) }))} /></Labelled>}
      {has('number') && <Labelled label={t('setup.number')} error={errorOf('number')} help={t('setup.number_help')}><Input value={draft.number} className="code" placeholder={t('setup.number_example')} onChange={(e) => set({ number: e.target.value })} /></Labelled>}
    </div>
  );
}

/** A constant that a new record starts with. */
function Default({ draft, errorOf, set }: Props) {
  const lists = useLists();
  if (!hasOption(draft.type, 'default')) return null;
  const control = () => {
    if (draft.type === 'boolean') return <Select value={draft.default || undefined} allowClear placeholder={t('setup.none')} onChange={(v?: string) => set({ default: v ?? '' })} options={[{ value: 'true', label: t('expr.true') }, { value: 'false', label: t('expr.false') }]} />;
    const entries = draft.type === 'choice' ? (draft.list ? lists.data?.find((l) => l.list === draft.list)?.entries : draft.choices) : undefined;
    if (entries) return <Select value={draft.default || undefined} allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t('setup.none')} onChange={(v?: string) => set({ default: v ?? '' })} options={entries.filter((c) => c.value && !c.retired).map((c) => ({ value: c.value, label: wordsOf(c.label, c.value) }))} />;
    return <Input value={draft.default} placeholder={t(`setup.default_${draft.type === 'date' ? 'date' : 'none'}`)} onChange={(e) => set({ default: e.target.value })} />;
  };
  return <Labelled label={t('setup.default')} error={errorOf('default')}>{control()}</Labelled>;
}

export function FieldOptions(props: Props) {
  const { type } = props.draft;
  return (
    <>
      {hasOption(type, 'to') && <TargetOptions {...props} />}
      {hasOption(type, 'list') && <ChoiceOptions {...props} />}
      {hasOption(type, 'accept') && <FileOptions {...props} />}
      {hasOption(type, 'of') && <ComputedOptions {...props} />}
      <Limits {...props} />
      <Default {...props} />
    </>
  );
}
