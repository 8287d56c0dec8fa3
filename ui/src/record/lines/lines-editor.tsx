// The lines of a record inside its form: a small table that is written like one, saved with the record in one step.
import { Button } from 'antd';
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, CircleAlert, Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { IconButton } from '@/components/icon-button';
import { kitOf } from '@/fields/fields';
import { FieldInput, hasInput } from '@/fields/inputs';
import { FieldDisplay } from '@/fields/field-display';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, isEditable } from '@/lib/meta';
import { formatMoney } from '@/lib/numbers';
import type { FieldError, FieldMeta, ObjectMeta } from '@/lib/types';
import { relationLabel } from '../page/relation-label';
import { useShell } from '../page/shell-context';
import { sumOf } from './fill';
import { lineErrors, lineFields, lineId, valueOf, type LineError, type LineKind, type LineRow } from './lines';
import type { LinesState } from './use-lines';

interface CellProps { kind: LineKind; row: LineRow; field: FieldMeta; lines: LinesState; errors: LineError[]; withLabel?: boolean }

function Cell({ kind, row, field, lines, errors, withLabel }: CellProps) {
  const id = lineId(kind.relation.name, row.key, field.name);
  const error = errors.find((e) => e.key === row.key && e.field === field.name)?.message;
  const value = valueOf(row, field.name);
  const editable = isEditable(field) && hasInput(field);
  return (
    <div className={`ff${error ? ' bad' : ''}${kitOf(field).tall ? ' wide' : ''}`}>
      {(withLabel || editable) && <label htmlFor={id} className={withLabel ? undefined : 'visually-hidden'}>{fieldLabel(field)}{field.required && <span className="req">{t('form.required')}</span>}</label>}
      {editable
        ? <FieldInput field={field} value={value} onChange={(v) => lines.set(kind, row.key, field, v)} id={id} invalid={!!error} record={{ ...row.base, ...row.values, $object: kind.target.object }} describedBy={error ? `${id}-note` : undefined} />
        : <span className="cut"><FieldDisplay field={field} value={value} /></span>}
      {error && <div className="err" id={`${id}-note`} role="alert"><CircleAlert size={14} strokeWidth={1.75} aria-hidden /><span>{error}</span></div>}
    </div>
  );
}

interface RowProps { object: ObjectMeta; kind: LineKind; row: LineRow; at: number; last: boolean; lines: LinesState; errors: LineError[]; phone: boolean }

function Line({ object, kind, row, at, last, lines, errors, phone }: RowProps) {
  const { columns, more } = lineFields(object, kind);
  const [open, setOpen] = useState(false);
  const shown = open || more.some((f) => errors.some((e) => e.key === row.key && e.field === f.name));
  const whole = errors.find((e) => e.key === row.key && e.field === null)?.message;
  const { name } = kind.relation;
  const actions = (
    <span className="row nw">
      {more.length > 0 && <IconButton small icon={shown ? ChevronDown : ChevronRight} label={t('lines.more', { n: at + 1 })} on={shown} onClick={() => setOpen(!shown)} />}
      <IconButton small icon={ArrowUp} label={t('lines.up', { n: at + 1 })} disabled={at === 0} onClick={() => lines.move(name, row.key, -1)} />
      <IconButton small icon={ArrowDown} label={t('lines.down', { n: at + 1 })} disabled={last} onClick={() => lines.move(name, row.key, 1)} />
      <IconButton small icon={Trash2} label={t('lines.remove', { n: at + 1 })} onClick={() => lines.remove(name, row.key)} />
    </span>
  );
  const rest = shown && <div className="form-grid two lines-more">{more.map((f) => <Cell key={f.name} kind={kind} row={row} field={f} lines={lines} errors={errors} withLabel />)}</div>;
  const note = whole && <div className="err" role="alert"><CircleAlert size={14} strokeWidth={1.75} aria-hidden /><span>{whole}</span></div>;
  if (phone) {
    return (
      <li className="lines-card">
        <div className="row"><b className="grow">{t('lines.nth', { n: at + 1 })}</b>{actions}</div>
        {columns.map((f) => <Cell key={f.name} kind={kind} row={row} field={f} lines={lines} errors={errors} withLabel />)}
        {rest}{note}
      </li>
    );
  }
  return (
    <>
      <tr>
        <td className="muted num">{at + 1}</td>
        {columns.map((f) => <td key={f.name} style={{ minWidth: width(f) }}><Cell kind={kind} row={row} field={f} lines={lines} errors={errors} /></td>)}
        <td>{actions}</td>
      </tr>
      {(rest || note) && <tr className="lines-rest"><td colSpan={columns.length + 2}>{rest}{note}</td></tr>}
    </>
  );
}

