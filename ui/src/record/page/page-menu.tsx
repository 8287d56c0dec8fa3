// What a list offers beyond its primary button.
import { Dropdown } from 'antd';
import { Ellipsis, Upload } from 'lucide-react';
import { useNavigate } from 'react-router';
import { t } from '@/lib/i18n';
import { mayCreate } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';

export function PageMenu({ object }: { object: ObjectMeta }) {
  const navigate = useNavigate();
  if (!mayCreate(object)) return null;
  const items = [{ key: 'import', icon: <Upload size={14} strokeWidth={1.75} />, label: t('import.open'), onClick: () => void navigate(`/${object.plural}/import`) }];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <button type="button" className="ib" aria-label={t('action.more')} title={t('action.more')}><Ellipsis size={18} strokeWidth={1.75} aria-hidden /></button>
    </Dropdown>
  );
}
