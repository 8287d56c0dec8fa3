// Create and edit beside the page. The footer says what will change; Ctrl Enter saves.
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { CircleAlert, RotateCcw } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, type KeyboardEvent } from 'react';
import { ErrorState, failureText } from '@/components/state';
import { BlockSkeleton } from '@/components/skeleton';
import { inSentence, t } from '@/lib/i18n';
import { fieldLabel, fieldOf, objectLabel, ownFields, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { fetchRecord, recordKey } from '../data/records';
import { asksDuplicates } from '../data/use-duplicates';
import type { Values } from '../data/save';
import { isFirst, lineKinds } from '../lines/lines';
import { useFocusFirstLineError } from '../lines/lines-editor';
import { recordTitle } from '../page/record-mark';
import { useShell } from '../page/shell-context';
import { ConflictView } from './conflict';
import { FormBody } from './form-body';
import { fieldId } from './form-field';
import { useForm, type FormState } from './use-form';

interface Props { object: ObjectMeta; record?: Rec; preset?: Values; only?: string[]; title?: string; note?: string; onClose: () => void; onSaved?: (record: Rec) => void }

const WIDE_FROM = 8;
const DuplicateStrip = lazy(() => import('./duplicate-strip'));

function useFocusFirstError(form: FormState) {
  const seen = useRef(form.errors);
  useEffect(() => {
    if (seen.current === form.errors) return;
    seen.current = form.errors;
    const first = form.errors.find((e) => e.field && !form.lines.sent.current[e.field.split(/[[.]/)[0]!]);
    if (first) document.getElementById(fieldId(first.field!.split('.')[0]!))?.focus();
  }, [form.errors, form.lines.sent]);
}

function Footer({ object, form, onClose, creating }: { object: ObjectMeta; form: FormState; onClose: () => void; creating: boolean }) {
  const names = form.changed.map((n) => fieldOf(object, n)).filter((f) => f !== undefined).map(fieldLabel);
  if (form.lines.dirty) names.push(t('lines.changed'));
  const note = creating || !names.length ? '' : t('form.changes', { n: names.length, fields: names.slice(0, 3).join(t('list.separator')) });
  return (
    <div className="form-foot">
      <span className="note cut" aria-live="polite">{note}</span>
      <Button onClick={onClose}>{t('action.cancel')}</Button>
      <Button type="primary" loading={form.busy} disabled={!creating && !form.dirty} onClick={() => void form.save()}>{creating ? t('action.create') : t('action.save')}</Button>
    </div>
  );
}

function FormPane({ object, record, preset, only, title, note, onClose, onSaved }: Props) {
  const { phone } = useShell();
  const form = useForm({ object, record, preset, keepDraft: !only, onSaved: (r) => { onSaved?.(r); onClose(); } });
  useFocusFirstError(form);
  useFocusFirstLineError(form.errors, form.lines);
  const wide = !only && ownFields(object).length > WIDE_FROM;
  const keys = (e: KeyboardEvent) => {
    if (!(e.ctrlKey || e.metaKey) || e.key !== 'Enter' || e.nativeEvent.isComposing) return;
    e.preventDefault();
    void form.save();
  };
  return (
    <Drawer open onClose={onClose} title={title} size={phone ? '100%' : form.lines.kinds.some((k) => isFirst(object, k)) ? 920 : wide ? 720 : 440} footer={form.conflict ? null : <Footer object={object} form={form} onClose={onClose} creating={!record} />}>
      <form onKeyDown={keys} onSubmit={(e) => { e.preventDefault(); void form.save(); }} noValidate>
        {form.conflict && <ConflictView object={object} conflict={form.conflict} busy={form.busy} onResolve={(chosen) => void form.resolve(chosen)} />}
        <div hidden={!!form.conflict}>
          {note && <div className="banner warn"><CircleAlert size={16} strokeWidth={1.75} aria-hidden /><div className="grow">{note}</div></div>}
          {form.failure !== null && <div className="banner danger" role="alert"><CircleAlert size={16} strokeWidth={1.75} aria-hidden /><div className="grow">{failureText(form.failure)}</div></div>}
          {form.restored && form.dirty && <div className="banner info"><RotateCcw size={16} strokeWidth={1.75} aria-hidden /><div className="grow">{t('form.restored')}</div><button type="button" className="link-button" onClick={form.discard}>{t('form.discard')}</button></div>}
          <FormBody object={object} form={form} only={only} columns={wide ? 2 : 1} />
          {!only && asksDuplicates(object) && <Suspense fallback={null}><DuplicateStrip object={object} values={form.values} changed={form.changed} id={record?.id} inSpite={form.inSpite} onInSpite={form.setInSpite} /></Suspense>}
        </div>
      </form>
    </Drawer>
  );
}

/** Lists hold only their columns: before editing, the whole record is read. */
export default function FormDrawer(props: Props) {
  const { object, record, onClose } = props;
  const id = record?.id ?? '';
  const { byName } = useCatalogue();
  const expand = props.only ? '' : lineKinds(object, byName).map((k) => k.relation.name).join(',');
  const full = useQuery({ queryKey: [...recordKey(object.plural, id), 'form', expand], queryFn: ({ signal }) => fetchRecord(object.plural, id, signal, expand), enabled: !!record, staleTime: 0, gcTime: 0 });
  const { phone } = useShell();
  const name = inSentence(objectLabel(object));
  const title = props.title ?? (record ? t('form.edit', { name: recordTitle(object, record) }) : t('action.new_object', { object: name }));
  if (!record) return <FormPane {...props} title={title} />;
  if (full.data) return <FormPane {...props} record={full.data} title={title} />;
  return <Drawer open onClose={onClose} title={title} size={phone ? '100%' : 440}>{full.isError ? <ErrorState error={full.error} title={t('error.record')} onRetry={() => void full.refetch()} /> : <BlockSkeleton />}</Drawer>;
}
