// One field edited where it stands: Enter saves, Esc restores, a refused value stays with the reason.
import { useQueryClient } from '@tanstack/react-query';
import { Tooltip } from 'antd';
import { useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { failureText } from '@/components/state';
import { FieldInput } from '@/fields/inputs';
import { fieldText } from '@/fields/fields';
import { linkOf, linkTitle } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { putRecord } from '../data/put-record';
import { sameWire, update, type Saved } from '../data/save';
import { toastUpdated } from '../data/undo';

interface Props { object: ObjectMeta; record: Rec; field: FieldMeta; onDone: () => void }

/** Picked, not typed: these save as soon as they change. */
const AT_ONCE = new Set(['choice', 'link', 'date', 'boolean']);

function useCellSave({ object, record, field, onDone }: Props) {
  const client = useQueryClient();
  const [base, setBase] = useState(record);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const saving = useRef(false);
  const settle = (answer: Saved) => {
    setBusy(false);
    saving.current = false;
    if (answer.kind === 'saved') {
      putRecord(client, object, answer.record);
      toastUpdated(client, object, record, answer.record, [field.name]);
      return onDone();
    }
    if (answer.kind === 'conflict') setBase(answer.current);
    if (answer.kind === 'conflict') setProblem(t('conflict.cell', { name: linkTitle(linkOf(answer.current.updated_by)) || t('conflict.someone'), value: fieldText(field, answer.current[field.name]) || t('value.empty') }));
    else setProblem(answer.kind === 'invalid' ? answer.errors[0]?.message ?? answer.message : failureText(answer.error));
  };
  const save = async (value: unknown) => {
    if (saving.current) return;
    if (sameWire(object, field.name, value, base[field.name])) return onDone();
    setBusy(true);
    saving.current = true;
    settle(await update(object, base, { [field.name]: value }));
  };
  return { save, problem, busy, saving };
}

export default function CellEditor(props: Props) {
  const { object, record, field, onDone } = props;
  const [value, setValue] = useState(record[field.name]);
  const { save, problem, busy, saving } = useCellSave(props);
  const latest = useRef(value);
  const change = (next: unknown) => {
    setValue(next);
    latest.current = next;
    if (AT_ONCE.has(field.type)) void save(next);
  };
  const keys = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    e.stopPropagation();
    if (e.key === 'Escape') onDone();
    if (e.key === 'Enter' && !AT_ONCE.has(field.type) && !(field.type === 'long_text' && e.shiftKey)) { e.preventDefault(); void save(latest.current); }
  };
  const leave = (e: FocusEvent<HTMLDivElement>) => {
    if (e.currentTarget.contains(e.relatedTarget) || problem) return;
    if (field.type === 'datetime' || field.type === 'links') return;
    if (AT_ONCE.has(field.type)) return void setTimeout(() => { if (!saving.current) onDone(); }, 200);
    void save(latest.current);
  };
  return (
    <Tooltip title={problem} open={problem !== ''} placement="bottomLeft" color="var(--gx-danger)">
      <div className={busy ? 'cell-editor busy' : 'cell-editor'} onKeyDown={keys} onBlur={leave} onClick={(e) => e.stopPropagation()}>
        <FieldInput field={field} value={value} onChange={change} autoFocus openAtOnce invalid={problem !== ''} record={{ ...record, $object: object.object }} />
      </div>
    </Tooltip>
  );
}
