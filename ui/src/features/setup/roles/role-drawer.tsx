// A new role: empty, or a copy of one that is there.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Input, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { t } from '@/lib/i18n';
import type { Label } from '@/lib/types';
import { touch } from '@/record/data/records';
import { identifierOf, isIdentifier } from '../names';
import { Labelled, LabelPair } from '../parts';
import { useSubmit } from '../use-submit';
import { createRole, fetchForm, putForm, roleName, type Role } from './api';
import { EMPTY } from './matrix';

export default function RoleDrawer({ roles, from, onClose }: { roles: Role[]; from?: Role; onClose: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [label, setLabel] = useState<Label>({});
  const [typed, setTyped] = useState<string>();
  const [source, setSource] = useState(from?.code ?? '');
  const [description, setDescription] = useState('');
  const code = typed ?? identifierOf(label.en ?? '');
  const { busy, failure, errors, errorOf, submit } = useSubmit(() => { touch(client, 'roles'); onClose(); void navigate(`/settings/roles/${code}`); });
  const name = label['zh-CN']?.trim() || label.en?.trim() || '';
  const make = async () => {
    const form = source ? (await fetchForm(source)).form : EMPTY;
    await createRole({ code, name, name_en: label.en?.trim() || null, description: description.trim() || null });
    await putForm(code, { objects: form.objects, system: form.system });
  };
  const rest = errors.filter((e) => e.field && !['name', 'code'].includes(e.field));
  return (
    <Drawer open onClose={onClose} size={440} title={from ? t('roles.copy_of', { name: roleName(from) }) : t('roles.new')}
      footer={<div className="form-foot"><span className="note cut">{t('roles.new_note')}</span><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" loading={busy} disabled={!name || !isIdentifier(code)} onClick={() => void submit(make, t('roles.made', { name }))}>{t('action.create')}</Button></div>}>
      {[failure, ...rest.map((e) => `${e.field}: ${e.message}`)].filter(Boolean).map((text) => <div key={text} className="banner danger" role="alert"><div className="grow">{text}</div></div>)}
      <LabelPair value={label} error={errorOf('name')} onChange={setLabel} />
      <Labelled label={t('roles.code')} error={errorOf('code')} help={t('setup.name_help')}><Input value={code} className="code" onChange={(e) => setTyped(e.target.value)} /></Labelled>
      <Labelled label={t('roles.rights_of')}><Select value={source} onChange={setSource} showSearch={{ optionFilterProp: 'label' }} options={[{ value: '', label: t('roles.rights_none') }, ...roles.map((r) => ({ value: r.code, label: roleName(r) }))]} /></Labelled>
      <Labelled label={t('roles.description')}><Input.TextArea value={description} onChange={(e) => setDescription(e.target.value)} rows={2} /></Labelled>
    </Drawer>
  );
}
