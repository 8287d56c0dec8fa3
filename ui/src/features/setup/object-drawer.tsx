// A new object: a name in both languages is enough; it has its list, form, board and import at once.
import { Button, Drawer, Input, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { label as wordsOf, t } from '@/lib/i18n';
import type { Label } from '@/lib/types';
import { createObject } from './api';
import { IconPick } from './icon-pick';
import { cleanLabel } from './labels';
import { identifierOf, isIdentifier, pluralIdentifier } from './names';
import { AREAS, objectBody, START, type ObjectDraft } from './object-draft';
import { Labelled, LabelPair, Refusals, SwitchRow } from './parts';
import { useSubmit } from './use-submit';

export default function ObjectDrawer({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(START);
  const [named, setNamed] = useState(false);
  const form = useSubmit(() => { onClose(); void navigate(`/settings/objects/${draft.object}`); });
  const { errorOf } = form;
  const set = (part: Partial<ObjectDraft>) => setDraft((old) => ({ ...old, ...part }));
  const rename = (object: string) => set({ object, plural: object ? pluralIdentifier(object) : '' });
  const relabel = (label: Label) => { set({ label }); if (!named) rename(identifierOf(label.en ?? '')); };
  const words = wordsOf(cleanLabel(draft.label), draft.object);
  const ready = isIdentifier(draft.object) && isIdentifier(draft.plural);
  return (
    <Drawer open onClose={onClose} size={440} title={t('setup.new_object')}
      footer={<div className="form-foot"><span className="note cut">{t('setup.at_once')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={form.busy} disabled={!ready} onClick={() => void form.submit(() => createObject(objectBody(draft)), t('setup.object_added', { object: words }))}>{t('action.create')}</Button></div>}>
      <Refusals of={form} shown={['label', 'object', 'plural', 'area', 'icon', 'number', 'traits']} />
      <LabelPair value={draft.label} error={errorOf('label')} onChange={relabel} />
      <div className="form-grid two">
        <Labelled label={t('setup.name')} error={errorOf('object')} help={t('setup.name_help')}><Input value={draft.object} className="code" onChange={(e) => { setNamed(true); rename(e.target.value); }} /></Labelled>
        <Labelled label={t('setup.plural')} error={errorOf('plural')}><Input value={draft.plural} className="code" onChange={(e) => { setNamed(true); set({ plural: e.target.value }); }} /></Labelled>
        <Labelled label={t('setup.area')} error={errorOf('area')}><Select value={draft.area} onChange={(area: string) => set({ area })} options={AREAS.map((a) => ({ value: a, label: t(`area.${a}`) }))} /></Labelled>
        <Labelled label={t('setup.icon')} error={errorOf('icon')}><IconPick value={draft.icon} onChange={(icon) => set({ icon })} /></Labelled>
      </div>
      <SwitchRow label={t('setup.owned')} help={t('setup.owned_help')} error={errorOf('traits')} checked={draft.owned} onChange={(owned) => set({ owned })} />
      <SwitchRow label={t('setup.followed')} help={t('setup.followed_help')} checked={draft.followed} onChange={(followed) => set({ followed })} />
      <SwitchRow label={t('setup.numbered')} help={t('setup.numbered_help')} checked={draft.numbered} onChange={(numbered) => set({ numbered })} />
      {draft.numbered && <Labelled label={t('setup.number')} error={errorOf('number')} help={t('setup.number_help')}><Input value={draft.number} className="code" placeholder={String(objectBody({ ...draft, object: draft.object || 'n' }).number)} onChange={(e) => set({ number: e.target.value })} /></Labelled>}
      <SwitchRow label={t('setup.history_kept')} help={t('setup.history_help')} checked={draft.history} onChange={(history) => set({ history })} />
      <SwitchRow label={t('setup.timeline')} help={t('setup.timeline_help')} checked={draft.timeline} onChange={(timeline) => set({ timeline })} />
    </Drawer>
  );
}
