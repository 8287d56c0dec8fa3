// What a list offers beyond its primary button.
import { Dropdown } from 'antd';
import { CopyCheck, Download, Ellipsis, MapPin, Upload } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { placeField } from '@/fields/geo/geo';
import { t } from '@/lib/i18n';
import { mayDelete, mayExport, mayImport, mayUpdate } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import type { Shown } from '../export/use-export';
import { AsOfPicker } from './as-of';

const ExportDialog = lazy(() => import('../export/export-dialog'));

export function PageMenu({ object, shown = {} }: { object: ObjectMeta; shown?: Shown }) {
  const navigate = useNavigate();
  const [exporting, setExporting] = useState(false);
  const items = [
    mayImport(object) && { key: 'import', icon: <Upload size={14} strokeWidth={1.75} />, label: t('import.open'), onClick: () => void navigate(`/${object.plural}/import`) },
    mayExport(object) && { key: 'export', icon: <Download size={14} strokeWidth={1.75} />, label: t('export.open'), onClick: () => setExporting(true) },
    mayUpdate(object) && mayDelete(object) && (object.duplicates ?? []).length > 0 && { key: 'duplicates', icon: <CopyCheck size={14} strokeWidth={1.75} />, label: t('duplicates.open'), onClick: () => void navigate(`/${object.plural}/duplicates`) },
    !!placeField(object) && { key: 'nearby', icon: <MapPin size={14} strokeWidth={1.75} />, label: t('nearby.open'), onClick: () => void navigate(`/${object.plural}/nearby`) },
  ].filter((item) => item !== false);
  if (!items.length) return <AsOfPicker />;
  return (
    <>
      <AsOfPicker />
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
        <button type="button" className="ib" aria-label={t('action.more')} title={t('action.more')}><Ellipsis size={18} strokeWidth={1.75} aria-hidden /></button>
      </Dropdown>
      {exporting && <Suspense><ExportDialog object={object} shown={shown} onClose={() => setExporting(false)} /></Suspense>}
    </>
  );
}
