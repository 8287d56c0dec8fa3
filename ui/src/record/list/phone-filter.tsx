// Phone: filters are a sheet with the work at the foot.
import { Drawer } from 'antd';
import { ListFilter } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import { FilterBar } from './filter-bar';
import type { ListState } from './list-view';

export default function PhoneFilter({ object, state, error }: { object: ObjectMeta; state: ListState; error: unknown }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton icon={ListFilter} size={22} label={t('filter.title')} on={state.filter !== ''} onClick={() => setOpen(true)} />
      <Drawer open={open} onClose={() => setOpen(false)} placement="bottom" size={320} title={t('filter.title')} className="phone-filter"><FilterBar object={object} state={state} error={error} /></Drawer>
    </>
  );
}
