// How rows become records: new or existing ones, what to do with those that are there, which missing links to make.
import { Checkbox, Segmented, Select } from 'antd';
import { CircleAlert } from 'lucide-react';
import { inSentence, t } from '@/lib/i18n';
import { fieldLabel, objectLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { asksDuplicates } from '../data/use-duplicates';
import { unfilled, type DateOrder, type Duplicates, type Fixed, type ImportChoices, type Mapping, type Similar, type Target } from './mapping';

interface Props { object: ObjectMeta; mapping: Mapping; fixed: Fixed[]; targets: Target[]; choices: ImportChoices; onChange: (choices: ImportChoices) => void }

const MODES = ['create', 'update', 'upsert'] as const;
const POLICIES: Duplicates[] = ['report', 'skip', 'update', 'create'];
const SIMILAR: Similar[] = ['ignore', 'report', 'skip', 'update', 'review'];
const ORDERS: DateOrder[] = ['ymd', 'dmy', 'mdy'];

function CreateMissing({ mapping, targets, choices, onChange }: Pick<Props, 'mapping' | 'targets' | 'choices' | 'onChange'>) {
  const { byName } = useCatalogue();
  const links = targets.filter((x) => x.field.type === 'link' && Object.values(mapping).some((m) => m.path === x.path));
  const toggle = (name: string, on: boolean) => onChange({ ...choices, createMissing: on ? [...choices.createMissing, name] : choices.createMissing.filter((n) => n !== name) });
  return links.map((x) => {
    const target = byName.get(x.field.to ?? '');
    return target && <Checkbox key={x.path} checked={choices.createMissing.includes(x.field.name)} onChange={(e) => toggle(x.field.name, e.target.checked)}>{t('import.create_missing', { object: inSentence(objectLabel(target)) })}</Checkbox>;
  });
}

function Labelled<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: { value: T; label: string }[]; onChange: (value: T) => void }) {
  return <label className="src"><span className="cap muted">{label}</span><Select<T> value={value} options={options} onChange={onChange} aria-label={label} popupMatchSelectWidth={false} /></label>;
}

export function ImportOptions(props: Props) {
  const { object, mapping, fixed, targets, choices, onChange } = props;
  const missing = unfilled(object, mapping, fixed);
  const mapped = targets.filter((x) => !x.path.includes('.') && Object.values(mapping).some((m) => m.path === x.path));
  const dates = targets.some((x) => ['date', 'datetime'].includes(x.field.type) && Object.values(mapping).some((m) => m.path === x.path));
  const set = (mode: ImportChoices['mode']) => onChange({ ...choices, mode, key: choices.key.filter((k) => mapped.some((x) => x.path === k)) });
  return (
    <section className="card">
      <header><h3>{t('import.options')}</h3></header>
      <div className="body">
        <div className="opts">
          <Segmented value={choices.mode} onChange={set} options={MODES.map((m) => ({ value: m, label: t(`import.mode.${m}`) }))} />
          {choices.mode !== 'create' && <Select mode="multiple" value={choices.key} onChange={(key: string[]) => onChange({ ...choices, key })} options={mapped.map((x) => ({ value: x.path, label: x.label }))} placeholder={t('import.key')} aria-label={t('import.key')} style={{ minWidth: 220 }} />}
        </div>
        <div className="srcs" style={{ marginTop: 12 }}>
          {choices.mode !== 'update' && <Labelled label={t('import.duplicates')} value={choices.duplicates} options={POLICIES.map((p) => ({ value: p, label: t(`import.duplicates.${p}`) }))} onChange={(duplicates) => onChange({ ...choices, duplicates })} />}
          {choices.mode !== 'update' && asksDuplicates(object) && <Labelled label={t('import.similar')} value={choices.similar} options={SIMILAR.map((p) => ({ value: p, label: t(`import.similar.${p}`) }))} onChange={(similar) => onChange({ ...choices, similar })} />}
          {dates && <Labelled label={t('import.date_order')} value={choices.dateOrder} options={ORDERS.map((o) => ({ value: o, label: t(`import.date_order.${o}`) }))} onChange={(dateOrder) => onChange({ ...choices, dateOrder })} />}
        </div>
        <div className="opts" style={{ marginTop: 12 }}><CreateMissing mapping={mapping} targets={targets} choices={choices} onChange={onChange} /></div>
        {missing.length > 0 && choices.mode === 'create' && <div className="row gap4 warn cap" style={{ marginTop: 12 }}><CircleAlert size={14} strokeWidth={1.75} aria-hidden />{t('import.unfilled', { fields: missing.map(fieldLabel).join(t('list.separator')) })}</div>}
        <p className="muted cap" style={{ marginTop: 12 }}>{t('import.dry_run_hint')}</p>
      </div>
    </section>
  );
}
