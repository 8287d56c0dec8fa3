// What is on the screen as a view, and the ways to keep, pin and take away the one that is open.
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { t } from '@/lib/i18n';
import { fieldOf, titleField } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { joinAnd } from '../filter/expression';
import type { ListState } from '../list/list-view';
import type { useChosenColumns } from '../list/use-chosen-columns';
import { viewLabel } from '../page/views';
import { useReloadViews } from './use-saved-views';
import { changeView, createView, deleteView, isSavedView, pinView, unpinView, type SavedView, type ViewBody } from './view-api';

interface Options { object: ObjectMeta; state: ListState; kind: 'table' | 'board'; columns?: ReturnType<typeof useChosenColumns> }

/** Words that were looked for become a condition: a view holds one filter. */
export function bodyOf({ object, state, kind, columns }: Options): ViewBody {
  const find = state.find && state.searched ? `${titleField(object)} ~ ${JSON.stringify(state.find)}` : '';
  const filter = joinAnd([state.effective, find]);
  return {
    kind: kind === 'board' ? kind : state.kind, group: state.group || (kind === 'board' ? state.view.group ?? null : null), look: state.looks || null, filter: filter || null, sort: state.sort ? state.sort.split(',') : null,
    columns: columns && columns.chosen ? columns.columns.map((c) => ({ field: c.field.name, width: Math.round(c.width), ...(c.frozen && c !== columns.columns[0] ? { frozen: true } : {}) })) : state.view.columns?.filter((c) => fieldOf(object, typeof c === 'string' ? c : c.field)) ?? null,
  };
}

const bodyOfView = (view: SavedView): ViewBody => ({ object: view.object, label: view.label, kind: view.kind, filter: view.filter, sort: view.sort, columns: view.columns, group: view.group, look: view.look, ...(view.shared_with ? { shared_with: view.shared_with } : {}) });

export function useViewActions(options: Options) {
  const { object, state, kind, columns } = options;
  const { view } = state;
  const reload = useReloadViews(object);
  const name = viewLabel(view);
  const body = bodyOf(options);
  const changed = state.own !== '' || state.sort !== (view.sort ?? []).join(',') || !!columns?.chosen || (kind !== 'board' && (state.group !== (view.group ?? '') || state.kind !== (view.kind ?? 'table') || state.looked));
  const run = async (act: () => Promise<unknown>, done?: string) => {
    try {
      await act();
      await reload();
      if (done) showToast(done);
    } catch (e) {
      showFailure(failureText(e));
    }
  };
  const keep = () => run(async () => {
    await changeView(view.view, body);
    columns?.choose(null);
    state.settle(view.view);
  }, t('view.saved', { name }));
  const bringBack = (old: SavedView, wasPinned: boolean) => run(async () => {
    const again = await createView(bodyOfView(old));
    if (wasPinned) await pinView(object.object, again.view);
  }, t('toast.undone'));
  const remove = async () => {
    if (!isSavedView(view)) return;
    const wasPinned = state.saved.pins.some((p) => p.view === view.view);
    state.settle('all');
    await run(() => deleteView(view.view));
    showToast(t('view.deleted', { name }), view.mine ? { label: t('action.undo'), key: 'Ctrl Z', run: () => void bringBack(view, wasPinned) } : undefined);
  };
  const pin = (on: boolean) => run(() => (on ? pinView(object.object, view.view) : unpinView(object.object, view.view)), t(on ? 'view.pinned' : 'view.unpinned', { name }));
  const makeHome = () => run(() => pinView(object.object, view.view, true), t('view.is_home', { name }));
  return { body, changed, keep, remove, pin, makeHome };
}
