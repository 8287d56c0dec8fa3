// How rows become records, and the two buttons: try first, then import.
import { Button, Checkbox, Segmented, Select } from 'antd';
import { CircleAlert } from 'lucide-react';
import { inSentence, t } from '@/lib/i18n';
import { fieldLabel, objectLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { unfilled, type Fixed, type ImportChoices, type Mapping, type Target } from './mapping';

interface Props { object: ObjectMeta; mapping: Mapping; fixed: Fixed[]; targets: Target[]; choices: ImportChoices; onChange: (choices: ImportChoices) => void; busy: boolean; onStart: (dryRun: boolean) => void }

function CreateMissing({ mapping, targets, choices, onChange }: Pick<Props, 'mapping' | 'targets' | 'choices' | 'onChange'>) {
  const { byName } = useCatalogue();
  const links = targets.filter((x) => x.path.includes('.') && Object.values(mapping).some((m) => m.path === x.path));
  const toggle = (name: string, on: boolean) => onChange({ ...choices, createMissing: on ? [...choices.createMissing, name] : choices.createMissing.filter((n) => n !== name) });
  return links.map((x) => {
    const target = byName.get(x.field.to ?? '');
    return target && <Checkbox key={x.path} checked={choices.createMissing.includes(x.field.name)} onChange={(e) => toggle(x.field.name, e.target.checked)}>{t('import.create_missing', { object: inSentence(objectLabel(target)) })}</Checkbox>;
  });
}

export function ImportOptions(props: Props) {
  const { object, mapping, fixed, targets, choices, onChange, busy, onStart } = props;
  const missing = unfilled(object, mapping, fixed);
  const modes = (['create', 'update', 'upsert'] as const).map((m) => ({ value: m, label: t(`import.mode.${m}`) }));
  const mapped = targets.filter((x) => Object.values(mapping).some((m) => m.path === x.path));
  const set = (mode: ImportChoices['mode']) => onChange({ ...choices, mode, key: choices.key.filter((k) => mapped.some((x) => x.path === k)) });
  const keyless = choices.mode !== 'create' && !choices.key.length;
  const start = (dryRun: boolean) => { onChange({ ...choices, dryRun }); onStart(dryRun); };
  return (
    <section className="card">
      <header><h3>{t('import.options')}</h3></header>
      <div className="body">
        <div className="opts">
          <Segmented value={choices.mode} onChange={set} options={modes} />
          {choices.mode !== 'create' && <Select mode="multiple" value={choices.key} onChange={(key: string[]) => onChange({ ...choices, key })} options={mapped.map((x) => ({ value: x.path, label: x.label }))} placeholder={t('import.key')} aria-label={t('import.key')} style={{ minWidth: 220 }} />}
          <CreateMissing mapping={mapping} targets={targets} choices={choices} onChange={onChange} />
        </div>
        {missing.length > 0 && choices.mode === 'create' && <div className="row gap4 warn cap" style={{ marginTop: 12 }}><CircleAlert size={14} strokeWidth={1.75} aria-hidden />{t('import.unfilled', { fields: missing.map(fieldLabel).join(t('list.separator')) })}</div>}
        <div className="row" style={{ marginTop: 16 }}>
          <Button onClick={() => start(true)} disabled={busy || keyless}>{t('import.dry_run')}</Button>
          <Button type="primary" onClick={() => start(false)} disabled={busy || keyless}>{t('import.start')}</Button>
          <span className="muted cap">{t('import.dry_run_hint')}</span>
        </div>
      </div>
    </section>
  );
}
