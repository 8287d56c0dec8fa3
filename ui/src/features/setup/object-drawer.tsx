// A new object: a name in both languages is enough; it has its list, form, board and import at once.
import { Button, Checkbox, Drawer, Input, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { iconOf } from '@/components/icons';
import { label as wordsOf, t } from '@/lib/i18n';
import type { Label } from '@/lib/types';
import { createObject, type NewObject } from './api';
import { identifierOf, initialsOf, isIdentifier, pluralIdentifier } from './names';
import { cleanLabel, Labelled, LabelPair } from './parts';
import { useSubmit } from './use-submit';

const AREAS = ['sales', 'marketing', 'service', 'custom'];
const ICONS = ['box', 'building', 'calendar', 'file', 'folder', 'list', 'map-pin', 'megaphone', 'message', 'package', 'store', 'target', 'ticket', 'truck', 'users', 'wallet'];

interface Draft { label: Label; object: string; plural: string; area: string; icon: string; owned: boolean; numbered: boolean }
const START: Draft = { label: {}, object: '', plural: '', area: 'custom', icon: 'box', owned: true, numbered: false };

/** Every object starts with a name; it is its title. */
export function objectBody(draft: Draft): NewObject {
  return {
    object: draft.object, plural: draft.plural, area: draft.area, icon: draft.icon, label: cleanLabel(draft.label), title: 'name',
    traits: [...(draft.owned ? ['owned'] : []), ...(draft.numbered ? ['numbered'] : [])],
    ...(draft.numbered ? { number: `${initialsOf(draft.object)}{YYYY}{0000}` } : {}),
    fields: [{ name: 'name', type: 'text', required: true, search: true, label: { 'zh-CN': '名称', en: 'Name' } }],
  };
}

export default function ObjectDrawer({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(START);
  const [named, setNamed] = useState(false);
  const { busy, failure, errorOf, submit } = useSubmit(() => { onClose(); void navigate(`/settings/objects/${draft.object}`); });
  const set = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const rename = (object: string) => set({ object, plural: object ? pluralIdentifier(object) : '' });
  const relabel = (label: Label) => { set({ label }); if (!named) rename(identifierOf(label.en ?? '')); };
  const words = wordsOf(cleanLabel(draft.label), draft.object);
  const ready = isIdentifier(draft.object) && isIdentifier(draft.plural);
  return (
    <Drawer open onClose={onClose} size={440} title={t('setup.new_object')}
      footer={<div className="form-foot"><span className="note cut">{t('setup.at_once')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={busy} disabled={!ready} onClick={() => void submit(() => createObject(objectBody(draft)), t('setup.object_added', { object: words }))}>{t('action.create')}</Button></div>}>
      {failure && <div className="banner danger" role="alert"><div className="grow">{failure}</div></div>}
      <LabelPair value={draft.label} error={errorOf('label')} onChange={relabel} />
      <div className="form-grid two">
        <Labelled label={t('setup.name')} error={errorOf('object')}><Input value={draft.object} className="code" onChange={(e) => { setNamed(true); rename(e.target.value); }} /></Labelled>
        <Labelled label={t('setup.plural')} error={errorOf('plural')}><Input value={draft.plural} className="code" onChange={(e) => { setNamed(true); set({ plural: e.target.value }); }} /></Labelled>
        <Labelled label={t('setup.area')} error={errorOf('area')}><Select value={draft.area} onChange={(area: string) => set({ area })} options={AREAS.map((a) => ({ value: a, label: t(`area.${a}`) }))} /></Labelled>
        <Labelled label={t('setup.icon')} error={errorOf('icon')}><Select value={draft.icon} onChange={(icon: string) => set({ icon })} options={ICONS.map((i) => ({ value: i, label: i }))} optionRender={(o) => { const Icon = iconOf(String(o.value)); return <span className="row"><Icon size={16} strokeWidth={1.75} aria-hidden /><code>{o.label}</code></span>; }} /></Labelled>
      </div>
      <div className="opts"><Checkbox checked={draft.owned} onChange={(e) => set({ owned: e.target.checked })}>{t('setup.owned')}</Checkbox><Checkbox checked={draft.numbered} onChange={(e) => set({ numbered: e.target.checked })}>{t('setup.numbered')}</Checkbox></div>
      {errorOf('traits') && <div className="err" role="alert">{errorOf('traits')}</div>}
    </Drawer>
  );
}
