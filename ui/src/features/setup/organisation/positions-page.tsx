// Positions: jobs of the organisation, where they stand, which roles they bring, who holds them.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { BriefcaseBusiness, PencilLine, Plus, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { linkOf, linkTitle } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import { mayCreate, mayDelete, mayUpdate, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { ObjectMeta, Rec } from '@/lib/types';
import { useLive } from '@/lib/use-live';
import { useDelete } from '@/record/data/use-delete';
import { useShell } from '@/record/page/shell-context';
import { mayManage } from '../places';
import { SettingsFrame } from '../settings-frame';
import { fetchPositions, positionName, positionsKey } from './api';
import { linksOf } from './tree';

const FormDrawer = lazy(() => import('@/record/form/form-drawer'));

function PositionRow({ object, record, onEdit, onGone }: { object: ObjectMeta; record: Rec; onEdit: () => void; onGone: () => void }) {
  const remove = useDelete(object);
  const department = linkOf(record.department);
  const roles = linksOf(record.roles).map(linkTitle).join(t('list.separator'));
  const name = positionName(record);
  const idle = record.is_active === false;
  return (
    <div className="srow positions">
      <button type="button" className="who" onClick={onEdit}><BriefcaseBusiness size={16} strokeWidth={1.75} className="soft" aria-hidden /><span className={idle ? 'cut muted' : 'cut'}>{name}</span>{idle && <span className="chip">{t('org.inactive')}</span>}</button>
      <span className="soft cut">{department ? linkTitle(department) : <span className="muted">{t('positions.free')}</span>}</span>
      <span className="soft cut" title={roles}>{roles || <span className="muted">{t('positions.no_roles')}</span>}</span>
      <Link className="cap nw" to={`/settings/people?position=${record.id}`}>{t('org.people', { n: formatNumber(Number(record.holder_count ?? 0)) })}</Link>
      <span className="row gap4 end">{mayUpdate(object) && <IconButton small icon={PencilLine} label={t('teams.edit', { name })} onClick={onEdit} />}{mayDelete(object) && <IconButton small icon={Trash2} label={t('teams.delete', { name })} onClick={() => void remove([record], onGone)} />}</span>
    </div>
  );
}

function Positions({ object, add, onEdit, onGone }: { object: ObjectMeta; add: React.ReactNode; onEdit: (r: Rec) => void; onGone: () => void }) {
  const query = useQuery({ queryKey: positionsKey, queryFn: ({ signal }) => fetchPositions(signal) });
  useLive(['positions', 'users'], onGone);
  if (query.isError) return <ErrorState error={query.error} title={t('org.error')} onRetry={() => void query.refetch()} />;
  if (!query.data) return <TableSkeleton columns={4} />;
  if (!query.data.length) return <PageState icon={BriefcaseBusiness} title={t('positions.none')} text={t('positions.none_text')}>{add}</PageState>;
  return (
    <div className="srows">
      <div className="srow hd positions" aria-hidden><span>{t('org.position')}</span><span>{t('places.departments')}</span><span>{t('positions.roles')}</span><span>{t('positions.holders')}</span><span /></div>
      {query.data.map((r) => <PositionRow key={r.id} object={object} record={r} onEdit={() => onEdit(r)} onGone={onGone} />)}
    </div>
  );
}

export default function PositionsPage() {
  const catalogue = useCatalogue();
  const client = useQueryClient();
  const { phone } = useShell();
  const [editing, setEditing] = useState<Rec | 'new' | null>(null);
  const object = catalogue.byName.get('position');
  const may = mayManage(catalogue, 'position');
  const again = () => void client.invalidateQueries({ queryKey: positionsKey });
  const add = object && mayCreate(object) && <Button type="primary" icon={<Plus size={16} strokeWidth={1.75} />} onClick={() => setEditing('new')} aria-label={t('positions.new')}>{phone ? null : t('positions.new')}</Button>;
  return (
    <SettingsFrame name={t('places.positions')} title={t('places.positions')} may={may && !!object} actions={add}>
      {object && <Positions object={object} add={add} onEdit={setEditing} onGone={again} />}
      {object && editing && <Suspense><FormDrawer object={object} record={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} onSaved={again} /></Suspense>}
    </SettingsFrame>
  );
}
