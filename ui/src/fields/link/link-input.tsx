// Search and create in the same menu.
import { Select } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { send } from '@/lib/api';
import { inSentence, t } from '@/lib/i18n';
import { hasTrait, mayCreate, objectLabel } from '@/lib/meta';
import type { LinkValue, ObjectMeta, Rec } from '@/lib/types';
import type { InputProps } from '../kit';
import { linkOf, linkTitle } from './link';
import { useCandidates } from './use-candidates';

const CREATE = ' create';

export async function createByTitle(target: ObjectMeta, field: string, title: string): Promise<LinkValue | null> {
  try {
    const made = await send<Rec>('POST', `/${target.plural}`, { body: { [field]: title } });
    return { id: made.id, title };
  } catch (e) {
    showFailure(failureText(e));
    return null;
  }
}

/** Made on the way is only what needs no more than its name. */
const titleSuffices = (target: ObjectMeta, title: string): boolean =>
  !target.fields.some((f) => f.required && !f.system && f.name !== title && (f.default === undefined || f.default === null));

export function LinkInput({ field, value, onChange, id, invalid, autoFocus, openAtOnce, describedBy, record }: InputProps) {
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState(openAtOnce ?? false);
  const current = linkOf(value);
  const { target, items, loading, settled, title } = useCandidates(field, search, open, record?.$object as string | undefined, record);
  const known = current && !items.some((i) => i.id === current.id) && !search ? [current, ...items] : items;
  const options = known.map((i) => ({ value: i.id, label: linkTitle(i) }));
  const word = search.trim();
  if (target && word && settled && !field.fixed && mayCreate(target) && titleSuffices(target, title) && !hasTrait(target, 'coded') && !items.some((i) => i.title === word)) {
    options.push({ value: CREATE, label: t('link.create', { name: word, object: inSentence(objectLabel(target)) }) });
  }
  const choose = async (chosen: string | undefined) => {
    setSearch('');
    if (chosen === CREATE && target) onChange(await createByTitle(target, title, word) ?? current);
    else onChange(chosen ? known.find((i) => i.id === chosen) ?? { id: chosen } : null);
  };
  return (
    <Select id={id} value={current?.id} onChange={(v: string | undefined) => void choose(v)} options={options} showSearch={{ filterOption: false, searchValue: search, onSearch: setSearch }} open={open} onOpenChange={setOpen}
      loading={loading} allowClear={!field.required} status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-required={field.required} aria-describedby={describedBy}
      notFoundContent={<span className="muted cap">{loading ? t('state.searching') : t('link.none')}</span>}
      optionRender={(o) => (o.value === CREATE ? <span className="row gap4 acc"><Plus size={14} strokeWidth={1.75} aria-hidden />{o.label}</span> : <span className="cut">{o.label}</span>)} />
  );
}
