// One editor for every condition: rows to click together, or the same condition as text. Each reads and writes the expression; going back and forth loses nothing.
import './expression.css';
import { Segmented } from 'antd';
import { useState } from 'react';
import '@/lib/filter-words';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import { readTree, writeTree, type Group, type Node } from '../filter/tree';
import { isComplete } from './offer';
import type { Question } from './check-api';
import { ExpressionInput } from './expression-input';
import { emptyRow, GroupEditor } from './group-editor';

export type Mode = 'rows' | 'text';

interface Props {
  object: string; value: string; onChange: (text: string) => void; label: string; use?: Question['use']; id?: string; help?: string; error?: string; rows?: number; sample?: boolean;
  /** How it opens; text where the text is no whole expression. */
  start?: Mode;
  /** A first empty row stands open. */
  fresh?: boolean;
  /** What Enter does in the text. */
  onEnter?: () => void;
}

/** What is not finished is not part of the condition yet. */
export function finished(node: Group): Group {
  const items = node.items.flatMap((item): Node[] => {
    if (item.kind === 'row') return isComplete(item) ? [item] : [];
    if (item.kind === 'group') { const inner = finished(item); return inner.items.length ? [inner] : []; }
    if (item.kind === 'children') { const inner = finished(item.group); return item.quantifier === 'all' && !inner.items.length ? [] : [{ ...item, group: inner }]; }
    return item.text.trim() ? [item] : [];
  });
  return { ...node, items };
}

export function ConditionEditor({ object, value, onChange, label, use = 'condition', id, help, error, rows, sample, start = 'rows', fresh, onEnter }: Props) {
  const meta = useCatalogue().byName.get(object);
  const [mode, setMode] = useState<Mode>(() => (start === 'rows' && meta && readTree(value) ? 'rows' : 'text'));
  const [held, setHeld] = useState(() => ({ text: value, tree: withRow(readTree(value), !!fresh) }));
  // The text of others wins over the tree that was made from an older one.
  const tree = held.text === value && held.tree ? held.tree : readTree(value);
  const shown = mode === 'rows' && tree && meta ? 'rows' : 'text';
  const put = (next: Node) => {
    const text = writeTree(finished(next as Group));
    setHeld({ text, tree: next as Group });
    if (text !== value) onChange(text);
  };
  const modes = [{ value: 'rows', label: t('filter.rows'), disabled: !tree || !meta }, { value: 'text', label: t('filter.as_text') }];
  return (
    <div className="cond-edit">
      <div className="ce-top"><span className="lab">{label}</span><Segmented size="small" value={shown} onChange={(m: string) => setMode(m as Mode)} options={modes} aria-label={t('filter.mode')} /></div>
      {shown === 'rows' && tree && meta ? (
        <>
          {!tree.items.length && help && <div className="help">{help}</div>}
          <GroupEditor object={meta} node={tree} fresh={fresh} onChange={put} />
          {error && <div className="expr-error" role="alert">{error}</div>}
        </>
      ) : (
        <ExpressionInput id={id} object={object} use={use} value={value} onChange={onChange} label={label} bare help={help ?? (tree ? undefined : t('filter.unreadable'))} error={error} rows={rows} sample={sample} onEnter={onEnter} />
      )}
    </div>
  );
}

function withRow(tree: Group | null, fresh: boolean): Group | null {
  return tree && fresh ? { ...tree, items: [...tree.items, emptyRow()] } : tree;
}
