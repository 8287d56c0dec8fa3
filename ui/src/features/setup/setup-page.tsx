// Settings: objects and their fields. Only for people who may customise.
import { Button, Select } from 'antd';
import { History, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { NavLink, useNavigate, useParams } from 'react-router';
import { t } from '@/lib/i18n';
import { mayCustomise, useSignedIn } from '@/lib/me';
import { objectLabel, pluralLabel, useCatalogue } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { NotFoundPage } from '@/record/page/not-found';
import { useShell } from '@/record/page/shell-context';
import { FieldTable } from './field-table';
import { SettingsFrame } from './settings-frame';

const FieldDrawer = lazy(() => import('./field-drawer'));
const ObjectDrawer = lazy(() => import('./object-drawer'));
const HistoryDrawer = lazy(() => import('./history-drawer'));

function ObjectNav({ objects, onNew }: { objects: ObjectMeta[]; onNew: () => void }) {
  return (
    <div className="set-objects">
      <div className="group">{t('setup.objects')}</div>
      {objects.map((o) => <NavLink key={o.object} to={`/settings/objects/${o.object}`} className={({ isActive }) => (isActive ? 'on cut' : 'cut')}>{objectLabel(o)}</NavLink>)}
      <Button type="text" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={onNew}>{t('setup.new_object')}</Button>
    </div>
  );
}

/** On the phone the list of objects would hide the page: one chooses. */
function ObjectSelect({ objects, value, onNew }: { objects: ObjectMeta[]; value: string; onNew: () => void }) {
  const navigate = useNavigate();
  return <div className="role-find row"><Select className="grow" value={value} onChange={(name: string) => void navigate(`/settings/objects/${name}`)} options={objects.map((o) => ({ value: o.object, label: objectLabel(o) }))} showSearch={{ optionFilterProp: 'label' }} aria-label={t('setup.objects')} /><Button icon={<Plus size={14} strokeWidth={1.75} />} onClick={onNew} aria-label={t('setup.new_object')} /></div>;
}

export default function SetupPage() {
  const { name } = useParams();
  const { meta, byName } = useCatalogue();
  const { rights } = useSignedIn();
  const { phone } = useShell();
  const [making, setMaking] = useState(false);
  const [past, setPast] = useState(false);
  const [field, setField] = useState<FieldMeta | 'new' | null>(null);
  const object = name ? byName.get(name) : meta.objects[0];
  const may = mayCustomise(rights.system);
  if (may && !object) return <NotFoundPage />;
  const words = object ? pluralLabel(object) : '';
  return (
    <SettingsFrame name={words} title={words} may={may} crumb={t('setup.objects')} nav={!phone && <ObjectNav objects={meta.objects} onNew={() => setMaking(true)} />}>
      {object && (
        <>
          {phone && <ObjectSelect objects={meta.objects} value={object.object} onNew={() => setMaking(true)} />}
          <div className="toolbar line"><div className="tabs"><span className="on tab">{t('setup.fields')}<em>{object.fields.length}</em></span></div><span className="row end"><Button size="small" type="text" icon={<History size={14} strokeWidth={1.75} />} onClick={() => setPast(true)}>{t('setup.history')}</Button><Button size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => setField('new')}>{t('setup.add_field')}</Button></span></div>
          <FieldTable object={object} selected={field && field !== 'new' ? field.name : undefined} onPick={(f) => { if (!f.system) setField(f); }} />
          <Suspense>
            {field && <FieldDrawer key={field === 'new' ? '' : field.name} object={object} field={field === 'new' ? undefined : field} onClose={() => setField(null)} />}
            {past && <HistoryDrawer onClose={() => setPast(false)} />}
            {making && <ObjectDrawer onClose={() => setMaking(false)} />}
          </Suspense>
        </>
      )}
    </SettingsFrame>
  );
}
