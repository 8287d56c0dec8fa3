// First the kind, then the record of it.
import { Select } from 'antd';
import { useState } from 'react';
import { t } from '@/lib/i18n';
import { mayRead, objectLabel, useCatalogue } from '@/lib/meta';
import type { FieldMeta } from '@/lib/types';
import type { InputProps } from '../kit';
import { linkOf } from '../link/link';
import { LinkInput } from '../link/link-input';
import { anyLinkOf } from './any-link';

/** GET /meta gives a list of objects, "*" for any. */
const kindsOf = (field: FieldMeta): string[] => (Array.isArray(field.to) ? field.to as string[] : []);

export function AnyLinkInput(props: InputProps) {
  const { field, value, onChange, id, invalid } = props;
  const { byName } = useCatalogue();
  const link = anyLinkOf(value);
  const [kind, setKind] = useState(link?.object);
  const wanted = kindsOf(field);
  const offered = [...byName.values()].filter((o) => mayRead(o) && (wanted.includes('*') || wanted.includes(o.object)));
  const target = kind ? byName.get(kind) : undefined;
  const inner: FieldMeta = { ...field, type: 'link', to: kind, target: target ? { coded: target.traits?.includes('coded') ?? false, icon: target.icon ?? target.object } : undefined };
  const chooseKind = (chosen: string | undefined) => { setKind(chosen); onChange(null); };
  const chooseRecord = (chosen: unknown) => {
    const found = linkOf(chosen);
    onChange(found && kind ? { object: kind, id: found.id, title: found.title ?? null } : null);
  };
  return (
    <span className="row" style={{ width: '100%' }}>
      <Select id={id} style={{ flex: '0 0 38%' }} value={kind} onChange={chooseKind} allowClear={!field.required} status={invalid && !kind ? 'error' : undefined} aria-label={t('any_link.kind')} placeholder={t('any_link.kind')}
        options={offered.map((o) => ({ value: o.object, label: objectLabel(o) }))} showSearch={{ optionFilterProp: 'label' }} />
      <span style={{ flex: 1, minWidth: 0, display: 'grid' }}>
        {kind && <LinkInput key={kind} {...props} id={id && `${id}-record`} field={inner} value={link?.object === kind ? { id: link.id, title: link.title ?? undefined } : null} onChange={chooseRecord} />}
      </span>
    </span>
  );
}
