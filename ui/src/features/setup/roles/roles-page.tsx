// All roles: those that ship with the program and those of the organisation.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { Plus, ShieldCheck } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { t } from '@/lib/i18n';
import { maySystem, useSignedIn } from '@/lib/me';
import { mayCreate, useCatalogue } from '@/lib/meta';
import { useLive } from '@/lib/use-live';
import { useShell } from '@/record/page/shell-context';
import { SettingsFrame } from '../settings-frame';
import { fetchRoles, roleName, rolesKey, type Role } from './api';

const RoleDrawer = lazy(() => import('./role-drawer'));

function RoleRow({ role }: { role: Role }) {
  return (
    <Link className="srow roles" to={`/settings/roles/${role.code}`}>
      <span className="row"><ShieldCheck size={16} strokeWidth={1.75} className="soft" aria-hidden /><span className="cut">{roleName(role)}</span></span>
      <code className="cut">{role.code}</code>
      <span className="cap muted nw">{role.is_preset ? t('roles.preset') : t('roles.own')}</span>
      <span className="muted cut">{role.description}</span>
    </Link>
  );
}

export default function RolesPage() {
  const { rights } = useSignedIn();
  const { byName } = useCatalogue();
  const { phone } = useShell();
  const client = useQueryClient();
  const may = maySystem(rights.system, 'manage_roles');
  const query = useQuery({ queryKey: rolesKey, queryFn: ({ signal }) => fetchRoles(signal), enabled: may });
  const [making, setMaking] = useState(false);
  useLive(may ? ['roles'] : [], () => void client.invalidateQueries({ queryKey: rolesKey }));
  const object = byName.get('role');
  const add = object && mayCreate(object) && <Button type="primary" icon={<Plus size={16} strokeWidth={1.75} />} onClick={() => setMaking(true)} aria-label={t('roles.new')}>{phone ? null : t('roles.new')}</Button>;
  return (
    <SettingsFrame name={t('places.roles')} title={t('places.roles')} may={may} actions={add}>
      {query.isPending && <TableSkeleton columns={4} />}
      {query.isError && <ErrorState error={query.error} title={t('roles.error')} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && <PageState icon={ShieldCheck} title={t('roles.none')} text={t('roles.none_text')}>{add}</PageState>}
      {query.data && query.data.length > 0 && (
        <div className="srows">
          <div className="srow hd roles" aria-hidden><span>{t('roles.name')}</span><span>{t('roles.code')}</span><span>{t('roles.origin')}</span><span>{t('roles.description')}</span></div>
          {query.data.map((r) => <RoleRow key={r.id} role={r} />)}
        </div>
      )}
      {making && <Suspense><RoleDrawer roles={query.data ?? []} onClose={() => setMaking(false)} /></Suspense>}
    </SettingsFrame>
  );
}
