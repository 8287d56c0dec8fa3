// Ready mappings of other systems and those that people saved: take one, keep the one in hand.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input, Popover, Select } from 'antd';
import { Save, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { get, send } from '@/lib/api';
import { label, t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import type { ReadyMapping, SavedOptions } from './preview';

export interface SavedMapping { id: string; name: string; shared: boolean; mine: boolean; options: SavedOptions }

const path = (object: ObjectMeta): string => `/${object.plural}/import/mappings`;

function useMappings(object: ObjectMeta) {
  return useQuery({ queryKey: ['import-mappings', object.plural], queryFn: ({ signal }) => get<{ items: SavedMapping[] }>(path(object), {}, signal), staleTime: 60000 });
}

function SaveForm({ object, options, initial, onDone }: { object: ObjectMeta; options: () => unknown; initial: string; onDone: (id: string) => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(initial);
  const [shared, setShared] = useState(false);
  const save = async () => {
    try {
      const saved = await send<SavedMapping>('POST', path(object), { body: { name, shared, options: options() } });
      await client.invalidateQueries({ queryKey: ['import-mappings', object.plural] });
      showToast(t('import.mapping_saved', { name: saved.name }));
      onDone(saved.id);
    } catch (e) { showFailure(failureText(e)); }
  };
  return (
    <form className="save-mapping" onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <Input value={name} maxLength={80} onChange={(e) => setName(e.target.value)} placeholder={t('import.mapping_name')} aria-label={t('import.mapping_name')} autoFocus />
      <Checkbox checked={shared} onChange={(e) => setShared(e.target.checked)}>{t('import.mapping_shared')}</Checkbox>
      <Button type="primary" size="small" htmlType="submit" disabled={!name.trim()}>{t('import.mapping_keep')}</Button>
    </form>
  );
}

interface Props { object: ObjectMeta; ready: ReadyMapping[]; chosen: string; onTake: (chosen: string, options: SavedOptions | null) => void; options: () => unknown }

export function MappingChoice({ object, ready, chosen, onTake, options }: Props) {
  const client = useQueryClient();
  const saved = useMappings(object).data?.items ?? [];
  const [open, setOpen] = useState(false);
  const current = saved.find((m) => m.id === chosen);
  const groups = [
    { value: '', label: t('import.guessed') },
    ...(saved.length ? [{ label: t('import.saved_mappings'), options: saved.map((m) => ({ value: m.id, label: m.mine ? m.name : `${m.name} · ${t('import.of_others')}` })) }] : []),
    ...(ready.length ? [{ label: t('import.ready_mappings'), options: ready.map((r) => ({ value: `ready:${r.name}`, label: t('import.ready_columns', { name: label(r.label, r.name), n: r.columns }) })) }] : []),
  ];
  const take = (value: string) => onTake(value, saved.find((m) => m.id === value)?.options ?? ready.find((r) => `ready:${r.name}` === value)?.options ?? null);
  const drop = async () => {
    try {
      await send('DELETE', `${path(object)}/${chosen}`);
      await client.invalidateQueries({ queryKey: ['import-mappings', object.plural] });
      onTake('', null);
    } catch (e) { showFailure(failureText(e)); }
  };
  return (
    <div className="row gap8 mapping-choice">
      <Select value={chosen} options={groups} onChange={take} aria-label={t('import.use_mapping')} popupMatchSelectWidth={false} style={{ minWidth: 200 }} />
      {current?.mine && <IconButton icon={Trash2} label={t('import.mapping_drop', { name: current.name })} onClick={() => void drop()} />}
      <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" destroyOnHidden content={<SaveForm object={object} options={options} initial={current?.mine ? current.name : ''} onDone={(id) => { setOpen(false); onTake(id, null); }} />}>
        <Button size="small" icon={<Save size={14} strokeWidth={1.75} />}>{t('import.mapping_save')}</Button>
      </Popover>
    </div>
  );
}
