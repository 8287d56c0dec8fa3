// Related lists of a record: which, in which order, with which columns.
import { Select } from 'antd';
import { X } from 'lucide-react';
import { IconButton } from '@/components/icon-button';
import { label as wordsOf, t } from '@/lib/i18n';
import { fieldLabel, objectLabel, ownFields, useCatalogue } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { moved, SortableList } from './sortable';

export interface Related { relation: string; fields: string[]; sort?: string[] }

export function RelatedLists({ object, related, onChange }: { object: ObjectMeta; related: Related[]; onChange: (related: Related[]) => void }) {
  const { byName } = useCatalogue();
  const relations = object.relations ?? [];
  const nameOf = (r: Related) => { const found = relations.find((x) => x.name === r.relation); return wordsOf(found?.label, found ? objectLabel(byName.get(found.object)!) : r.relation); };
  const targetOf = (r: Related) => byName.get(relations.find((x) => x.name === r.relation)?.object ?? '');
  const rest = relations.filter((x) => byName.has(x.object) && !related.some((r) => r.relation === x.name));
  if (!relations.length) return null;
  return (
    <section className="lay-related">
      <h3>{t('layout.related')}</h3>
      <SortableList items={related} keyOf={(r) => r.relation} nameOf={nameOf} label={t('layout.related')} className={() => 'lay-rel'} onMove={(from, to) => onChange(moved(related, from, to))}>
        {(r, grip, at) => (
          <>
            {grip}<span className="cut">{nameOf(r)}</span>
            <Select mode="multiple" size="small" value={r.fields} onChange={(fields: string[]) => onChange(related.map((x, i) => (i === at ? { ...x, fields } : x)))} maxTagCount="responsive" placeholder={t('layout.default_columns')} aria-label={t('layout.columns_of', { name: nameOf(r) })}
              showSearch={{ optionFilterProp: 'label' }} options={(targetOf(r) ? ownFields(targetOf(r)!) : []).map((f) => ({ value: f.name, label: fieldLabel(f) }))} />
            <IconButton small icon={X} label={t('layout.drop_field', { name: nameOf(r) })} onClick={() => onChange(related.filter((x) => x !== r))} />
          </>
        )}
      </SortableList>
      <Select size="small" value={undefined} placeholder={t('layout.add_related')} aria-label={t('layout.add_related')} disabled={!rest.length} className="add-related" onChange={(relation: string) => onChange([...related, { relation, fields: [] }])} showSearch={{ optionFilterProp: 'label' }}
        options={rest.map((x) => ({ value: x.name, label: wordsOf(x.label, x.name) }))} />
    </section>
  );
}
