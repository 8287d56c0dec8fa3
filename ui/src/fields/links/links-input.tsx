import { Select } from 'antd';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import type { InputProps } from '../kit';
import { linkTitle } from '../link/link';
import { useCandidates } from '../link/use-candidates';
import { linksOf } from './links';

export function LinksInput({ field, value, onChange, id, invalid, autoFocus, describedBy, record }: InputProps) {
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState(false);
  const chosen = linksOf(value);
  const { items, loading } = useCandidates(field, search, open, record?.$object as string | undefined, record);
  const known = [...chosen, ...items.filter((i) => !chosen.some((c) => c.id === i.id))];
  return (
    <Select mode="multiple" id={id} value={chosen.map((c) => c.id)} onChange={(ids: string[]) => onChange(ids.map((x) => known.find((k) => k.id === x) ?? { id: x }))}
      options={known.map((i) => ({ value: i.id, label: linkTitle(i) }))} showSearch={{ filterOption: false, onSearch: setSearch }} onOpenChange={setOpen} loading={loading}
      status={invalid ? 'error' : undefined} autoFocus={autoFocus} aria-describedby={describedBy} notFoundContent={<span className="muted cap">{loading ? t('state.searching') : t('link.none')}</span>} />
  );
}
