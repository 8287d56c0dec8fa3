// A group of conditions: all of them or any, one inside another; conditions on related records; text where no row fits.
import { Button, Checkbox, Input, Segmented, Select } from 'antd';
import { ListTree, Plus, X, CodeXml } from 'lucide-react';
import { useMemo } from 'react';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import { mayRead, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Relation } from '@/lib/types';
import { relationLabel } from '../page/relation-label';
import type { Row, RowOperator } from '../filter/row';
import { group as newGroup, type Children, type Group, type Join, type Node, type Quantifier, writeTree } from '../filter/tree';
import { resolvePath } from '../filter/words';
import { canShow, fieldOffers, keptValues, operatorsOf, startValues } from './offer';
import { ValueInput } from './value-input';

const RELATION = ' ';
export const emptyRow = (): Row => ({ kind: 'row', path: '', operator: 'eq', values: [] });

interface NodeProps<T> { object: ObjectMeta; node: T; fresh?: boolean; onChange: (node: Node) => void; onRemove: () => void }

function relationsOf(object: ObjectMeta, byName: Map<string, ObjectMeta>): Relation[] {
  return (object.relations ?? []).filter((r) => { const target = byName.get(r.object); return target && mayRead(target); });
}

function FieldPick({ object, path, fresh, onPick }: { object: ObjectMeta; path: string; fresh?: boolean; onPick: (path: string) => void }) {
  const catalogue = useCatalogue();
  const options = useMemo(() => {
    const own = fieldOffers(catalogue, object);
    const related = relationsOf(object, catalogue.byName).map((r) => ({ value: RELATION + r.name, label: relationLabel(r, catalogue.byName.get(r.object)), title: r.name }));
    const known = !path || own.some((o) => o.value === path) ? [] : [{ value: path, label: resolvePath(catalogue, object, path)?.words ?? path, title: path }];
    return [{ label: t('filter.own'), options: [...known, ...own] }, ...(related.length ? [{ label: t('filter.related'), options: related }] : [])];
  }, [catalogue, object, path]);
  return <Select value={path || undefined} onChange={onPick} options={options} showSearch={{ optionFilterProp: 'label' }} placeholder={t('filter.field')} aria-label={t('filter.field')} popupMatchSelectWidth={320} autoFocus={fresh} defaultOpen={fresh} listHeight={320} />;
}

function RowEditor({ object, node, fresh, onChange, onRemove }: NodeProps<Row>) {
  const catalogue = useCatalogue();
  const field = node.path ? resolvePath(catalogue, object, node.path)?.field : undefined;
  const pick = (path: string) => {
    if (path.startsWith(RELATION)) return onChange({ kind: 'children', quantifier: 'any', relation: path.slice(1), group: newGroup([emptyRow()]) });
    const next = resolvePath(catalogue, object, path)?.field;
    const operator = next ? operatorsOf(object, next)[0]! : 'eq';
    onChange({ ...node, path, operator, values: next ? startValues(next, operator) : [] });
  };
  const compare = (operator: RowOperator) => onChange({ ...node, operator, values: field ? keptValues(node, field, operator) : [] });
  return (
    <div className="crow">
      <FieldPick object={object} path={node.path} fresh={fresh && !node.path} onPick={pick} />
      {field ? <Select value={node.operator} onChange={compare} options={operatorsOf(object, field).map((o) => ({ value: o, label: t(`operator.${o}`) }))} aria-label={t('filter.operator')} popupMatchSelectWidth={false} /> : <span />}
      <div className="val">{field && <ValueInput key={`${node.path.replace(/\.(province|city)$/, '.place')} ${node.operator}`} object={object} field={field} row={node} onChange={(values, path = node.path) => onChange({ ...node, path, values })} />}</div>
      <IconButton small icon={X} label={t('filter.remove')} onClick={onRemove} />
    </div>
  );
}

function TextEditor({ text, fresh, onChange, onRemove }: { text: string; fresh?: boolean; onChange: (node: Node) => void; onRemove: () => void }) {
  return (
    <div className="crow text">
      <Input.TextArea value={text} rows={1} className="code fits" spellCheck={false} autoFocus={fresh} onChange={(e) => onChange({ kind: 'text', text: e.target.value })} placeholder={t('filter.example')} aria-label={t('filter.text_row')} />
      <IconButton small icon={X} label={t('filter.remove')} onClick={onRemove} />
    </div>
  );
}

