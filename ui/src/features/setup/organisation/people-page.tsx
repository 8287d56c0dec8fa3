// People of the organisation: found by name, department, role and state; made, changed, let go, given a password.
import { Button, Input, Select } from 'antd';
import { Plus, Search, UserRound } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useSearchParams } from 'react-router';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, PageState } from '@/components/state';
import { useDebounced } from '@/fields/link/use-candidates';
import { t } from '@/lib/i18n';
import { fieldOf, mayCreate, useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import { label } from '@/lib/i18n';
import type { ObjectMeta, Rec } from '@/lib/types';
import { useList } from '@/record/data/use-list';
import { useShell } from '@/record/page/shell-context';
import { mayManage } from '../places';
import { SettingsFrame } from '../settings-frame';
import { peopleFilter, type Asked } from './people-filter';
import { PersonRow } from './person-row';
import { linksOf } from './tree';
import { useOptions, usePositions, useRoles } from './use-options';

const FormDrawer = lazy(() => import('@/record/form/form-drawer'));
const PasswordDialog = lazy(() => import('./password-dialog'));

const FIELDS = 'name,login,email,department,other_departments,position,other_positions,roles,status,job_title,delegate,delegate_from,delegate_until,last_login_at';

function useAsked() {
  const [params, setParams] = useSearchParams();
  const asked: Asked = { word: params.get('find') ?? '', department: params.get('department') ?? '', position: params.get('position') ?? '', role: params.get('role') ?? '', status: params.get('status') ?? 'here' };
  const ask = (part: Partial<Asked>) => setParams((old) => {
    const next = new URLSearchParams(old);
    for (const [k, v] of Object.entries({ find: part.word, department: part.department, position: part.position, role: part.role, status: part.status })) if (v !== undefined) { if (v) next.set(k, v); else next.delete(k); }
    return next;
  }, { replace: true });
  return { asked, ask };
}

function Filters({ object, asked, ask }: { object: ObjectMeta; asked: Asked; ask: (part: Partial<Asked>) => void }) {
  const { departments, positions, roles } = useOptions();
  const states = (fieldOf(object, 'status')?.choices ?? []).map((c) => ({ value: c.value, label: label(c.label, c.value) }));
  return (
    <div className="toolbar line people-bar">
      <Input className="find" size="small" value={asked.word} onChange={(e) => ask({ word: e.target.value })} prefix={<Search size={14} strokeWidth={1.75} className="muted" aria-hidden />} placeholder={t('org.find_person')} aria-label={t('org.find_person')} allowClear />
      <Select size="small" value={asked.status} onChange={(status: string) => ask({ status })} options={[{ value: 'here', label: t('org.here') }, ...states, { value: 'all', label: t('org.everybody') }]} aria-label={t('org.status')} popupMatchSelectWidth={false} />
      <Select size="small" value={asked.department || undefined} onChange={(department?: string) => ask({ department: department ?? '' })} allowClear placeholder={t('org.any_department')} options={departments} showSearch={{ optionFilterProp: 'label' }} aria-label={t('places.departments')} popupMatchSelectWidth={false} />
      {positions.length > 0 && <Select size="small" value={asked.position || undefined} onChange={(position?: string) => ask({ position: position ?? '' })} allowClear placeholder={t('org.any_position')} options={positions} showSearch={{ optionFilterProp: 'label' }} aria-label={t('places.positions')} popupMatchSelectWidth={false} />}
      <Select size="small" value={asked.role || undefined} onChange={(role?: string) => ask({ role: role ?? '' })} allowClear placeholder={t('org.any_role')} options={roles} showSearch={{ optionFilterProp: 'label' }} aria-label={t('places.roles')} popupMatchSelectWidth={false} />
    </div>
  );
}

function People({ object, add, onEdit, onPassword }: { object: ObjectMeta; add: React.ReactNode; onEdit: (r: Rec) => void; onPassword: (r: Rec) => void }) {
  const { asked, ask } = useAsked();
  const positions = usePositions();
  const role = useRoles().find((r) => r.code === asked.role);
  const bringing = asked.role ? positions.filter((p) => p.is_active !== false && linksOf(p.roles).some((r) => r.id === role?.id)).map((p) => p.id) : [];
  const late = useDebounced(asked.word.trim(), 200);
  const { query, rows, count } = useList(object, { filter: peopleFilter({ ...asked, word: '' }, bringing), q: late, sort: late ? undefined : 'name', fields: FIELDS });
  const filtered = !!(late || asked.department || asked.position || asked.role || asked.status !== 'here');
  return (
    <>
      <Filters object={object} asked={asked} ask={ask} />
      {query.isPending && <TableSkeleton columns={6} />}
      {query.isError && <ErrorState error={query.error} title={t('org.error')} onRetry={() => void query.refetch()} />}
      {query.isSuccess && !rows.length && <PageState icon={UserRound} title={t('org.no_people')} text={filtered ? t('org.no_people_text') : ''}>{filtered ? <Button onClick={() => ask({ word: '', department: '', position: '', role: '', status: 'here' })}>{t('org.drop_filters')}</Button> : add}</PageState>}
      {rows.length > 0 && (
        <div className="srows">
          <div className="srow hd people" aria-hidden><span>{t('org.person')}</span><span>{t('places.departments')}</span><span>{t('org.position')}</span><span>{t('places.roles')}</span><span>{t('org.status')}</span><span>{t('org.delegate')}</span><span /></div>
          {rows.map((r) => <PersonRow key={r.id} object={object} record={r} positions={positions} onEdit={() => onEdit(r)} onPassword={() => onPassword(r)} />)}
          {query.hasNextPage && <Button block type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('org.more_people')}</Button>}
        </div>
      )}
      {count && <footer className="status"><span aria-live="polite">{t('org.count', { count: formatNumber(count.value) + (count.exact ? '' : '+') })}</span></footer>}
    </>
  );
}

export default function PeoplePage() {
  const catalogue = useCatalogue();
  const { phone } = useShell();
  const [editing, setEditing] = useState<Rec | 'new' | null>(null);
  const [password, setPassword] = useState<Rec | null>(null);
  const object = catalogue.byName.get('user');
  const may = mayManage(catalogue, 'user');
  const add = object && mayCreate(object) && <Button type="primary" icon={<Plus size={16} strokeWidth={1.75} />} onClick={() => setEditing('new')} aria-label={t('org.new_person')}>{phone ? null : t('org.new_person')}</Button>;
  return (
    <SettingsFrame name={t('places.people')} title={t('places.people')} may={may && !!object} actions={add}>
      {object && <People object={object} add={add} onEdit={setEditing} onPassword={setPassword} />}
      <Suspense>
        {object && editing && <FormDrawer object={object} record={editing === 'new' ? undefined : editing} title={editing === 'new' ? t('org.new_person') : undefined} onClose={() => setEditing(null)} onSaved={(r) => { if (editing === 'new' && r.status === 'active') setPassword(r); }} />}
        {password && <PasswordDialog person={password} onClose={() => setPassword(null)} />}
      </Suspense>
    </SettingsFrame>
  );
}
