// How the field will look in a form and in a list, before it is saved.
import { useState } from 'react';
import { FieldDisplay } from '@/fields/field-display';
import { FieldInput, hasInput } from '@/fields/inputs';
import { t } from '@/lib/i18n';
import { fieldLabel, useCatalogue } from '@/lib/meta';
import type { FieldMeta, ObjectMeta } from '@/lib/types';
import type { FieldDraft } from './field-draft';
import { useLists } from './lists';

function metaOf(d: FieldDraft, choices: FieldMeta['choices'], target: ObjectMeta | undefined): FieldMeta {
  return {
    name: d.name || 'preview', type: d.type, label: d.label, choices, to: d.type === 'any_link' ? undefined : d.to[0], scale: d.scale ? Number(d.scale) : undefined, max: d.max ? Number(d.max) : undefined,
    multiple: d.multiple, target: target ? { coded: target.traits?.includes('coded') ?? false, icon: target.icon ?? target.object } : undefined,
  };
}

const NOT_SHOWN = ['formula', 'rollup', 'auto_number', 'file', 'image', 'secret', 'link', 'links', 'any_link', 'address'];

export function FieldPreview({ draft }: { object: ObjectMeta; draft: FieldDraft }) {
  const lists = useLists();
  const { byName } = useCatalogue();
  const [value, setValue] = useState<unknown>(null);
  if (NOT_SHOWN.includes(draft.type)) return null;
  const choices = draft.list ? lists.data?.find((l) => l.list === draft.list)?.entries : draft.choices.filter((c) => c.value);
  const field = metaOf(draft, choices, byName.get(draft.to[0] ?? ''));
  const shown = draft.type === 'choice' ? (choices ?? []).filter((c) => !c.retired).slice(0, 6) : [];
  return (
    <div className="ff">
      <div className="lab">{t('setup.preview')}</div>
      <div className="live-preview">
        {hasInput(field) && <><label htmlFor="field-preview" className="cut soft">{draft.name || Object.keys(draft.label).length ? fieldLabel(field) : t(`type.${draft.type}`)}</label><div key={draft.type}><FieldInput field={field} value={value} onChange={setValue} id="field-preview" record={{}} /></div></>}
        {shown.length > 0 && <><span className="soft">{t('setup.in_list')}</span><span className="row wrap">{shown.map((c) => <FieldDisplay key={c.value} field={field} value={c.value} />)}</span></>}
      </div>
    </div>
  );
}
