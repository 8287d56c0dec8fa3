// What a pasted table would change: old and new value of each cell, what is refused and why. Nothing is written before one agrees; then it is one batch.
import './cells.css';
import { Button, Modal } from 'antd';
import { fieldLabel } from '@/lib/meta';
import { addMessages, t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';
import type { ObjectMeta } from '@/lib/types';
import en from '@/locales/en/cells.json';
import zh from '@/locales/zh-CN/cells.json';
import type { Column } from '../page/columns';
import { recordTitle } from '../page/record-mark';
import { MAX_ROWS, type Cell, type Line } from './cell-lines';
import { usePaste, type PasteProps, type Step } from './use-paste';

addMessages({ 'zh-CN': zh, en });

/** So many rows are drawn, and beyond them those with a mistake. */
const DRAWN = 200;

const Shown = ({ cell }: { cell: Cell }) => (
  <td className={cell.error ? 'bad' : cell.changed ? 'new' : 'same'} title={cell.error}>
    {cell.changed && cell.old && <s>{cell.old}</s>}<span>{cell.text.trim() || (cell.changed ? t('value.empty') : cell.old)}</span>
    {cell.error && <em>{cell.error}</em>}
  </td>
);

function Table({ object, first, heads, lines }: { object: ObjectMeta; first: Column; heads: Column[]; lines: Line[] }) {
  const shown = lines.filter((l, i) => i < DRAWN || l.cells.some((c) => c.error)).slice(0, MAX_ROWS);
  return (
    <>
      <div className="paste-table" tabIndex={0} role="group" aria-label={t('cells.title')}>
        <table>
          <thead><tr><th scope="col">{fieldLabel(first.field)}</th>{heads.map((c) => <th key={c.field.name} scope="col">{fieldLabel(c.field)}</th>)}</tr></thead>
          <tbody>{shown.map((l) => <tr key={l.record.id}><th scope="row">{recordTitle(object, l.record)}</th>{l.cells.map((c) => <Shown key={c.column.field.name} cell={c} />)}</tr>)}</tbody>
        </table>
      </div>
      {shown.length < lines.length && <p className="muted cap">{t('cells.not_drawn', { n: lines.length - shown.length })}</p>}
    </>
  );
}

/** The same place says how far it is and what will come of it. */
function stateText(step: Step, { done, total }: { done: number; total: number }, good: number, bad: number): string {
  const far = total > 0 ? ` ${formatNumber(done)} / ${formatNumber(total)}` : '';
  if (step === 'loading') return t('cells.loading');
  if (step === 'trying') return t('cells.trying') + far;
  if (step === 'writing') return t('cells.writing') + far;
  if (step === 'stopping') return t('cells.stopping');
  return t('cells.counts', { n: good }) + (bad > 0 ? ` · ${t('cells.left_out', { n: bad })}` : '');
}

export default function PasteDialog(props: PasteProps) {
  const { object, columns, paste: { start, grid, from } } = props;
  const { lines, step, failure, progress, write, stop } = usePaste(props);
  const cells = lines.flatMap((l) => l.cells);
  const bad = cells.filter((c) => c.error).length;
  const good = cells.filter((c) => c.changed && !c.error).length;
  const beyond = step !== 'loading' && (grid.length > lines.length || grid.some((r) => r.length > columns.length - start.col));
  const share = progress.total > 0 ? (progress.done / progress.total) * 100 : 0;
  const busy = step === 'trying' || step === 'writing' || step === 'stopping';
  const heads = columns.slice(start.col, start.col + lines.reduce((most, l) => Math.max(most, l.cells.length), 0));
  return (
    <Modal open onCancel={stop} mask={{ closable: false }} width={880} title={t(from ? 'cells.fill' : 'cells.title')} className="paste-dialog" footer={<>
      <span className="muted cap" role="status">{stateText(step, progress, good, bad)}</span>
      <Button onClick={stop} disabled={step === 'stopping'}>{t('action.cancel')}</Button>
      <Button type="primary" loading={step === 'writing' || step === 'stopping'} disabled={step !== 'ready' || !good} onClick={() => void write()}>{t('cells.write')}</Button>
    </>}>
      {failure && <div className="banner danger" role="alert"><div className="grow">{failure}</div></div>}
      {beyond && <p className="muted cap">{t('cells.beyond', { n: formatNumber(MAX_ROWS) })}</p>}
      {busy && progress.total > 0 && <div className="bar" role="progressbar" aria-label={stateText(step, progress, good, bad)} aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100}><i style={{ width: `${share}%` }} /></div>}
      {lines.length > 0 && <Table object={object} first={columns[0]!} heads={heads} lines={lines} />}
    </Modal>
  );
}
