// The department tree: who leads, who deputises, who belongs; made, renamed, moved, deleted where they stand.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Input } from 'antd';
import { Network, Plus, Search } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { linkOf } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import { mayCreate, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { useLive } from '@/lib/use-live';
import { useShell } from '@/record/page/shell-context';
import { mayManage } from '../places';
import { SettingsFrame } from '../settings-frame';
import { departmentsKey, fetchDepartments } from './api';
import { DepartmentPanel } from './department-panel';
import { DepartmentTree } from './department-tree';
import { flat, treeOf, visible, type Node } from './tree';

const FormDrawer = lazy(() => import('@/record/form/form-drawer'));
const MoveDialog = lazy(() => import('./move-dialog'));

export type Doing = { kind: 'new'; parent: Rec | null } | { kind: 'edit'; of: Rec } | { kind: 'move'; of: Rec } | null;
const FIELDS = ['name', 'code', 'kind', 'parent', 'manager', 'deputies', 'region', 'phone', 'position', 'is_active'];

const NONE: ReadonlySet<string> = new Set();

function useTree() {
  const client = useQueryClient();
  const query = useQuery({ queryKey: departmentsKey, queryFn: ({ signal }) => fetchDepartments(signal) });
  useLive(['departments', 'users'], () => { void client.invalidateQueries({ queryKey: departmentsKey }); void client.invalidateQueries({ queryKey: ['related', 'users'] }); });
  return { query, nodes: useMemo(() => treeOf(query.data ?? []), [query.data]) };
}

function Dialogs({ object, doing, nodes, onClose, onMade }: { object: ObjectMeta; doing: NonNullable<Doing>; nodes: Node[]; onClose: () => void; onMade: (r: Rec) => void }) {
  if (doing.kind === 'move') return <MoveDialog object={object} record={doing.of} nodes={nodes} onClose={onClose} />;
  if (doing.kind === 'edit') return <FormDrawer object={object} record={doing.of} only={FIELDS} onClose={onClose} />;
  const parent = doing.parent ? { id: doing.parent.id, title: String(doing.parent.name) } : null;
  return <FormDrawer object={object} only={FIELDS} preset={{ parent, kind: 'department', is_active: true }} title={t('org.new_department')} onClose={onClose} onSaved={onMade} />;
}

function Tree({ object, nodes, onDo, chosen, onChoose, closed, onToggle }: { object: ObjectMeta; nodes: Node[]; onDo: (doing: Doing) => void; chosen?: Node; onChoose: (id: string | null) => void; closed: ReadonlySet<string>; onToggle: (id: string) => void }) {
  const { phone } = useShell();
  const [word, setWord] = useState('');
  const shown = visible(nodes, closed, word);
  const panel = chosen && <DepartmentPanel key={chosen.id} object={object} node={chosen} onDo={onDo} onGone={() => onChoose(chosen.parent)} />;
  return (
    <div className="org">
      <div className="org-tree">
        <div className="role-find"><Input className="find" value={word} onChange={(e) => setWord(e.target.value)} prefix={<Search size={14} strokeWidth={1.75} className="muted" aria-hidden />} placeholder={t('org.find_department')} aria-label={t('org.find_department')} allowClear /></div>
        {shown.length ? <DepartmentTree nodes={shown} closed={word ? NONE : closed} chosen={chosen?.id} onChoose={onChoose} onToggle={onToggle} /> : <p className="muted none">{t('org.none_called', { word })}</p>}
      </div>
      {!phone && <aside className="org-panel">{panel}</aside>}
      {phone && chosen && <Drawer open className="sheet-flush" placement="bottom" size="large" title={chosen.name} onClose={() => onChoose(null)}>{panel}</Drawer>}
    </div>
  );
}

const without = (set: ReadonlySet<string>, id: string): ReadonlySet<string> => new Set([...set].filter((x) => x !== id));

function Departments({ object, doing, onDo, add }: { object: ObjectMeta; doing: Doing; onDo: (doing: Doing) => void; add: React.ReactNode }) {
  const { phone } = useShell();
  const [params, setParams] = useSearchParams();
  const [closed, setClosed] = useState<ReadonlySet<string>>(NONE);
  const { query, nodes } = useTree();
  const chosen = flat(nodes).find((n) => n.id === params.get('of')) ?? (phone ? undefined : nodes[0]);
  const choose = (id: string | null) => setParams(id ? { of: id } : {}, { replace: true });
  const toggle = (id: string) => setClosed((old) => (old.has(id) ? without(old, id) : new Set([...old, id])));
  const made = (r: Rec) => { setClosed((old) => without(old, linkOf(r.parent)?.id ?? '')); choose(r.id); };
  if (query.isPending) return <TableSkeleton columns={3} />;
  if (query.isError) return <ErrorState error={query.error} title={t('org.error')} onRetry={() => void query.refetch()} />;
  return (
    <>
      {nodes.length ? <Tree object={object} nodes={nodes} onDo={onDo} chosen={chosen} onChoose={choose} closed={closed} onToggle={toggle} /> : <PageState icon={Network} title={t('org.no_departments')} text={t('org.no_departments_text')}>{add}</PageState>}
      {doing && <Suspense><Dialogs object={object} doing={doing.kind === 'new' && !doing.parent && chosen ? { kind: 'new', parent: chosen.record } : doing} nodes={nodes} onClose={() => onDo(null)} onMade={made} /></Suspense>}
    </>
  );
}

export default function DepartmentsPage() {
  const catalogue = useCatalogue();
  const { phone } = useShell();
  const [doing, setDoing] = useState<Doing>(null);
  const object = catalogue.byName.get('department');
  const may = mayManage(catalogue, 'department') && !!object;
  const add = object && mayCreate(object) && <Button type="primary" icon={<Plus size={16} strokeWidth={1.75} />} onClick={() => setDoing({ kind: 'new', parent: null })} aria-label={t('org.new_department')}>{phone ? null : t('org.new_department')}</Button>;
  return (
    <SettingsFrame name={t('places.departments')} title={t('places.departments')} may={may} actions={add}>
      {object && <Departments object={object} doing={doing} onDo={setDoing} add={add} />}
    </SettingsFrame>
  );
}
