// The dialog of a verb, built from its parameters. A verb with hints asks the server first and offers what it found.
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { CircleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { failureText } from '@/components/state';
import { ApiProblem, newKey } from '@/lib/api';
import { t } from '@/lib/i18n';
import { fieldLabel, objectLabel, useCatalogue } from '@/lib/meta';
import type { FieldError, ObjectMeta, Rec, VerbMeta } from '@/lib/types';
import { FormField } from '../form/form-field';
import { useShell } from '../page/shell-context';
import { recordTitle } from '../page/record-mark';
import { verbLabel } from './use-verbs';
import { fetchHints, paramsOf, runVerb, startOf, type Done, type Hint } from './verb-api';

interface Props { object: ObjectMeta; record: Rec; verb: VerbMeta; onClose: () => void; onDone: (verb: VerbMeta, done: Done) => void }

const NO_ERRORS: FieldError[] = [];
const messageOf = (errors: FieldError[], name: string): string | undefined => errors.find((e) => e.field === name || e.field?.startsWith(`${name}.`))?.message;

function Hints({ hints, onTake }: { hints: Hint[]; onTake: (hint: Hint) => void }) {
  const { byName } = useCatalogue();
  return (
    <div className="banner warn verb-hints">
      <CircleAlert size={16} strokeWidth={1.75} aria-hidden />
      <div className="grow">
        <div>{t('verb.hints')}</div>
        {hints.map((h) => {
          const target = byName.get(h.object);
          const fields = h.because.map((name) => { const f = target?.fields.find((x) => x.name === name); return f ? fieldLabel(f) : name; });
          return (
            <div key={`${h.object}${h.id}`} className="row">
              <span className="cut">{target ? objectLabel(target) : h.object} {h.title}</span><span className="cap">{t('verb.same', { fields: fields.join(t('list.separator')) })}</span>
              <button type="button" className="link-button" onClick={() => onTake(h)}>{t('verb.take')}</button>
            </div>
          );
        })}
      </div>
    </div>
  );
}

export default function VerbDrawer({ object, record, verb, onClose, onDone }: Props) {
  const { phone } = useShell();
  const params = paramsOf(object, verb);
  const [values, setValues] = useState<Record<string, unknown>>(() => startOf(params));
  const [errors, setErrors] = useState(NO_ERRORS);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const hints = useQuery({ queryKey: ['hints', object.plural, record.id, verb.verb], queryFn: () => fetchHints(object, record, verb), enabled: !!verb.hints, staleTime: 0, gcTime: 0 });
  const set = (name: string, value: unknown) => {
    setValues((old) => ({ ...old, [name]: value }));
    setErrors((old) => old.filter((e) => e.field !== name));
  };
  const run = async () => {
    setBusy(true);
    try {
      const done = await runVerb(object, record, verb, params, values, key.current);
      onDone(verb, done);
      onClose();
    } catch (e) {
      const fields = e instanceof ApiProblem && e.status === 422 ? e.errors : NO_ERRORS;
      const shown = fields.some((x) => params.some((p) => x.field?.split('.')[0] === p.name));
      const lost = fields.filter((x) => !params.some((p) => x.field?.split('.')[0] === p.name));
      setErrors(fields);
      setFailure(shown && !lost.length ? null : lost.length ? new Error(lost.map((x) => x.message).join(t('list.separator'))) : e);
      key.current = newKey();
      setBusy(false);
    }
  };
  const title = t('verb.title', { verb: verbLabel(verb), name: recordTitle(object, record) });
  const footer = (
    <div className="form-foot"><span className="grow" />
      <Button onClick={onClose}>{t('action.cancel')}</Button>
      <Button type="primary" danger={verb.danger} loading={busy} onClick={() => void run()}>{verbLabel(verb)}</Button>
    </div>
  );
  return (
    <Drawer open onClose={onClose} title={title} size={phone ? '100%' : 440} footer={footer}>
      <form onSubmit={(e) => { e.preventDefault(); void run(); }} noValidate>
        {failure !== null && <div className="banner danger" role="alert"><CircleAlert size={16} strokeWidth={1.75} aria-hidden /><div className="grow">{failureText(failure)}</div></div>}
        {!!hints.data?.length && <Hints hints={hints.data} onTake={(h) => set(h.param, { id: h.id, title: h.title })} />}
        {params.length === 0 && <p>{t('verb.sure', { verb: verbLabel(verb) })}</p>}
        <div className="form-grid">
          {params.map((f, i) => <FormField key={f.name} field={f} value={values[f.name]} error={messageOf(errors, f.name)} record={{ ...record, ...values, $object: object.object }} autoFocus={i === 0} onChange={(v) => set(f.name, v)} />)}
        </div>
      </form>
    </Drawer>
  );
}
