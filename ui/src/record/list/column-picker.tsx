// Which columns a list shows, in which order and which of them stay: kept per object and view on this device until the view is saved.
import { Button, Popover } from 'antd';
import { Columns3 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import type { useChosenColumns } from './use-chosen-columns';

const ColumnList = lazy(() => import('./column-list'));

export function ColumnPicker({ object, columns }: { object: ObjectMeta; columns: ReturnType<typeof useChosenColumns> }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" arrow={false} content={<Suspense fallback={<div className="cond" />}>{open && <ColumnList object={object} columns={columns} onClose={() => setOpen(false)} />}</Suspense>}>
      <Button type="text" size="small" icon={<Columns3 size={14} strokeWidth={1.75} />}>{t('columns.title')}</Button>
    </Popover>
  );
}
