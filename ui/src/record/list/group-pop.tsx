import { Button, Select } from 'antd';
import '@/lib/lists-words';
import { t } from '@/lib/i18n';
import { fieldLabel } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { groupable, isDated } from '../groups/group-values';
import { MAX_GROUPING } from './use-list-state';
import type { ListState } from './list-view';

export const groupOptions = (object: ObjectMeta) => groupable(object).map((f) => ({ value: f.name, label: isDated(f) ? t('group.by_month', { field: fieldLabel(f) }) : fieldLabel(f) }));

/** One level after the other: the next can be chosen once there is one before it. */
export default function GroupPop({ object, state, onClose }: { object: ObjectMeta; state: ListState; onClose: () => void }) {
  const levels = state.kind === 'table' ? Math.min(MAX_GROUPING, state.groups.length + 1) : 1;
  const set = (at: number, name: string) => {
    const next = name ? [...state.groups.slice(0, at), name, ...state.groups.slice(at + 1)] : state.groups.slice(0, at);
    state.setGroup(next.join(','));
    if (!next.length || next.length === MAX_GROUPING) onClose();
  };
  return (
    <div className="sort-pop">
      {Array.from({ length: levels }, (_, at) => {
        const taken = state.groups.filter((_name, i) => i !== at);
        const options = [{ value: '', label: t(at ? 'group.no_more' : 'group.none') }, ...groupOptions(object).filter((o) => !taken.includes(o.value))];
        return <Select key={at} value={state.groups[at] ?? ''} onChange={(name: string) => set(at, name)} options={options} defaultOpen={!at && !state.groups.length} autoFocus={at === state.groups.length} showSearch={{ optionFilterProp: 'label' }} aria-label={t(at ? 'group.then' : 'group.title')} prefix={at ? <span className="muted">{t('group.then')}</span> : undefined} />;
      })}
      <Button size="small" type="text" onClick={onClose}>{t('action.close')}</Button>
    </div>
  );
}
