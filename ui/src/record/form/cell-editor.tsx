// One field edited where it stands: Enter saves and goes down, Tab goes on, Esc restores; a refused value stays with the reason. What needs room opens below the cell.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Popover, Tooltip } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react';
import { Kbd } from '@/components/kbd';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { FieldInput } from '@/fields/inputs';
import { t } from '@/lib/i18n';
import { fieldLabel } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { useMay } from '../access/use-may';
import { putRecord } from '../data/put-record';
import { sameWire, update, type Saved, type Values } from '../data/save';
import { toastUpdated } from '../data/undo';
import { useConditions } from '../data/use-conditions';
import type { Direction } from '../list/use-cells';
import type { Conflict } from './use-form';

const ConflictView = lazy(() => import('./conflict').then((m) => ({ default: m.ConflictView })));

interface Props { object: ObjectMeta; record: Rec; field: FieldMeta; shown: ReactNode; onDone: (to: Direction) => void }

/** Picked, not typed: these save as soon as they change. */
const AT_ONCE = new Set(['choice', 'link', 'date', 'boolean', 'rating', 'color']);
/** More than a line: they open below the cell and are saved as a whole. */
const ROOMY = new Set(['long_text', 'rich_text', 'address', 'file', 'image', 'links', 'choices', 'tags', 'geo', 'json', 'any_link', 'secret', 'duration']);
const NOTHING = {};

function useCellSave({ object, record, field, onDone }: Props) {
  const client = useQueryClient();
  const [base, setBase] = useState(record);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const saving = useRef(false);
  const settle = (answer: Saved, to: Direction) => {
    setBusy(false);
    saving.current = false;
    setConflict(answer.kind === 'conflict' ? answer : null);
    if (answer.kind === 'saved') {
      putRecord(client, object, answer.record);
      toastUpdated(client, object, { ...record, ...base }, answer.record, [field.name]);
      return onDone(to);
    }
    if (answer.kind === 'conflict') return setBase(answer.current);
    setProblem(answer.kind === 'invalid' ? answer.errors[0]?.message ?? answer.message : failureText(answer.error));
  };
  const send = async (from: Rec, value: unknown, to: Direction) => {
    setBusy(true);
    saving.current = true;
    settle(await update(object, from, { [field.name]: value }), to);
  };
  const save = async (value: unknown, to: Direction) => {
    if (saving.current) return;
    if (sameWire(object, field.name, value, base[field.name])) return onDone(to);
    await send(base, value, to);
  };
  /** Both values were side by side: the one that was chosen is written against the newer record. */
  const resolve = (chosen: Values) => { if (conflict) void send(conflict.current, chosen[field.name], 'stay'); };
  const giveUp = () => { if (conflict) putRecord(client, object, conflict.current); setConflict(null); onDone('stay'); };
  return { save, problem, busy, saving, conflict, resolve, giveUp };
}

type Saving = ReturnType<typeof useCellSave>;

function Roomy({ props, value, save, change }: { props: Props; value: unknown; save: Saving; change: (next: unknown) => void }) {
  const { object, record, field, shown, onDone } = props;
  const keys = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    e.stopPropagation();
    if (e.key === 'Escape' && !(e.target as HTMLElement).closest('.ant-select-open')) onDone('stay');
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); void save.save(value, 'down'); }
  };
  const panel = (
    <div className="cell-room" onKeyDown={keys} onClick={(e) => e.stopPropagation()} onMouseDown={(e) => e.stopPropagation()} onPaste={(e) => e.stopPropagation()} onCopy={(e) => e.stopPropagation()}>
      <label className="visually-hidden" htmlFor="cell-input">{fieldLabel(field)}</label>
      <FieldInput id="cell-input" field={field} value={value} onChange={change} autoFocus invalid={save.problem !== ''} record={{ ...record, $object: object.object }} />
      {save.problem && <div className="err" role="alert">{save.problem}</div>}
      <div className="foot"><span className="muted cap"><Kbd>Ctrl ↵</Kbd></span><Button size="small" onClick={() => onDone('stay')}>{t('action.cancel')}</Button><Button size="small" type="primary" loading={save.busy} onClick={() => void save.save(value, 'stay')}>{t('action.save')}</Button></div>
    </div>
  );
  return <Popover open trigger="click" placement="bottomLeft" arrow={false} content={panel} onOpenChange={(on) => { if (!on && !save.conflict) void save.save(value, 'stay'); }}><div className="room-anchor" aria-label={fieldLabel(field)}>{shown}</div></Popover>;
}

