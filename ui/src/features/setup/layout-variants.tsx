// For whom a layout is: for all, for some roles, for records of a type. Another one begins as a copy of the one shown.
import { useQuery } from '@tanstack/react-query';
import { Button, Modal, Select } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { choiceLabel, fieldLabel, fieldOf, useCatalogue } from '@/lib/meta';
import { t } from '@/lib/i18n';
import type { Layout, ObjectMeta } from '@/lib/types';
import { addLayout } from './api';
import { Labelled, Refusals } from './parts';
import { fetchRoles, roleName, rolesKey } from './roles/api';
import { useSubmit } from './use-submit';

type Kind = 'form' | 'list' | 'board';
interface Props { object: ObjectMeta; kind: Kind; layout?: Layout; onPick: (layout: string) => void; onSaved: () => void }

export const layoutsOf = (object: ObjectMeta, kind: Kind): Layout[] => (object.layouts ?? []).filter((l) => l.kind === kind);
/** What comes after ".form", free among the layouts of the object. */
export function freeName(object: ObjectMeta, kind: Kind): string {
  for (let n = 2; ; n++) if (!object.layouts?.some((l) => l.layout === `${object.object}.${kind}_${n}`)) return `${object.object}.${kind}_${n}`;
}

/** All that the layout shows, for others. */
function copyOf(layout: Layout | undefined, as: Pick<Layout, 'kind' | 'layout' | 'for'>): Layout {
  const copy: Layout = { ...layout, ...as };
  delete copy.missing;
  return copy;
}

function useRoleOptions() {
  const { data } = useQuery({ queryKey: rolesKey, queryFn: ({ signal }) => fetchRoles(signal), staleTime: 30_000 });
  return (data ?? []).map((r) => ({ value: r.code, label: roleName(r) }));
}

function NewVariant({ object, kind, layout, onSaved, onPick, onClose }: Props & { onClose: () => void }) {
  const { meta } = useCatalogue();
  const [version] = useState(meta.version);
  const [roles, setRoles] = useState<string[]>([]);
  const [type, setType] = useState<string | undefined>();
  const form = useSubmit(() => { onSaved(); onClose(); }, version);
  const options = useRoleOptions();
  const field = kind === 'form' && object.record_type ? fieldOf(object, object.record_type) : undefined;
  const name = freeName(object, kind);
  const who = { ...(roles.length ? { roles } : {}), ...(type ? { record_type: type } : {}) };
  const save = () => void form.submit(async () => { await addLayout(object.object, copyOf(layout, { kind, layout: name, for: who })); onPick(name); }, t('layout.saved'));
  return (
    <Modal open onCancel={onClose} title={t('layout.for_title', { kind: t(`layout.${kind}`) })} okText={t('layout.for_make')} cancelText={t('action.cancel')} onOk={save} okButtonProps={{ disabled: !roles.length && !type, loading: form.busy }}>
      <p className="help">{t('layout.for_help')}</p>
      <Refusals of={form} />
      <Labelled label={t('layout.for_roles')}><Select id="layout-roles" mode="multiple" value={roles} onChange={setRoles} options={options} placeholder={t('layout.for_any_role')} showSearch={{ optionFilterProp: 'label' }} aria-label={t('layout.for_roles')} /></Labelled>
      {field && <Labelled label={fieldLabel(field)}><Select id="layout-type" value={type} onChange={setType} allowClear options={(field.choices ?? []).filter((c) => !c.retired).map((c) => ({ value: c.value, label: choiceLabel(field, c.value) }))} placeholder={t('layout.for_any_type')} aria-label={fieldLabel(field)} /></Labelled>}
    </Modal>
  );
}

export function LayoutVariants(props: Props) {
  const { object, kind, layout, onPick } = props;
  const [making, setMaking] = useState(false);
  const roles = new Map(useRoleOptions().map((r) => [r.value, r.label]));
  const all = layoutsOf(object, kind);
  const type = object.record_type ? fieldOf(object, object.record_type) : undefined;
  const words = ({ for: who }: Layout): string => {
    const parts = [who?.record_type ? (type ? choiceLabel(type, who.record_type) : who.record_type) : '', ...(who?.roles ?? []).map((r) => roles.get(r) ?? r)].filter(Boolean);
    return parts.length ? t('layout.for', { who: parts.join(t('list.separator')) }) : t('layout.for_all');
  };
  return (
    <div className="toolbar line variants">
      {all.length > 1 && <Select size="small" value={layout?.layout} onChange={onPick} options={all.map((l) => ({ value: l.layout, label: words(l) }))} aria-label={t('layout.which')} popupMatchSelectWidth={false} />}
      {all.length === 1 && <span className="cap muted">{t('layout.for_all')}</span>}
      <Button size="small" type="text" icon={<Plus size={14} strokeWidth={1.75} />} onClick={() => setMaking(true)}>{t('layout.for_new')}</Button>
      {making && <NewVariant {...props} onClose={() => setMaking(false)} />}
    </div>
  );
}
