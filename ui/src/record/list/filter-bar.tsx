// Chips of the filter in force, a condition to add, the same filter as text.
import { Button, Popover } from 'antd';
import { ArrowDownUp, CodeXml, Plus, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { ApiProblem } from '@/lib/api';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, titleField, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { clausesOf, joinAnd, type Clause } from '../filter/expression';
import { chipWords } from '../filter/words';
import { ColumnPicker } from './column-picker';
import { FindBox } from './find-box';
import { ExpressionEditor } from './expression-editor';
import type { ListState } from './list-view';
import type { useChosenColumns } from './use-chosen-columns';
import { parseSort } from './use-list-state';

const Condition = lazy(() => import('../filter/condition'));

function Chip({ object, clause, onDrop, onChange }: { object: ObjectMeta; clause: Clause; onDrop: () => void; onChange: (text: string) => void }) {
  const words = chipWords(useCatalogue(), object, clause);
  const [open, setOpen] = useState(false);
  const editable = words && clause.operator !== 'in' && !clause.path?.includes('.');
  const parts = words && <><span>{words.field}</span><span>{words.operator}</span>{words.value && <span className="cut"><b>{words.value}</b></span>}</>;
  const change = (text: string) => { setOpen(false); onChange(text); };
  return (
    <span className="fchip" title={clause.text}>
      {!parts && <span className="cut"><code>{clause.text}</code></span>}
      {parts && !editable && parts}
      {parts && editable && (
        <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomLeft" arrow={false} content={<Suspense fallback={<div className="cond" />}>{open && <Condition object={object} start={clause} onAdd={change} />}</Suspense>}>
          <button type="button" className="edit" title={t('filter.edit', { text: clause.text })}>{parts}</button>
        </Popover>
      )}
      <button type="button" aria-label={t('filter.drop', { text: clause.text })} onClick={onDrop}><X size={12} strokeWidth={1.75} aria-hidden /></button>
    </span>
  );
}

const SortNote = ({ object, sort }: { object: ObjectMeta; sort: string }) => {
  const key = parseSort(sort)[0];
  const field = key && fieldOf(object, key.field);
  return field ? <span className="row gap4 soft cap nw"><ArrowDownUp size={14} strokeWidth={1.75} aria-hidden />{fieldLabel(field)} {t(key.down ? 'sort.down' : 'sort.up')}</span> : null;
};

const titleLabel = (object: ObjectMeta): string => { const f = fieldOf(object, titleField(object)); return f ? fieldLabel(f) : ''; };

interface Props { object: ObjectMeta; state: ListState; error: unknown; columns?: ReturnType<typeof useChosenColumns> }

export function FilterBar({ object, state, error, columns }: Props) {
  const clauses = clausesOf(state.filter);
  const wrong = error instanceof ApiProblem && error.code === 'bad_expression' ? error : null;
  const [asText, setAsText] = useState(false);
  const [adding, setAdding] = useState(false);
  const add = (text: string) => { setAdding(false); state.setFilter(joinAnd([state.filter, text])); };
  return (
    <>
      <div className="toolbar filters">
        {clauses.length > 0 && <div className="chips">{clauses.map((c, i) => <Chip key={c.text + i} object={object} clause={c} onDrop={() => state.setFilter(joinAnd(clauses.filter((x) => x !== c).map((x) => x.text)))} onChange={(text) => state.setFilter(joinAnd(clauses.map((x) => (x === c ? text : x.text))))} />)}</div>}
        <Popover trigger="click" open={adding} onOpenChange={setAdding} placement="bottomLeft" arrow={false} content={<Suspense fallback={<div className="cond" />}>{adding && <Condition object={object} onAdd={add} />}</Suspense>}>
          <Button type="text" size="small" icon={<Plus size={14} strokeWidth={1.75} />}>{t('filter.condition')}</Button>
        </Popover>
        <Button type="text" size="small" icon={<CodeXml size={14} strokeWidth={1.75} />} aria-expanded={asText || !!wrong} onClick={() => setAsText(!asText)}>{t('filter.expression')}</Button>
        {clauses.length > 1 && <Button type="text" size="small" onClick={() => state.setFilter('')}>{t('filter.clear')}</Button>}
        <span className="row end gap12"><FindBox find={state.find} onFind={state.setFind} label={state.searched ? t('filter.find_all') : t('filter.find', { field: titleLabel(object) })} /><SortNote object={object} sort={state.sort} />{columns && <ColumnPicker object={object} shown={columns.columns.slice(1).map((c) => c.field.name)} onChange={columns.choose} />}</span>
      </div>
      {(asText || wrong) && <ExpressionEditor key={state.filter} filter={state.filter} viewFilter={state.view.filter ?? ''} problem={wrong} onApply={state.setFilter} onClose={() => setAsText(false)} />}
    </>
  );
}
