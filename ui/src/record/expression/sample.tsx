// What an expression gives for one record: the newest ones are offered.
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { get } from '@/lib/api';
import { t } from '@/lib/i18n';
import { titleField, useCatalogue } from '@/lib/meta';
import type { Page } from '@/lib/types';
import type { Checked } from './check-api';

export function sampleText(value: unknown): string {
  if (value === null || value === undefined) return t('expr.no_value');
  if (typeof value === 'boolean') return value ? t('expr.true') : t('expr.false');
  if (typeof value === 'object' && 'value' in value && 'currency' in value) return `${String(value.value)} ${String(value.currency)}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

interface Props { object: string; record?: string; onRecord: (id: string | undefined) => void; checked?: Checked }

export function Sample({ object, record, onRecord, checked }: Props) {
  const { byName } = useCatalogue();
  const meta = byName.get(object);
  const title = meta ? titleField(meta) : 'id';
  const newest = useQuery({ queryKey: ['sample', object], enabled: !!meta, queryFn: () => get<Page>(`/${meta!.plural}`, { limit: 20, sort: '-updated_at', fields: title, count: 'none' }), staleTime: 60_000, retry: false });
  const options = (newest.data?.items ?? []).map((r) => ({ value: r.id, label: String(r[title] ?? r.id) }));
  if (newest.isSuccess && !options.length) return <div className="help">{t('expr.no_records')}</div>;
  return (
    <div className="sample row">
      <span className="cap soft nw">{t('expr.try')}</span>
      <Select size="small" allowClear value={record} onChange={onRecord} options={options} loading={newest.isPending} placeholder={t('expr.pick_record')} aria-label={t('expr.pick_record')} className="grow" popupMatchSelectWidth={280} />
      {record && checked?.ok && <output className={checked.sample_error ? 'late cut' : 'cut'}>{checked.sample_error ?? sampleText(checked.sample)}</output>}
    </div>
  );
}