const width = (f: FieldMeta): number => (f.type === 'link' ? 150 : f.type === 'text' ? 140 : f.type === 'money' ? 112 : 84);

/** Enter goes down in its column; in the last row it adds one. */
function enterGoesOn(e: KeyboardEvent, kind: LineKind, rows: LineRow[], lines: LinesState) {
  const at = e.target as HTMLElement;
  if (e.key !== 'Enter' || e.ctrlKey || e.metaKey || e.nativeEvent.isComposing || at.tagName !== 'INPUT' || at.matches('[role=combobox]')) return;
  const found = rows.findIndex((r) => at.id.startsWith(`line-${kind.relation.name}-${r.key}-`));
  if (found < 0) return;
  e.preventDefault();
  const field = at.id.slice(`line-${kind.relation.name}-${rows[found]!.key}-`.length);
  const next = rows[found + 1]?.key ?? lines.add(kind);
  setTimeout(() => document.getElementById(lineId(kind.relation.name, next, field))?.focus(), 30);
}

interface EditorProps { object: ObjectMeta; kind: LineKind; lines: LinesState; errors: FieldError[]; first: boolean }

/** Rows of one relation: closed while there is nothing to show, unless the record is made of them. */
export function LinesEditor({ object, kind, lines, errors, first }: EditorProps) {
  const { phone } = useShell();
  const rows = lines.rows[kind.relation.name] ?? [];
  const staying = rows.filter((r) => !r.gone);
  const said = lineErrors(errors, lines.sent.current);
  const mine = said.filter((e) => e.relation === kind.relation.name);
  const [open, setOpen] = useState(first || rows.length > 0);
  const shown = open || mine.length > 0;
  const { columns } = lineFields(object, kind);
  const amount = fieldOf(kind.target, 'amount')?.type === 'money' && staying.length > 1 ? sumOf(rows, 'amount') : null;
  const title = relationLabel(kind.relation, kind.target);
  const Chevron = shown ? ChevronDown : ChevronRight;
  const body = staying.map((row, i) => <Line key={row.key} object={object} kind={kind} row={row} at={i} last={i === staying.length - 1} lines={lines} errors={mine} phone={phone} />);
  const add = () => {
    const key = lines.add(kind);
    setOpen(true);
    setTimeout(() => document.getElementById(lineId(kind.relation.name, key, columns.find((f) => isEditable(f))?.name ?? ''))?.focus(), 30);
  };
  return (
    <section className="lines" aria-label={title} data-relation={kind.relation.name} onKeyDown={(e) => enterGoesOn(e, kind, staying, lines)}>
      <div className="form-sec"><button type="button" aria-expanded={shown} onClick={() => setOpen(!shown)}><Chevron size={14} strokeWidth={1.75} aria-hidden />{title}<span className="muted cap">{staying.length}</span></button></div>
      {shown && (
        <>
          {mine.filter((e) => e.key === null).map((e) => <div key={e.message} className="banner danger" role="alert"><div className="grow">{e.message}</div></div>)}
          {staying.length > 0 && (phone ? <ol className="lines-cards">{body}</ol> : (
            <div className="lines-scroll"><table className="lines-table">
              <thead><tr><th>#</th>{columns.map((f) => <th key={f.name} className={kitOf(f).right ? 'num' : ''}>{fieldLabel(f)}{f.required && <span className="req"> *</span>}</th>)}<th aria-label={t('lines.actions')} /></tr></thead>
              <tbody>{body}</tbody>
            </table></div>
          ))}
          <div className="row lines-foot"><Button size="small" type="text" icon={<Plus size={14} strokeWidth={1.75} />} onClick={add}>{t('lines.add')}</Button><span className="grow" />{amount && <span className="muted">{t('lines.sum')} <b className="num">{formatMoney(amount)}</b></span>}</div>
        </>
      )}
    </section>
  );
}

/** Focus goes to the first line that was refused. */
export function useFocusFirstLineError(errors: FieldError[], lines: LinesState) {
  const seen = useRef(errors);
  useEffect(() => {
    if (seen.current === errors) return;
    seen.current = errors;
    const first = lineErrors(errors, lines.sent.current).find((e) => e.key && e.field);
    if (first) document.getElementById(lineId(first.relation, first.key!, first.field!))?.focus();
  }, [errors, lines.sent]);
}