function Merge({ props, save }: { props: Props; save: Saving }) {
  if (!save.conflict) return null;
  return (
    <Modal open footer={null} title={t('conflict.title')} onCancel={save.giveUp} width={560}>
      <div onKeyDown={(e) => e.stopPropagation()}><Suspense><ConflictView object={props.object} conflict={save.conflict} busy={save.busy} onResolve={save.resolve} /></Suspense></div>
    </Modal>
  );
}

/** Rights and conditions of this very record: what is not to be written says so and closes. */
function useRefusal({ object, record, field, onDone }: Props) {
  const may = useMay(object, record);
  const conditional = !!field.readonly_when || !!field.visible_when;
  const conditions = useConditions(conditional ? object : { ...object, fields: [] }, record.id, NOTHING, record.version);
  const refused = !may('update') ? t('cell.no_right') : conditions.readonly.has(field.name) || (conditional && conditions.hidden.has(field.name)) ? t('form.fixed') : '';
  const tell = useRef(onDone);
  useEffect(() => { tell.current = onDone; });
  useEffect(() => {
    if (!refused) return;
    const timer = setTimeout(() => { showFailure(refused); tell.current('stay'); }, 600);
    return () => clearTimeout(timer);
  }, [refused]);
  return refused !== '';
}

export default function CellEditor(props: Props) {
  const { object, record, field, shown, onDone } = props;
  const [value, setValue] = useState(record[field.name]);
  const save = useCellSave(props);
  const refused = useRefusal(props);
  const latest = useRef(value);
  const after = useRef<Direction>('stay');
  const change = (next: unknown) => {
    setValue(next);
    latest.current = next;
    if (AT_ONCE.has(field.type)) void save.save(next, after.current);
  };
  const tab = (e: KeyboardEvent) => {
    after.current = e.shiftKey ? 'left' : 'right';
    if (field.type === 'date') return;
    e.preventDefault();
    if (AT_ONCE.has(field.type)) onDone(after.current); else void save.save(latest.current, after.current);
  };
  const keys = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    e.stopPropagation();
    if (e.key === 'Escape') onDone('stay');
    if (e.key === 'Tab') tab(e);
    if (e.key === 'Enter' && !AT_ONCE.has(field.type)) { e.preventDefault(); void save.save(latest.current, 'down'); }
  };
  const leave = (e: FocusEvent<HTMLDivElement>) => {
    if (e.currentTarget.contains(e.relatedTarget) || save.problem || save.conflict) return;
    if (field.type === 'datetime') return;
    if (AT_ONCE.has(field.type)) return void setTimeout(() => { if (!save.saving.current) onDone(after.current); }, 200);
    void save.save(latest.current, 'stay');
  };
  if (refused) return <div className="cell-wait">{shown}</div>;
  if (ROOMY.has(field.type)) return <><Roomy props={props} value={value} save={save} change={change} /><Merge props={props} save={save} /></>;
  return (
    <Tooltip title={save.problem} open={save.problem !== ''} placement="bottomLeft" color="var(--gx-danger)">
      <div className={save.busy ? 'cell-editor busy' : 'cell-editor'} onKeyDown={keys} onBlur={leave} onClick={(e) => e.stopPropagation()} onMouseDown={(e) => e.stopPropagation()} onPaste={(e) => e.stopPropagation()} onCopy={(e) => e.stopPropagation()}>
        <label className="visually-hidden" htmlFor="cell-input">{fieldLabel(field)}</label>
        <FieldInput id="cell-input" field={field} value={value} onChange={change} autoFocus openAtOnce invalid={save.problem !== ''} record={{ ...record, $object: object.object }} />
        <Merge props={props} save={save} />
      </div>
    </Tooltip>
  );
}
