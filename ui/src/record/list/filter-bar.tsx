// Chips of the filter in force, a condition to add, the same filter as text.
import { Button, Popover } from 'antd';
import { CodeXml, Plus, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { ApiProblem } from '@/lib/api';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf, titleField, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { clausesOf, joinAnd } from '../filter/expression';
import type { Row } from '../filter/row';
import { readTree } from '../filter/tree';
import { useTitles } from '../filter/use-titles';
import { chipWords, resolvePath } from '../filter/words';
import { ColumnPicker } from './column-picker';
import { FindBox } from './find-box';
import type { ListState } from './list-view';
import type { useChosenColumns } from './use-chosen-columns';
import { GroupMenu, SortMenu } from './sort-menu';

const FilterPop = lazy(() => import('../expression/filter-pop'));
const FilterPanel = lazy(() => import('../expression/filter-panel'));

/** The row that a piece of the filter is, if it is one. */
function rowOf(text: string): Row | null {
  const [only, more] = readTree(text)?.items ?? [];
  return only?.kind === 'row' && !more ? only : null;
}

function Chip({ object, text, onDrop, onChange }: { object: ObjectMeta; text: string; onDrop: () => void; onChange: (text: string) => void }) {
  const catalogue = useCatalogue();
  const [open, setOpen] = useState(false);
  const row = rowOf(text);
  const titles = useTitles(row ? resolvePath(catalogue, object, row.path)?.field : undefined, row?.values ?? []);
  const words = row && chipWords(catalogue, object, row, titles);
  const change = (next: string) => { setOpen(false); onChange(next); };
  return (
    <span className="fchip" title={text}>
      <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomLeft" arrow={false} content={<Suspense fallback={<div className="cond" />}>{open && <FilterPop object={object} start={text} onApply={change} onClose={() => setOpen(false)} />}</Suspense>}>
        <button type="button" className="edit" title={t('filter.edit', { text })}>{words ? <><span>{words.field}</span><span>{words.operator}</span>{words.value && <span className="cut"><b>{words.value}</b></span>}</> : <span className="cut"><code>{text}</code></span>}</button>
      </Popover>
      <button type="button" aria-label={t('filter.drop', { text })} onClick={onDrop}><X size={12} strokeWidth={1.75} aria-hidden /></button>
    </span>
  );
}

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
        {clauses.length > 0 && <div className="chips">{clauses.map((c, i) => <Chip key={c + i} object={object} text={c} onDrop={() => state.setFilter(joinAnd(clauses.filter((_, j) => j !== i)))} onChange={(text) => state.setFilter(joinAnd(clauses.map((x, j) => (j === i ? text : x))))} />)}</div>}
        <Popover trigger="click" open={adding} onOpenChange={setAdding} placement="bottomLeft" arrow={false} content={<Suspense fallback={<div className="cond" />}>{adding && <FilterPop object={object} onApply={add} onClose={() => setAdding(false)} />}</Suspense>}>
          <Button type="text" size="small" icon={<Plus size={14} strokeWidth={1.75} />}>{t('filter.condition')}</Button>
        </Popover>
        <Button type="text" size="small" icon={<CodeXml size={14} strokeWidth={1.75} />} aria-expanded={asText || !!wrong} onClick={() => setAsText(!asText)}>{t('filter.expression')}</Button>
        {clauses.length > 1 && <Button type="text" size="small" onClick={() => state.setFilter('')}>{t('filter.clear')}</Button>}
        <span className="row end gap12"><FindBox find={state.find} onFind={state.setFind} label={state.searched ? t('filter.find_all') : t('filter.find', { field: titleLabel(object) })} /><span className="row">{state.ordered && <SortMenu object={object} state={state} />}{columns && <><GroupMenu object={object} state={state} /><ColumnPicker object={object} columns={columns} /></>}</span></span>
      </div>
      <Suspense>{(asText || wrong) && <FilterPanel key={state.filter} object={object} filter={state.filter} problem={wrong} onApply={state.setFilter} onClose={() => setAsText(false)} />}</Suspense>
    </>
  );
}
