// All objects in their groups: what came with the program and what was made here.
import { Button, Input } from 'antd';
import { Plus, Search } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { iconOf } from '@/components/icons';
import { hasMessage, t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { ModelFrame } from './model-frame';

const ObjectDrawer = lazy(() => import('./object-drawer'));

export function grouped(objects: ObjectMeta[], find: string): { area: string; objects: ObjectMeta[] }[] {
  const q = find.trim().toLowerCase();
  const found = objects.filter((o) => !q || [o.object, o.plural, o.label?.['zh-CN'], o.label?.en].some((text) => text?.toLowerCase().includes(q)));
  const areas = [...new Set(found.map((o) => o.area ?? ''))];
  // What was made here comes first: it is what one looks for most.
  return areas.map((area) => ({ area, objects: found.filter((o) => (o.area ?? '') === area) })).sort((a, b) => Number(b.objects.some((o) => o.custom)) - Number(a.objects.some((o) => o.custom)));
}

function Row({ object }: { object: ObjectMeta }) {
  const Icon = iconOf(object.icon ?? object.object);
  const traits = (object.traits ?? []).filter((x) => hasMessage(`trait.${x}`)).map((x) => t(`trait.${x}`));
  return (
    <Link to={`/settings/objects/${object.object}`} className="frow five">
      <Icon size={16} strokeWidth={1.75} className="soft" aria-hidden /><span className="cut ink">{objectLabel(object)}</span><code className="cut">{object.object}</code>
      <span className="soft cut">{t('setup.fields_n', { n: object.fields.filter((f) => !f.system).length })}</span><span className="muted cap cut">{traits.join(' · ')}</span>
      <span className="muted cap">{object.custom ? t('setup.custom') : t('setup.shipped')}</span>
    </Link>
  );
}

const areaWords = (area: string) => (hasMessage(`area.${area}`) ? t(`area.${area}`) : area || t('setup.no_area'));

export default function ObjectsPage() {
  const { meta } = useCatalogue();
  const [find, setFind] = useState('');
  const [making, setMaking] = useState(false);
  const groups = grouped(meta.objects, find);
  return (
    <ModelFrame title={t('setup.objects')}>
      <div className="toolbar line">
        <Input size="small" allowClear className="find" prefix={<Search size={14} strokeWidth={1.75} aria-hidden />} value={find} onChange={(e) => setFind(e.target.value)} placeholder={t('setup.find_object')} aria-label={t('setup.find_object')} />
        <span className="row end"><Button type="primary" size="small" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => setMaking(true)}>{t('setup.new_object')}</Button></span>
      </div>
      <div className="pane">
        <div className="frow five hd"><span /><span>{t('setup.column_label')}</span><span>{t('setup.name')}</span><span>{t('setup.fields')}</span><span>{t('setup.traits')}</span><span>{t('setup.origin')}</span></div>
        {!groups.length && <p className="set-empty">{t('setup.find_nothing', { text: find })}</p>}
        {groups.map((g) => (
          <div key={g.area}>
            <div className="frow sec"><b>{areaWords(g.area)}</b><span className="muted cap">{g.objects.length}</span></div>
            {g.objects.map((o) => <Row key={o.object} object={o} />)}
          </div>
        ))}
      </div>
      <Suspense>{making && <ObjectDrawer onClose={() => setMaking(false)} />}</Suspense>
    </ModelFrame>
  );
}
