// Teams: people of several departments who see together what is opened to the team.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { PencilLine, Plus, Trash2, Users } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Avatar } from '@/components/avatar';
import { IconButton } from '@/components/icon-button';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { linkOf, linkTitle } from '@/fields/link/link';
import { t } from '@/lib/i18n';
import { mayCreate, mayDelete, mayUpdate, useCatalogue } from '@/lib/meta';
import type { LinkValue, ObjectMeta, Rec } from '@/lib/types';
import { useLive } from '@/lib/use-live';
import { useDelete } from '@/record/data/use-delete';
import { useList } from '@/record/data/use-list';
import { useShell } from '@/record/page/shell-context';
import { mayManage } from '../places';
import { SettingsFrame } from '../settings-frame';
import { fetchTeamMembers } from './api';

const FormDrawer = lazy(() => import('@/record/form/form-drawer'));
const FACES = 5;

function useMembers(ids: string[]): Map<string, LinkValue[]> {
  const client = useQueryClient();
  const key = ['related', 'team_members', ids];
  const { data } = useQuery({ queryKey: key, queryFn: ({ signal }) => fetchTeamMembers(ids, signal), enabled: ids.length > 0 });
  useLive(['team_members', 'teams'], () => void client.invalidateQueries({ queryKey: ['related', 'team_members'] }));
  const of = new Map<string, LinkValue[]>();
  for (const row of data?.items ?? []) {
    const [team, user] = [linkOf(row.team)?.id ?? '', linkOf(row.user)];
    if (user) of.set(team, [...(of.get(team) ?? []), user]);
  }
  return of;
}

function Faces({ people }: { people: LinkValue[] }) {
  if (!people.length) return <span className="muted cap">{t('teams.empty')}</span>;
  return <span className="row gap4" title={people.map(linkTitle).join(t('list.separator'))}>{people.slice(0, FACES).map((p) => <Avatar key={p.id} name={linkTitle(p)} seed={p.id} size={22} />)}<span className="cap muted">{t('org.people', { n: people.length })}</span></span>;
}

function TeamRow({ object, record, people, onEdit }: { object: ObjectMeta; record: Rec; people: LinkValue[]; onEdit: () => void }) {
  const remove = useDelete(object);
  const leader = linkOf(record.leader);
  return (
    <div className="srow teams">
      <button type="button" className="who" onClick={onEdit}><Users size={16} strokeWidth={1.75} className="soft" aria-hidden /><span className={record.is_active === false ? 'cut muted' : 'cut'}>{String(record.name)}</span>{record.is_active === false && <span className="chip">{t('org.inactive')}</span>}</button>
      <span className="soft cut">{leader && linkTitle(leader)}</span>
      <Faces people={people} />
      <span className="row gap4 end">{mayUpdate(object) && <IconButton small icon={PencilLine} label={t('teams.edit', { name: String(record.name) })} onClick={onEdit} />}{mayDelete(object) && <IconButton small icon={Trash2} label={t('teams.delete', { name: String(record.name) })} onClick={() => void remove([record])} />}</span>
    </div>
  );
}

function Teams({ object, add, onEdit }: { object: ObjectMeta; add: React.ReactNode; onEdit: (r: Rec) => void }) {
  const { query, rows } = useList(object, { sort: 'name', fields: 'name,leader,is_active' });
  const members = useMembers(rows.map((r) => r.id));
  if (query.isPending) return <TableSkeleton columns={3} />;
  if (query.isError) return <ErrorState error={query.error} title={t('org.error')} onRetry={() => void query.refetch()} />;
  if (!rows.length) return <PageState icon={Users} title={t('teams.none')} text={t('teams.none_text')}>{add}</PageState>;
  return (
    <div className="srows">
      <div className="srow hd teams" aria-hidden><span>{t('teams.name')}</span><span>{t('teams.leader')}</span><span>{t('teams.members')}</span><span /></div>
      {rows.map((r) => <TeamRow key={r.id} object={object} record={r} people={members.get(r.id) ?? []} onEdit={() => onEdit(r)} />)}
      {query.hasNextPage && <Button block type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('teams.more')}</Button>}
    </div>
  );
}

export default function TeamsPage() {
  const catalogue = useCatalogue();
  const client = useQueryClient();
  const { phone } = useShell();
  const [editing, setEditing] = useState<Rec | 'new' | null>(null);
  const object = catalogue.byName.get('team');
  const may = mayManage(catalogue, 'team');
  const add = object && mayCreate(object) && <Button type="primary" icon={<Plus size={16} strokeWidth={1.75} />} onClick={() => setEditing('new')} aria-label={t('teams.new')}>{phone ? null : t('teams.new')}</Button>;
  return (
    <SettingsFrame name={t('places.teams')} title={t('places.teams')} may={may && !!object} actions={add}>
      {object && <Teams object={object} add={add} onEdit={setEditing} />}
      {object && editing && <Suspense><FormDrawer object={object} record={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} onSaved={() => void client.invalidateQueries({ queryKey: ['related', 'team_members'] })} /></Suspense>}
    </SettingsFrame>
  );
}
