// What can be done with the view that is open, and the saved ones that are no tabs.
import { Dropdown, type MenuProps } from 'antd';
import { House, Pencil, Pin, PinOff, Plus, Save, Table2, Trash2, type LucideIcon } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '@/lib/i18n';
import { mayManageViews, useSignedIn } from '@/lib/me';
import type { ObjectMeta, View } from '@/lib/types';
import type { ListState } from '../list/list-view';
import type { useChosenColumns } from '../list/use-chosen-columns';
import { viewLabel } from '../page/views';
import { useViewActions } from './use-view-actions';
import { isSavedView } from './view-api';

const ViewDrawer = lazy(() => import('./view-drawer'));

interface Props { object: ObjectMeta; state: ListState; kind: 'table' | 'board'; columns?: ReturnType<typeof useChosenColumns>; onOpen: (view: View) => void }

const icon = (Icon: LucideIcon) => <Icon size={14} strokeWidth={1.75} />;

export function ViewMenu({ object, state, kind, columns, onOpen }: Props) {
  const [editing, setEditing] = useState<'new' | 'open' | null>(null);
  const { rights } = useSignedIn();
  const { view, saved, home } = state;
  const act = useViewActions({ object, state, kind, columns });
  const own = isSavedView(view) && (view.mine || mayManageViews(rights.system));
  const pinned = saved.pins.some((p) => p.view === view.view);
  const others = saved.items.filter((v) => !state.views.includes(v));
  const name = viewLabel(view);
  const items: MenuProps['items'] = [
    { key: 'save', icon: icon(Plus), label: t('view.save_as'), onClick: () => setEditing('new') },
    ...(own && act.changed ? [{ key: 'keep', icon: icon(Save), label: t('view.save', { name }), onClick: () => void act.keep() }] : []),
    ...(own ? [{ key: 'edit', icon: icon(Pencil), label: t('view.edit', { name }), onClick: () => setEditing('open') }] : []),
    ...(isSavedView(view) ? [{ key: 'pin', icon: icon(pinned ? PinOff : Pin), label: t(pinned ? 'view.unpin' : 'view.pin', { name }), onClick: () => void act.pin(!pinned) }] : []),
    ...(view.view !== home.view ? [{ key: 'home', icon: icon(House), label: t('view.make_home', { name }), onClick: () => void act.makeHome() }] : []),
    ...(own ? [{ key: 'delete', icon: icon(Trash2), danger: true, label: t('view.delete', { name }), onClick: () => void act.remove() }] : []),
    ...(others.length ? [{ type: 'divider' as const }, { key: 'others', type: 'group' as const, label: t('view.others'), children: others.map((v) => ({ key: v.view, icon: icon(Table2), label: <span className={v.problem ? 'late' : ''}>{viewLabel(v)}{!v.mine && <span className="muted cap"> · {v.owner.title}</span>}</span>, onClick: () => onOpen(v) })) }] : []),
  ];
  return (
    <>
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomLeft" classNames={{ root: 'view-menu' }}>
        <button type="button" className={own && act.changed ? 'add-view acc' : 'add-view'}><Plus size={14} strokeWidth={1.75} aria-hidden />{t('view.view')}</button>
      </Dropdown>
      {editing && <Suspense><ViewDrawer object={object} view={editing === 'open' && isSavedView(view) ? view : undefined} body={act.body} pinned={pinned} onClose={() => setEditing(null)} onSaved={(v) => state.settle(v.view)} /></Suspense>}
    </>
  );
}
