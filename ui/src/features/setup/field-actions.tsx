// What may be done to a field that is there: another identifier, another type (tried first), removal.
import { Button, Input, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { removeField, renameField, retypeField, type Retyped } from './api';
import { isIdentifier } from './names';
import { Labelled } from './parts';
import { useSubmit } from './use-submit';

/** Types that need nothing else to be said; the server refuses pairs that make no sense. */
const TARGETS = ['text', 'long_text', 'integer', 'decimal', 'percent', 'money', 'boolean', 'date', 'datetime', 'email', 'phone', 'url'];

function Outcome({ of }: { of: Retyped }) {
  return (
    <div className="banner" role="status">
      <div className="grow">
        {t('setup.retype_outcome', { converted: of.converted, misfits: of.misfit_count })}
        {of.misfits.slice(0, 5).map((m) => <div key={m.id} className="cut"><code>{m.value}</code></div>)}
      </div>
    </div>
  );
}

export function FieldActions({ object, field, onClose }: { object: ObjectMeta; field: FieldMeta; onClose: () => void }) {
  const [name, setName] = useState(field.name);
  const [type, setType] = useState<string>();
  const [outcome, setOutcome] = useState<Retyped>();
  const { busy, failure, errors, errorOf, submit } = useSubmit(onClose);
  const trial = useSubmit(() => {});
  const tryIt = () => void trial.submit(async () => { setOutcome(await retypeField(object.object, field.name, type!, true)); }, t('setup.retype_tried'));
  const doIt = () => void submit(() => retypeField(object.object, field.name, type!, false), t('setup.retyped'));
  const wrong = [failure, trial.failure, ...errors.filter((e) => e.field !== 'name').map((e) => e.message), ...trial.errors.map((e) => e.message)].filter(Boolean);
  return (
    <section className="field-actions">
      <div className="group">{t('setup.more_changes')}</div>
      {wrong.map((text) => <div key={text} className="banner danger" role="alert"><div className="grow">{text}</div></div>)}
      <Labelled label={t('setup.rename')} error={errorOf('name')} help={t('setup.rename_help')}>
        <div className="row"><Input value={name} onChange={(e) => setName(e.target.value)} className="code" aria-label={t('setup.rename')} /><Button disabled={name === field.name || !isIdentifier(name)} loading={busy} onClick={() => void submit(() => renameField(object.object, field.name, name), t('setup.renamed'))}>{t('setup.rename_do')}</Button></div>
      </Labelled>
      <Labelled label={t('setup.retype')} help={t('setup.retype_help')}>
        <div className="row"><Select value={type} onChange={(next: string) => { setType(next); setOutcome(undefined); }} aria-label={t('setup.retype')} options={TARGETS.filter((x) => x !== field.type).map((x) => ({ value: x, label: t(`type.${x}`) }))} className="grow" /><Button disabled={!type} loading={trial.busy} onClick={tryIt}>{t('setup.retype_try')}</Button></div>
      </Labelled>
      {outcome && <Outcome of={outcome} />}
      <div className="row between">
        {outcome ? <Button loading={busy} onClick={doIt}>{t('setup.retype_do')}</Button> : <span />}
        <Popconfirm title={t('setup.remove_sure')} okText={t('setup.remove')} cancelText={t('action.cancel')} onConfirm={() => void submit(() => removeField(object.object, field.name), t('setup.removed'))}>
          <Button danger>{t('setup.remove')}</Button>
        </Popconfirm>
      </div>
    </section>
  );
}
