import { Input, Select } from 'antd';
import { label, t } from '@/lib/i18n';
import { entriesOf } from '@/lib/meta';
import type { InputProps } from '../kit';
import { addressOf, type AddressValue } from './address';

const options = (list: string, parent?: string | null) =>
  entriesOf(list).filter((c) => !c.retired && (!parent || !c.parent || c.parent === parent)).map((c) => ({ value: c.value, label: label(c.label, c.value) }));

/** Within China province and city are chosen, the city by its province; abroad they are written. */
export function AddressInput({ value, onChange, id, invalid, autoFocus, describedBy }: InputProps) {
  const a = addressOf(value);
  const set = (parts: AddressValue) => onChange({ ...a, ...parts });
  const home = !a.country || a.country === 'CN' || a.country === '中国';
  const status = invalid ? 'error' as const : undefined;
  const city = (code: string | undefined) => set({ city: code ?? null, province: a.province ?? entriesOf('city').find((c) => c.value === code)?.parent ?? null });
  return (
    <div className="address" role="group" aria-describedby={describedBy}>
      {home ? (
        <>
          <Select id={id} value={a.province ?? undefined} onChange={(p?: string) => set({ province: p ?? null, city: null })} options={options('province')} placeholder={t('address.province')} aria-label={t('address.province')} showSearch={{ optionFilterProp: 'label' }} allowClear status={status} autoFocus={autoFocus} />
          <Select value={a.city ?? undefined} onChange={city} options={options('city', a.province)} placeholder={t('address.city')} aria-label={t('address.city')} showSearch={{ optionFilterProp: 'label' }} allowClear status={status} />
        </>
      ) : (
        <>
          <Input id={id} value={a.province ?? ''} onChange={(e) => set({ province: e.target.value })} placeholder={t('address.province')} aria-label={t('address.province')} autoFocus={autoFocus} />
          <Input value={a.city ?? ''} onChange={(e) => set({ city: e.target.value })} placeholder={t('address.city')} aria-label={t('address.city')} />
        </>
      )}
      <Input value={a.district ?? ''} onChange={(e) => set({ district: e.target.value })} placeholder={t('address.district')} aria-label={t('address.district')} maxLength={60} />
      <Input className="wide" value={a.street ?? ''} onChange={(e) => set({ street: e.target.value })} placeholder={t('address.street')} aria-label={t('address.street')} maxLength={200} />
      <Input value={a.postcode ?? ''} onChange={(e) => set({ postcode: e.target.value })} placeholder={t('address.postcode')} aria-label={t('address.postcode')} maxLength={20} />
      <Input value={a.country ?? ''} onChange={(e) => set({ country: e.target.value, province: null, city: null })} placeholder={t('address.country')} aria-label={t('address.country')} maxLength={60} />
    </div>
  );
}
