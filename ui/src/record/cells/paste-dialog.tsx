// What a pasted table would change: old and new value of each cell, what is refused and why. Nothing is written before one agrees; then it is one batch.
import './cells.css';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { failureText } from '@/components/state';
import { fieldText } from '@/fields/fields';
import { addMessages, t } from '@/lib/i18n';
import { fieldLabel, useCatalogue, type Catalogue } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import en from '@/locales/en/cells.json';
import zh from '@/locales/zh-CN/cells.json';
import { isCellEditable, type Place } from '../list/use-cells';
import type { Column } from '../page/columns';
import { recordTitle } from '../page/record-mark';
import { readCell } from './cell-values';
import { MAX_ROWS, refusalOf, tryCells, writeCells, type Change } from './write-cells';

addMessages({ 'zh-CN': zh, en });

interface Props { object: ObjectMeta; columns: Column[]; rows: Rec[]; start: Place; grid: string[][]; onClose: () => void }
export interface Cell { column: Column; old: string; text: string; value?: unknown; error?: string; changed: boolean }
export interface Line { record: Rec; cells: Cell[] }

const MAX_TRIES = 40;

function cellOf(catalogue: Catalogue, object: ObjectMeta, record: Rec, column: Column, text: string): Cell {
  const now = record[column.field.name];
  const old = fieldText(column.field, now);
  if (!isCellEditable(object, column)) return { column, old, text, changed: text.trim() !== old, error: text.trim() === old ? undefined : t('cells.fixed') };
  if (text.trim() === old) return { column, old, text, changed: false };
  const read = readCell(catalogue, column.field, text, now);
  return read.ok ? { column, old, text, value: read.value, changed: true } : { column, old, text, changed: true, error: t('cells.unread') };
}

export function linesOf(catalogue: Catalogue, { object, columns, rows, start, grid }: Omit<Props, 'onClose'>): Line[] {
  return grid.slice(0, Math.min(MAX_ROWS, rows.length - start.row)).map((texts, i) => {
    const record = rows[start.row + i]!;
    return { record, cells: texts.slice(0, columns.length - start.col).map((text, j) => cellOf(catalogue, object, record, columns[start.col + j]!, text)) };
  });
}

export const changesOf = (lines: Line[]): Change[] => lines.flatMap(({ record, cells }) => {
  const good = cells.filter((c) => c.changed && !c.error);
  return good.length ? [{ record, values: Object.fromEntries(good.map((c) => [c.column.field.name, c.value])) }] : [];
});

const refuse = (lines: Line[], id: string, field: string | null, message: string): Line[] =>
  lines.map((line) => (line.record.id !== id ? line : { ...line, cells: line.cells.map((c) => (c.changed && !c.error && (!field || c.column.field.name === field || !line.cells.some((x) => x.column.field.name === field)) ? { ...c, error: message } : c)) }));

/** The server looks at all of it; what it refuses is marked and left out, and the rest looked at again. */
async function checked(object: ObjectMeta, from: Line[]): Promise<Line[]> {
  let lines = from;
  for (let i = 0; i < MAX_TRIES; i++) {
    const changes = changesOf(lines);
    if (!changes.length) return lines;
    try {
      await tryCells(object, changes);
      return lines;
    } catch (e) {
      const refused = refusalOf(e);
      const record = refused && changes[refused.index]?.record;
      if (!refused || !record) throw e;
      lines = refuse(lines, record.id, refused.field, refused.message);
    }
  }
  return lines;
}

const Shown = ({ cell }: { cell: Cell }) => (
  <td className={cell.error ? 'bad' : cell.changed ? 'new' : 'same'} title={cell.error}>
    {cell.changed && cell.old && <s>{cell.old}</s>}<span>{cell.text.trim() || (cell.changed ? t('value.empty') : cell.old)}</span>
    {cell.error && <em>{cell.error}</em>}
  </td>
);

export default function PasteDialog(props: Props) {
  const { object, columns, rows, start, grid, onClose } = props;
  const catalogue = useCatalogue();
  const client = useQueryClient();
  const read = useMemo(() => linesOf(catalogue, { object, columns, rows, start, grid }), []); // eslint-disable-line react-hooks/exhaustive-deps -- what was pasted, on the rows of that moment
  const [lines, setLines] = useState(read);
  const [state, setState] = useState<'trying' | 'ready' | 'writing'>('trying');
  const [failure, setFailure] = useState('');
  useEffect(() => {
    let gone = false;
    checked(object, read).then((l) => { if (!gone) { setLines(l); setState('ready'); } }, (e: unknown) => { if (!gone) { setFailure(failureText(e)); setState('ready'); } });
    return () => { gone = true; };
  }, [object, read]);
  const cells = lines.flatMap((l) => l.cells);
  const bad = cells.filter((c) => c.error).length;
  const good = cells.filter((c) => c.changed && !c.error).length;
  const left = grid.length - lines.length + (grid[0]!.length > columns.length - start.col ? 1 : 0);
  const write = async () => {
    setState('writing');
    try {
      await writeCells(client, object, changesOf(lines));
      onClose();
    } catch (e) {
      setFailure(failureText(e));
      setState('ready');
    }
  };
  const heads = columns.slice(start.col, start.col + Math.max(...lines.map((l) => l.cells.length), 0));
  return (
    <Modal open onCancel={onClose} width={880} title={t('cells.title')} className="paste-dialog" footer={<>
      <span className="muted cap" role="status">{state === 'trying' ? t('cells.trying') : t('cells.counts', { n: good })}{bad > 0 && ` · ${t('cells.left_out', { n: bad })}`}</span>
      <Button onClick={onClose}>{t('action.cancel')}</Button>
      <Button type="primary" loading={state === 'writing'} disabled={state !== 'ready' || !good} onClick={() => void write()}>{t('cells.write')}</Button>
    </>}>
      {failure && <div className="banner danger" role="alert"><div className="grow">{failure}</div></div>}
      {left > 0 && <p className="muted cap">{t('cells.beyond', { n: MAX_ROWS })}</p>}
      <div className="paste-table" tabIndex={0} role="group" aria-label={t('cells.title')}>
        <table>
          <thead><tr><th scope="col">{fieldLabel(columns[0]!.field)}</th>{heads.map((c) => <th key={c.field.name} scope="col">{fieldLabel(c.field)}</th>)}</tr></thead>
          <tbody>{lines.map((l) => <tr key={l.record.id}><th scope="row">{recordTitle(object, l.record)}</th>{l.cells.map((c) => <Shown key={c.column.field.name} cell={c} />)}</tr>)}</tbody>
        </table>
      </div>
    </Modal>
  );
}
