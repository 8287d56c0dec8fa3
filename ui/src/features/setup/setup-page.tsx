// Settings: objects and their fields. Only for people who may customise.
import { Button } from 'antd';
import { ChevronRight, History, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { NavLink, useParams } from 'react-router';
import { NoRightState } from '@/components/state';
import { t } from '@/lib/i18n';
import { mayCustomise, useSignedIn } from '@/lib/me';
import { objectLabel, pluralLabel, useCatalogue } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { NotFoundPage } from '@/record/page/not-found';
import { TopBar } from '@/record/page/top-bar';
import { useTitle } from '@/record/page/use-title';
import { FieldTable } from './field-table';

const FieldDrawer = lazy(() => import('./field-drawer'));
const ObjectDrawer = lazy(() => import('./object-drawer'));
const HistoryDrawer = lazy(() => import('./history-drawer'));

function ObjectNav({ objects, onNew }: { objects: ObjectMeta[]; onNew: () => void }) {
  return (
    <nav className="set-nav" aria-label={t('setup.objects')}>
      <div className="group">{t('setup.objects')}</div>
      {objects.map((o) => <NavLink key={o.object} to={`/settings/objects/${o.object}`} className={({ isActive }) => (isActive ? 'on cut' : 'cut')}>{objectLabel(o)}</NavLink>)}
      <Button type="text" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={onNew}>{t('setup.new_object')}</Button>
    </nav>
  );
}

export default function SetupPage() {
  const { name } = useParams();
  const { meta, byName } = useCatalogue();
  const { rights } = useSignedIn();
  const [making, setMaking] = useState(false);
  const [past, setPast] = useState(false);
  const [field, setField] = useState<FieldMeta | 'new' | null>(null);
  const object = name ? byName.get(name) : meta.objects[0];
  useTitle(t('setup.title'));
  if (name && !object && mayCustomise(rights.system)) return <NotFoundPage />;
  if (!mayCustomise(rights.system) || !object) return <><TopBar title={t('setup.title')} /><div className="sheet"><NoRightState /></div></>;
  return (
    <>
      <TopBar title={<><span className="crumb">{t('setup.title')}<ChevronRight size={14} strokeWidth={1.75} aria-hidden />{t('setup.objects')}<ChevronRight size={14} strokeWidth={1.75} aria-hidden /></span>{pluralLabel(object)}</>} />
      <div className="set">
        <ObjectNav objects={meta.objects} onNew={() => setMaking(true)} />
        <div className="sheet">
          <div className="toolbar line"><div className="tabs"><span className="on tab">{t('setup.fields')}<em>{object.fields.length}</em></span></div><span className="row end"><Button size="small" type="text" icon={<History size={14} strokeWidth={1.75} />} onClick={() => setPast(true)}>{t('setup.history')}</Button><Button size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => setField('new')}>{t('setup.add_field')}</Button></span></div>
          <FieldTable object={object} selected={field && field !== 'new' ? field.name : undefined} onPick={(f) => { if (!f.system) setField(f); }} />
        </div>
      </div>
      <Suspense>
        {field && <FieldDrawer key={field === 'new' ? '' : field.name} object={object} field={field === 'new' ? undefined : field} onClose={() => setField(null)} />}
        {past && <HistoryDrawer onClose={() => setPast(false)} />}
        {making && <ObjectDrawer onClose={() => setMaking(false)} />}
      </Suspense>
    </>
  );
}
