// The tree itself: arrows move and open, Enter chooses; the number is of people there, and with those below.
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useRef, type KeyboardEvent } from 'react';
import { Avatar } from '@/components/avatar';
import { linkOf, linkTitle } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import type { Node } from './tree';

interface Props { nodes: Node[]; closed: ReadonlySet<string>; chosen?: string; onChoose: (id: string) => void; onToggle: (id: string) => void }

function Row({ node, open, on, tab, onChoose, onToggle }: { node: Node; open: boolean; on: boolean; tab: boolean; onChoose: () => void; onToggle: () => void }) {
  const manager = linkOf(node.record.manager);
  const Chevron = open ? ChevronDown : ChevronRight;
  const counts = node.children.length ? t('org.people_below', { n: node.people, all: node.all }) : t('org.people', { n: node.people });
  return (
    <div role="treeitem" aria-level={node.depth + 1} aria-expanded={node.children.length ? open : undefined} aria-selected={on} tabIndex={tab ? 0 : -1} data-id={node.id} className={on ? 'tree-row on' : 'tree-row'} style={{ paddingLeft: 12 + node.depth * 20 }} onClick={onChoose}>
      {node.children.length ? <span className="twist" aria-hidden onClick={(e) => { e.stopPropagation(); onToggle(); }}><Chevron size={14} strokeWidth={1.75} /></span> : <span className="twist" />}
      <span className={node.record.is_active === false ? 'cut muted' : 'cut'}>{node.name}{node.record.is_active === false && <span className="chip">{t('org.inactive')}</span>}</span>
      {manager && <span className="person cap soft"><Avatar name={linkTitle(manager)} seed={manager.id} size={18} /><span className="cut">{linkTitle(manager)}</span></span>}
      <span className="cap muted nw count" title={counts}>{node.children.length ? `${node.people} / ${node.all}` : node.people}</span>
    </div>
  );
}

export function DepartmentTree({ nodes, closed, chosen, onChoose, onToggle }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const at = Math.max(0, nodes.findIndex((n) => n.id === chosen));
  const go = (index: number) => {
    const node = nodes[Math.max(0, Math.min(nodes.length - 1, index))];
    if (!node) return;
    onChoose(node.id);
    box.current?.querySelector<HTMLElement>(`[data-id="${node.id}"]`)?.focus();
  };
  const keys = (e: KeyboardEvent) => {
    const node = nodes[at];
    if (!node) return;
    const open = !closed.has(node.id);
    const acts: Record<string, () => void> = {
      ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1), Home: () => go(0), End: () => go(nodes.length - 1),
      ArrowRight: () => { if (node.children.length && !open) onToggle(node.id); else if (node.children.length) go(at + 1); },
      ArrowLeft: () => { if (node.children.length && open) onToggle(node.id); else go(nodes.findIndex((n) => n.id === node.parent)); },
      Enter: () => onChoose(node.id), ' ': () => onChoose(node.id),
    };
    const act = acts[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  };
  return (
    <div className="tree" role="tree" aria-label={t('places.departments')} ref={box} onKeyDown={keys}>
      {nodes.map((n, i) => <Row key={n.id} node={n} open={!closed.has(n.id)} on={n.id === chosen} tab={i === at} onChoose={() => onChoose(n.id)} onToggle={() => onToggle(n.id)} />)}
    </div>
  );
}
