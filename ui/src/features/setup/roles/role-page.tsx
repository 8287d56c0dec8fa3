// One role: objects × actions, fields, system rights, who holds it. Changes wait below until they are previewed and saved.
import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Input, Switch } from 'antd';
import { Copy, Ellipsis, PencilLine, RotateCcw, Search, ShieldCheck, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { groupByArea } from '@/lib/areas';
import { t } from '@/lib/i18n';
import { maySystem, useSignedIn } from '@/lib/me';
import { mayCreate, mayDelete, mayUpdate, pluralLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { useDelete } from '@/record/data/use-delete';
import { NotFoundPage } from '@/record/page/not-found';
import { useShell } from '@/record/page/shell-context';
import { SettingsFrame } from '../settings-frame';
import { ALMIGHTY, fetchHolders, fetchRoles, roleName, rolesKey, type Role } from './api';
import { BothChanged } from './both-changed';
import type { Action } from './matrix';
import { PhoneObjects } from './phone-objects';
import { RoleMatrix } from './role-matrix';
import { SystemRights } from './system-rights';
import { useRoleDraft, type RoleDraft } from './use-role-draft';

const ObjectDrawer = lazy(() => import('./object-drawer'));
const PreviewDrawer = lazy(() => import('./preview-drawer'));
const RoleDrawer = lazy(() => import('./role-drawer'));
const FormDrawer = lazy(() => import('@/record/form/form-drawer'));

function Holders({ role }: { role: Role }) {
  const { data } = useQuery({ queryKey: ['related', 'users', 'holders', role.id], queryFn: ({ signal }) => fetchHolders(role.id, signal) });
  if (!data) return null;
  const n = data.count?.value ?? data.items.length;
  return <Link className="cap nw" to={`/settings/people?role=${role.code}`}>{t('roles.holders', { n })}</Link>;
}

function ChangesBar({ draft, onPreview }: { draft: RoleDraft; onPreview: () => void }) {
  const { changes } = draft;
  const parts = [changes.cells > 0 && t('roles.cells', { n: changes.cells }), changes.fields > 0 && t('roles.fields_changed', { n: changes.fields }), changes.system && t('roles.system_changed')].filter(Boolean);
  if (!parts.length) return null;
  return (
    <div className="changes-bar" role="status">
      <span className="dot" aria-hidden /><span className="cut">{parts.join(t('list.separator'))}{draft.restored && <span className="muted"> · {t('form.restored')}</span>}</span>
      <span className="row end nw"><Button icon={<RotateCcw size={14} strokeWidth={1.75} />} type="text" onClick={draft.discard}>{t('roles.discard')}</Button><Button type="primary" onClick={onPreview}>{t('roles.preview')}</Button></span>
    </div>
  );
}

function RoleMenu({ role, onCopy }: { role: Role; onCopy: () => void }) {
  const { byName } = useCatalogue();
  const object = byName.get('role')!;
  const navigate = useNavigate();
  const remove = useDelete(object);
  const [editing, setEditing] = useState(false);
  const items = [
    ...(mayCreate(object) ? [{ key: 'copy', icon: <Copy size={14} strokeWidth={1.75} />, label: t('roles.copy'), onClick: onCopy }] : []),
    ...(mayUpdate(object) ? [{ key: 'edit', icon: <PencilLine size={14} strokeWidth={1.75} />, label: t('roles.rename'), onClick: () => setEditing(true) }] : []),
    ...(mayDelete(object) && !role.is_preset ? [{ key: 'delete', icon: <Trash2 size={14} strokeWidth={1.75} />, label: t('action.delete'), danger: true, onClick: () => void remove([role as unknown as Rec], () => void navigate('/settings/roles')) }] : []),
  ];
  return (
    <>
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight"><Button icon={<Ellipsis size={16} strokeWidth={1.75} />} aria-label={t('action.more')} /></Dropdown>
      {editing && <Suspense><FormDrawer object={object} record={role as unknown as Rec} only={['name', 'name_en', 'description']} onClose={() => setEditing(false)} /></Suspense>}
    </>
  );
}

function useShown(objects: ObjectMeta[], draft: RoleDraft, word: string, only: boolean) {
  const wanted = word.trim().toLowerCase();
  const shown = objects.filter((o) => (!wanted || `${pluralLabel(o)} ${o.object}`.toLowerCase().includes(wanted)) && (!only || draft.changes.objects.includes(o.object)));
  return groupByArea(shown);
}

type Tab = 'objects' | 'system';
interface Shown { word: string; only: boolean }
interface BarProps { role: Role; draft: RoleDraft; tab: Tab; setTab: (tab: Tab) => void; shown: Shown; onShown: (shown: Shown) => void }

function RoleBar({ role, draft, tab, setTab, shown, onShown }: BarProps) {
  const { phone } = useShell();
  const tabs = (['objects', 'system'] as const).map((x) => <button key={x} type="button" role="tab" aria-selected={tab === x} className={tab === x ? 'on' : ''} onClick={() => setTab(x)}>{t(`roles.tab_${x}`)}{x === 'system' && <em>{draft.draft.system.length}</em>}</button>);
  const find = tab === 'objects' && <Input className="find" value={shown.word} onChange={(e) => onShown({ ...shown, word: e.target.value })} prefix={<Search size={14} strokeWidth={1.75} className="muted" aria-hidden />} placeholder={t('roles.find_object')} aria-label={t('roles.find_object')} allowClear size={phone ? 'middle' : 'small'} />;
  const wide = !phone && tab === 'objects';
  return (
    <>
      <div className="toolbar line role-bar"><div className="tabs" role="tablist">{tabs}</div><span className="row end gap16">{wide && <label className="row cap soft nw"><Switch size="small" checked={shown.only} onChange={(only) => onShown({ ...shown, only })} aria-label={t('roles.only_changed')} />{t('roles.only_changed')}</label>}{wide && find}<Holders role={role} /></span></div>
      {phone && find && <div className="role-find">{find}</div>}
    </>
  );
}

function Objects({ draft, fixed, shown, onAll, onObject }: { draft: RoleDraft; fixed: boolean; shown: Shown; onAll: () => void; onObject: (of: ObjectMeta, action?: Action) => void }) {
  const { meta } = useCatalogue();
  const { phone } = useShell();
  const groups = useShown(meta.objects, draft, shown.word, shown.only);
  if (!groups.length) return <PageState icon={Search} title={t('roles.no_object')} text={shown.only ? t('roles.no_changes') : t('roles.no_object_text', { word: shown.word })}><Button onClick={onAll}>{t('roles.show_all')}</Button></PageState>;
  return phone ? <PhoneObjects groups={groups} draft={draft} onObject={onObject} /> : <RoleMatrix groups={groups} draft={draft} fixed={fixed} onObject={onObject} />;
}

const ALL: Shown = { word: '', only: false };

function RoleView({ role }: { role: Role }) {
  const draft = useRoleDraft(role.code);
  const [tab, setTab] = useState<Tab>('objects');
  const [shown, setShown] = useState(ALL);
  const [object, setObject] = useState<{ of: ObjectMeta; action?: Action } | null>(null);
  const [preview, setPreview] = useState(false);
  const [stale, setStale] = useState(0);
  const fixed = role.code === ALMIGHTY;
  const { isPending, isError, error, isSuccess, refetch } = draft.query;
  return (
    <>
      <RoleBar role={role} draft={draft} tab={tab} setTab={setTab} shown={shown} onShown={setShown} />
      {fixed && <div className="banner info"><ShieldCheck size={16} strokeWidth={1.75} aria-hidden /><div className="grow">{t('roles.almighty')}</div></div>}
      <BothChanged both={draft.both} />
      {isPending && <TableSkeleton columns={9} />}
      {isError && <ErrorState error={error} title={t('roles.error')} onRetry={() => void refetch()} />}
      {isSuccess && (tab === 'system' ? <div className="mx-scroll"><SystemRights draft={draft} fixed={fixed} /></div> : <Objects draft={draft} fixed={fixed} shown={shown} onAll={() => setShown(ALL)} onObject={(of, action) => setObject({ of, action })} />)}
      <ChangesBar draft={draft} onPreview={() => setPreview(true)} />
      <Suspense>
        {object && <ObjectDrawer key={object.of.object} object={object.of} focus={object.action} draft={draft} fixed={fixed} onClose={() => setObject(null)} />}
        {preview && <PreviewDrawer key={stale} code={role.code} name={roleName(role)} draft={draft} stale={stale > 0} onStale={() => void refetch().then(() => setStale((n) => n + 1))} onClose={() => { setPreview(false); setStale(0); }} />}
      </Suspense>
    </>
  );
}

export default function RolePage() {
  const { code = '' } = useParams();
  const { rights } = useSignedIn();
  const may = maySystem(rights.system, 'manage_roles');
  const query = useQuery({ queryKey: rolesKey, queryFn: ({ signal }) => fetchRoles(signal), enabled: may });
  const [copying, setCopying] = useState(false);
  const role = query.data?.find((r) => r.code === code);
  if (query.isSuccess && !role) return <NotFoundPage />;
  const title = role ? roleName(role) : code;
  return (
    <SettingsFrame name={title} title={title} may={may} crumbs={<Link to="/settings/roles">{t('places.roles')}</Link>} actions={role && <RoleMenu role={role} onCopy={() => setCopying(true)} />}>
      {query.isError && <ErrorState error={query.error} title={t('roles.error')} onRetry={() => void query.refetch()} />}
      {query.isPending && <TableSkeleton columns={9} />}
      {role && <RoleView key={role.code} role={role} />}
      {copying && role && <Suspense><RoleDrawer roles={query.data ?? []} from={role} onClose={() => setCopying(false)} /></Suspense>}
    </SettingsFrame>
  );
}
