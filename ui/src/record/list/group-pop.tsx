import { Select } from 'antd';
import '@/lib/lists-words';
import { t } from '@/lib/i18n';
import { fieldLabel } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { groupable, isDated } from '../groups/group-values';
import type { ListState } from './list-view';

export const groupOptions = (object: ObjectMeta) => groupable(object).map((f) => ({ value: f.name, label: isDated(f) ? t('group.by_month', { field: fieldLabel(f) }) : fieldLabel(f) }));

export default function GroupPop({ object, state, onClose }: { object: ObjectMeta; state: ListState; onClose: () => void }) {
  const options = [{ value: '', label: t('group.none') }, ...groupOptions(object)];
  return <div className="sort-pop"><Select value={state.group} onChange={(name: string) => { state.setGroup(name); onClose(); }} options={options} defaultOpen autoFocus showSearch={{ optionFilterProp: 'label' }} aria-label={t('group.title')} /></div>;
}
