// Change many records at once: what shall become of them, what that would do, how far it is, the way back.
import { Button, Drawer, Select } from 'antd';
import { useState } from 'react';
import { inSentence, plural, t } from '@/lib/i18n';
import { fieldLabel, isEditable, objectLabel, ownFields } from '@/lib/meta';
import type { FieldMeta, LinkValue, ObjectMeta, VerbMeta } from '@/lib/types';
import { wireOf } from '../data/save';
import { FormField } from '../form/form-field';
import { ImportProgress } from '../import/import-progress';
import { useShell } from '../page/shell-context';
import { verbLabel } from '../verbs/use-verbs';
import { bodyOf, paramsOf, startOf } from '../verbs/verb-api';
import type { What, Which } from './bulk-api';
import { BulkOutcome, BulkPreview } from './bulk-parts';
import { useBulk, type BulkState } from './use-bulk';

export type BulkVerb = 'edit' | 'transfer' | 'delete' | VerbMeta;
interface Props { object: ObjectMeta; verb: BulkVerb; which: Which; count: number; onClose: (done: boolean) => void }
type Values = Record<string, unknown>;
/** What becomes of a list: the chosen ones instead of what is there, beside it, or gone from it. */
const HOWS = ['set', 'add', 'remove'] as const;
type How = (typeof HOWS)[number];
type Hows = Record<string, How>;
const isList = (f: FieldMeta): boolean => f.type === 'links' || f.type === 'choices' || f.type === 'tags';

const choosable = (object: ObjectMeta): FieldMeta[] => ownFields(object).filter((f) => isEditable(f) && !f.unique && f.name !== 'owner');
const idOf = (value: unknown): string => (value as LinkValue | null)?.id ?? '';

