// The order of a list: what it is sorted by, several keys, each up or down.
import { Button, Popover } from 'antd';
import { ArrowDownUp, Rows3 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import type { ListState } from './list-view';
import { parseSort } from './use-list-state';

const SortPop = lazy(() => import('./sort-pop'));
const GroupPop = lazy(() => import('./group-pop'));

interface Props { object: ObjectMeta; state: ListState }

export function SortMenu({ object, state }: Props) {
  const [open, setOpen] = useState(false);
  const [key, ...more] = parseSort(state.sort || (state.kind === 'timeline' ? state.groups[0] ?? '' : ''));
  const field = key && fieldOf(object, key.field);
  const words = field ? `${fieldLabel(field)} ${t(key.down ? 'sort.down' : 'sort.up')}${more.length ? ` +${more.length}` : ''}` : t('sort.title');
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" arrow={false} content={<Suspense fallback={<div className="cond" />}>{open && <SortPop object={object} state={state} />}</Suspense>}>
      <Button type="text" size="small" className="soft" icon={<ArrowDownUp size={14} strokeWidth={1.75} />} aria-label={`${t('sort.title')}: ${words}`}>{words}</Button>
    </Popover>
  );
}

export function GroupMenu({ object, state }: Props) {
  const [open, setOpen] = useState(false);
  const fields = state.groups.map((name) => fieldOf(object, name)).filter((f) => !!f);
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" arrow={false} content={<Suspense fallback={<div className="cond" />}>{open && <GroupPop object={object} state={state} onClose={() => setOpen(false)} />}</Suspense>}>
      <Button type="text" size="small" className={fields.length ? 'acc' : 'soft'} icon={<Rows3 size={14} strokeWidth={1.75} />}>{fields.length ? t('group.by', { field: fields.map(fieldLabel).join(' › ') }) : t('group.title')}</Button>
    </Popover>
  );
}
