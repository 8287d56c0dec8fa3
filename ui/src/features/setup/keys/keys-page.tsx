// API keys: one's own, and with the right those of everybody: made, shown once, revoked.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Segmented } from 'antd';
import { KeyRound, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { TableSkeleton } from '@/components/skeleton';
import { ErrorState, failureText, PageState } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { linkTitle } from '@/fields/link/link';
import { get, send } from '@/lib/api';
import { fullInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { maySystem, useSignedIn } from '@/lib/me';
import type { LinkValue } from '@/lib/types';
import { useShell } from '@/record/page/shell-context';
import { SettingsFrame } from '../settings-frame';

const KeyDialog = lazy(() => import('./key-dialog'));

interface Key { id: string; name: string; created_at: string; user?: LinkValue }
interface Keys { items: Key[]; next?: string | null }
const keysKey = ['api-keys'];

function Row({ of, everybody, onRevoked }: { of: Key; everybody: boolean; onRevoked: () => void }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const revoke = async () => {
    setBusy(true);
    try { await send('DELETE', `/api-keys/${of.id}`); showToast(t('apikeys.revoked')); onRevoked(); } catch (e) { showFailure(failureText(e)); }
    setBusy(false);
    setAsking(false);
  };
  return (
    <div className="srow keys">
      <span className="cut"><KeyRound size={14} strokeWidth={1.75} className="soft" aria-hidden /> {of.name}</span>
      <span className="cut soft">{everybody && of.user ? linkTitle(of.user) : ''}</span>
      <span className="cap muted nw">{fullInstant(of.created_at)}</span>
      <Button size="small" type="text" danger onClick={() => setAsking(true)}>{t('apikeys.revoke')}</Button>
      {asking && <Modal open width={400} title={t('apikeys.revoke')} onCancel={() => setAsking(false)} onOk={() => void revoke()} okText={t('apikeys.revoke')} okButtonProps={{ danger: true, loading: busy }} cancelText={t('action.cancel')}>{t('apikeys.revoke_ask', { name: of.name })}</Modal>}
    </div>
  );
}

export default function KeysPage() {
  const { rights } = useSignedIn();
  const { phone } = useShell();
  const client = useQueryClient();
  const may = maySystem(rights.system, 'api_keys');
  const [everybody, setEverybody] = useState(false);
  const [making, setMaking] = useState(false);
  const query = useInfiniteQuery({ queryKey: [...keysKey, everybody], queryFn: ({ pageParam, signal }) => get<Keys>('/api-keys', { all: everybody || null, after: pageParam }, signal), initialPageParam: null as string | null, getNextPageParam: (last) => last.next ?? null, enabled: may, staleTime: 0 });
  const keys = query.data?.pages.flatMap((p) => p.items) ?? [];
  const again = () => void client.invalidateQueries({ queryKey: keysKey });
  const add = <Button type="primary" icon={<Plus size={16} strokeWidth={1.75} />} onClick={() => setMaking(true)} aria-label={t('apikeys.new')}>{phone ? null : t('apikeys.new')}</Button>;
  return (
    <SettingsFrame name={t('apikeys.title')} title={t('apikeys.title')} may={may} actions={add}>
      <div className="toolbar line"><Segmented value={everybody ? 'all' : 'mine'} onChange={(v) => setEverybody(v === 'all')} options={[{ value: 'mine', label: t('apikeys.mine') }, { value: 'all', label: t('apikeys.everybody') }]} /></div>
      {query.isPending && <TableSkeleton columns={3} />}
      {query.isError && <ErrorState error={query.error} title={t('apikeys.error')} onRetry={() => void query.refetch()} />}
      {query.isSuccess && !keys.length && <PageState icon={KeyRound} title={t('apikeys.none')} text={t('apikeys.none_text')} />}
      {keys.length > 0 && (
        <div className="srows">
          <div className="srow hd keys" aria-hidden><span>{t('apikeys.name')}</span><span>{everybody && t('apikeys.person')}</span><span>{t('apikeys.made_at')}</span><span /></div>
          {keys.map((k) => <Row key={k.id} of={k} everybody={everybody} onRevoked={again} />)}
          {query.hasNextPage && <Button block type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('apikeys.older')}</Button>}
        </div>
      )}
      {making && <Suspense><KeyDialog onMade={again} onClose={() => setMaking(false)} /></Suspense>}
    </SettingsFrame>
  );
}
