// Purge: what would be lost is counted first, and the name is written before it goes for good.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Input, Modal } from 'antd';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { t } from '@/lib/i18n';
import { lookAtPurge, purge } from './api';
import { Labelled, Refusals } from './parts';
import { useSubmit } from './use-submit';

interface Props { object: string; name?: string; words: string; former?: boolean; onClose: () => void }

export function PurgeDialog({ object, name: key, words, former, onClose }: Props) {
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const look = useQuery({ queryKey: ['purge', object, key], queryFn: () => lookAtPurge(object, key), staleTime: 0, gcTime: 0, retry: false });
  const form = useSubmit(() => { void client.invalidateQueries({ queryKey: ['meta-bin'] }); onClose(); });
  const wanted = key ?? object;
  const told = () => {
    if (look.isError) return failureText(look.error);
    if (!look.data) return t('setup.purge_counting');
    const n = (look.data.filled ?? 0).toLocaleString();
    if (!key) return t('setup.purge_object_loses', { records: n });
    return t(former ? 'setup.purge_former_loses' : 'setup.purge_field_loses', { filled: n, records: look.data.records.toLocaleString() });
  };
  return (
    <Modal open title={t('setup.purge_title', { name: words })} onCancel={onClose} okText={t('setup.purge')} cancelText={t('action.cancel')} okButtonProps={{ danger: true, disabled: typed !== wanted || !look.data, loading: form.busy }}
      onOk={() => void form.submit(() => purge(object, key), t('setup.purged', { name: words }), { undo: false })}>
      <Refusals of={form} />
      <p className="purge-told" role="status">{told()}</p>
      <p className="soft">{t('setup.purge_forever')}</p>
      <Labelled label={t('setup.purge_confirm', { name: wanted })}><Input value={typed} onChange={(e) => setTyped(e.target.value)} className="code" autoFocus /></Labelled>
    </Modal>
  );
}
