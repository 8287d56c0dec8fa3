// Types that a field had before, and the values that did not fit into the present one: they stay until purged.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'antd';
import { Link } from 'react-router';
import { formatInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import { getMisfits } from './api';
import { PurgeDialog } from './purge-dialog';

export function FormerPart({ object, field }: { object: ObjectMeta; field: FieldMeta }) {
  const has = !!field.former?.length;
  const [purging, setPurging] = useState(false);
  const misfits = useQuery({ queryKey: ['misfits', object.object, field.name], queryFn: () => getMisfits(object.object, field.name), enabled: has, staleTime: 0 });
  if (!has) return null;
  const items = misfits.data?.items ?? [];
  return (
    <div className="former">
      <div className="cap soft">{t('setup.former', { types: field.former!.map((f) => `${t(`type.${f.type}`)} (${formatInstant(f.until)})`).join('，') })}</div>
      {items.length > 0 && <div className="cap">{t('setup.misfits_n', { n: items.length })}</div>}
      <ul className="samples">{items.slice(0, 8).map((m) => <li key={m.id}><Link to={`/${object.plural}/${m.id}`}><code className="cut">{m.value}</code></Link></li>)}</ul>
      <Button size="small" danger onClick={() => setPurging(true)}>{t('setup.purge_former')}</Button>
      {purging && <PurgeDialog object={object.object} name={field.name} words={field.name} former onClose={() => setPurging(false)} />}
    </div>
  );
}