function valueOf(object: ObjectMeta, name: string, values: Values, hows: Hows): unknown {
  const how = hows[name] ?? 'set';
  const value = wireOf(object, name, values[name]);
  return how === 'set' ? value : { [how]: value ?? [] };
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

function actionOf(object: ObjectMeta, verb: VerbMeta, values: Values): What | null {
  const params = paramsOf(object, verb);
  return params.every((p) => !p.required || isSaid(values[p.name])) ? { action: verb.verb, params: bodyOf(params, values) } : null;
}

function whatOf(object: ObjectMeta, verb: BulkVerb, names: string[], values: Values, hows: Hows): What | null {
  if (typeof verb === 'object') return actionOf(object, verb, values);
  if (verb === 'delete') return { delete: true };
  if (verb === 'transfer') return idOf(values.owner) ? { action: 'transfer', to: idOf(values.owner) } : null;
  return names.length ? { set: Object.fromEntries(names.map((n) => [n, valueOf(object, n, values, hows)])) } : null;
}

interface EditProps { object: ObjectMeta; names: string[]; values: Values; hows: Hows; onNames: (names: string[]) => void; onValue: (name: string, value: unknown) => void; onHow: (name: string, how: How) => void }

function EditFields({ object, names, values, hows, onNames, onValue, onHow }: EditProps) {
  const fields = choosable(object);
  return (
    <>
      <label htmlFor="bulk-fields">{t('bulk.fields')}</label>
      <Select id="bulk-fields" mode="multiple" style={{ width: '100%' }} value={names} onChange={onNames} optionFilterProp="label" placeholder={t('bulk.fields_hint')} options={fields.map((f) => ({ value: f.name, label: fieldLabel(f) }))} />
      <div className="form-grid">
        {fields.filter((f) => names.includes(f.name)).map((f) => (
          <div key={f.name}>
            <FormField field={{ ...f, required: false }} value={values[f.name] ?? null} record={{ ...values, $object: object.object }} onChange={(v) => onValue(f.name, v)} />
            {isList(f) && <Select size="small" variant="borderless" value={hows[f.name] ?? 'set'} popupMatchSelectWidth={false} onChange={(how: How) => onHow(f.name, how)} options={HOWS.map((value) => ({ value, label: t(`bulk.how_${value}`) }))} aria-label={t('bulk.how', { field: fieldLabel(f) })} />}
          </div>
        ))}
      </div>
    </>
  );
}

function ActionFields({ object, verb, values, onValue }: { object: ObjectMeta; verb: VerbMeta; values: Values; onValue: (name: string, value: unknown) => void }) {
  const params = paramsOf(object, verb);
  return (
    <>
      <p>{t('bulk.action_text')}</p>
      <div className="form-grid">
        {params.map((f) => <FormField key={f.name} field={f} value={values[f.name] ?? null} record={{ ...values, $object: object.object }} onChange={(v) => onValue(f.name, v)} />)}
      </div>
    </>
  );
}

function Footer({ bulk, verb, what, onClose }: { bulk: BulkState; verb: BulkVerb; what: What | null; onClose: () => void }) {
  if (bulk.running || bulk.over) {
    return <div className="row end">{bulk.over && bulk.batch && <Button onClick={bulk.undo}>{t('action.undo')}</Button>}<Button type="primary" onClick={onClose}>{t('action.close')}</Button></div>;
  }
  return (
    <div className="row end">
      <Button disabled={!what} loading={bulk.busy && !bulk.preview} onClick={() => { if (what) void bulk.look(what); }}>{t('bulk.preview')}</Button>
      <Button type="primary" danger={typeof verb === 'object' ? verb.danger : verb === 'delete'} disabled={!what || !bulk.preview} loading={bulk.busy && !!bulk.preview} onClick={() => { if (what) void bulk.start(what); }}>{typeof verb === 'object' ? verbLabel(verb) : t(`bulk.run.${verb}`)}</Button>
    </div>
  );
}

function Progress({ bulk, label }: { bulk: BulkState; label: string }) {
  if (bulk.running) return <ImportProgress job={bulk.job} label={label} onCancel={bulk.cancel} />;
  return bulk.result ? <BulkOutcome result={bulk.result} /> : <p>{bulk.job?.error?.detail ?? t('bulk.stopped')}</p>;
}

export default function BulkDrawer({ object, verb, which, count, onClose }: Props) {
  const { phone } = useShell();
  const bulk = useBulk(object, which);
  const [names, setNames] = useState<string[]>([]);
  const [values, setValues] = useState<Values>(() => (typeof verb === 'object' ? startOf(paramsOf(object, verb)) : {}));
  const [hows, setHows] = useState<Hows>({});
  const objects = plural(inSentence(objectLabel(object)));
  const title = typeof verb === 'object' ? t('bulk.title.action', { verb: verbLabel(verb), n: count, objects }) : t(`bulk.title.${verb}`, { n: count, objects });
  const owner = object.fields.find((f) => f.name === 'owner');
  const what = whatOf(object, verb, names, values, hows);
  const change = (name: string, value: unknown) => { bulk.forget(); setValues({ ...values, [name]: value }); };
  const begun = bulk.running || bulk.over;
  return (
    <Drawer open onClose={() => onClose(bulk.over)} title={title} size={phone ? '100%' : 560} footer={<Footer bulk={bulk} verb={verb} what={what} onClose={() => onClose(true)} />}>
      {bulk.problem && <div className="banner danger" role="alert"><div className="grow">{bulk.problem}</div></div>}
      {begun ? <Progress bulk={bulk} label={title} /> : (
        <>
          {verb === 'edit' && <EditFields object={object} names={names} values={values} hows={hows} onHow={(name, how) => { bulk.forget(); setHows({ ...hows, [name]: how }); }} onNames={(n) => { bulk.forget(); setNames(n); }} onValue={change} />}
          {verb === 'transfer' && owner && <FormField field={owner} value={values.owner ?? null} record={{ $object: object.object }} onChange={(v) => change('owner', v)} />}
          {typeof verb === 'object' && <ActionFields object={object} verb={verb} values={values} onValue={change} />}
          {verb === 'delete' && <p>{t('bulk.delete_text')}</p>}
          {bulk.preview && <BulkPreview object={object} preview={bulk.preview} />}
        </>
      )}
    </Drawer>
  );
}
