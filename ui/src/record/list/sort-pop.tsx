import { Segmented, Select } from 'antd';
import { ArrowUp, X } from 'lucide-react';
import { IconButton } from '@/components/icon-button';
import '@/lib/lists-words';
import { t } from '@/lib/i18n';
import { fieldLabel, fieldOf } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { isSortable } from '../page/columns';
import type { ListState } from './list-view';
import { MAX_SORT, parseSort, sortText, type SortKey } from './use-list-state';

export default function SortPop({ object, state }: { object: ObjectMeta; state: ListState }) {
  const keys = parseSort(state.sort);
  const put = (next: SortKey[]) => state.setSort(sortText(next));
  const free = object.fields.filter((f) => isSortable(f) && f.name !== 'version' && !keys.some((k) => k.field === f.name));
  const labelOf = (name: string): string => { const f = fieldOf(object, name); return f ? fieldLabel(f) : name; };
  return (
    <div className="sort-pop">
      {!keys.length && <div className="muted cap">{t('sort.none')}</div>}
      {keys.map((k, i) => {
        const field = labelOf(k.field);
        return (
          <div key={k.field} className="one">
            <span className="cut grow">{field}</span>
            <Segmented size="small" value={k.down ? 'down' : 'up'} onChange={(way) => put(keys.map((x) => (x === k ? { ...k, down: way === 'down' } : x)))} options={[{ value: 'up', label: t('sort.up') }, { value: 'down', label: t('sort.down') }]} aria-label={field} />
            <IconButton small icon={ArrowUp} label={t('sort.first', { field })} disabled={i === 0} onClick={() => put([...keys.slice(0, i - 1), k, keys[i - 1]!, ...keys.slice(i + 1)])} />
            <IconButton small icon={X} label={t('sort.remove', { field })} onClick={() => put(keys.filter((x) => x !== k))} />
          </div>
        );
      })}
      {keys.length < MAX_SORT ? <Select value={null} onChange={(name: string | null) => { if (name) put([...keys, { field: name, down: false }]); }} placeholder={t('sort.add')} aria-label={t('sort.add')} options={free.map((f) => ({ value: f.name, label: fieldLabel(f) }))} showSearch={{ optionFilterProp: 'label' }} /> : <div className="muted cap">{t('sort.most', { n: MAX_SORT })}</div>}
    </div>
  );
}