function ChildrenEditor({ object, node, onChange, onRemove }: NodeProps<Children>) {
  const { byName } = useCatalogue();
  const relations = relationsOf(object, byName);
  const target = byName.get(relations.find((r) => r.name === node.relation)?.object ?? '');
  const set = (part: Partial<Children>) => onChange({ ...node, ...part });
  return (
    <div className="cgroup">
      <div className="crow kids">
        <Select value={node.quantifier} onChange={(quantifier: Quantifier) => set({ quantifier })} options={(['any', 'none', 'all'] as const).map((q) => ({ value: q, label: t(`filter.quantifier.${q}`) }))} aria-label={t('filter.quantifier')} />
        <Select value={node.relation} onChange={(relation: string) => set({ relation, group: newGroup([emptyRow()]) })} options={relations.map((r) => ({ value: r.name, label: relationLabel(r, byName.get(r.object)) }))} aria-label={t('filter.relation')} popupMatchSelectWidth={false} showSearch={{ optionFilterProp: 'label' }} />
        <span className="soft nw">{t('filter.which')}</span>
        <IconButton small icon={X} label={t('filter.remove')} onClick={onRemove} />
      </div>
      {target && <GroupEditor object={target} node={node.group} onChange={(next) => set({ group: next as Group })} />}
    </div>
  );
}

function NodeEditor({ object, node, ...rest }: NodeProps<Node>) {
  const catalogue = useCatalogue();
  const text = { fresh: rest.fresh, onChange: rest.onChange, onRemove: rest.onRemove };
  if (node.kind === 'group') return <GroupEditor object={object} node={node} onChange={rest.onChange} onRemove={rest.onRemove} />;
  if (node.kind === 'children' && relationsOf(object, catalogue.byName).some((r) => r.name === node.relation)) return <ChildrenEditor object={object} node={node} {...rest} />;
  if (node.kind === 'row' && canShow(catalogue, object, node)) return <RowEditor object={object} node={node} {...rest} />;
  return <TextEditor text={node.kind === 'text' ? node.text : writeTree(node)} {...text} />;
}

interface GroupProps { object: ObjectMeta; node: Group; fresh?: boolean; onChange: (node: Node) => void; onRemove?: () => void }

export function GroupEditor({ object, node, fresh, onChange, onRemove }: GroupProps) {
  const put = (items: Node[]) => onChange({ ...node, items });
  const inner = !!onRemove;
  return (
    <div className="cgroup" role="group" aria-label={t(node.join === 'or' ? 'filter.any_of' : 'filter.all_of')}>
      {(inner || node.items.length > 1) && (
        <div className="head">
          <Segmented size="small" value={node.join} onChange={(join: Join) => onChange({ ...node, join })} options={[{ value: 'and', label: t('filter.all_of') }, { value: 'or', label: t('filter.any_of') }]} aria-label={t('filter.join')} />
          {inner && <Checkbox checked={node.not} onChange={(e) => onChange({ ...node, not: e.target.checked })}>{t('filter.negate')}</Checkbox>}
          {inner && <span className="end"><IconButton small icon={X} label={t('filter.remove_group')} onClick={onRemove} /></span>}
        </div>
      )}
      {node.items.map((item, i) => <NodeEditor key={i} object={object} node={item} fresh={fresh && i === node.items.length - 1} onChange={(next) => put(node.items.map((x, j) => (j === i ? next : x)))} onRemove={() => put(node.items.filter((_, j) => j !== i))} />)}
      <div className="add">
        <Button type="text" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => put([...node.items, emptyRow()])}>{t('filter.add_row')}</Button>
        <Button type="text" size="small" icon={<ListTree size={14} strokeWidth={1.75} />} onClick={() => put([...node.items, newGroup([emptyRow()], node.join === 'and' ? 'or' : 'and')])}>{t('filter.add_group')}</Button>
        <Button type="text" size="small" icon={<CodeXml size={14} strokeWidth={1.75} />} onClick={() => put([...node.items, { kind: 'text', text: '' }])}>{t('filter.add_text')}</Button>
      </div>
    </div>
  );
}
