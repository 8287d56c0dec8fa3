// What waits to be sent: about whom, when written, why refused; sent again or thrown away by its writer.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Popconfirm } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { showToast } from '@/components/toast';
import { formatInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import { useLink } from '@/lib/offline/link';
import { dropUnsent, isDoubtful, sendUnsent, type Unsent } from '@/lib/offline/unsent';
import { useUnsent } from '@/lib/offline/use-unsent';
import { useMediaQuery } from '@/lib/media';

function One({ entry, onGo }: { entry: Unsent; onGo: () => void }) {
  const client = useQueryClient();
  const { lost } = useLink();
  const [busy, setBusy] = useState(false);
  const plural = useCatalogue().byName.get(entry.about.object)?.plural;
  const again = async () => {
    setBusy(true);
    const how = await sendUnsent({ ...entry, problem: null }).catch(() => 'waits' as const);
    setBusy(false);
    if (how !== 'sent') return;
    showToast(t('offline.sent', { n: 1 }));
    void client.invalidateQueries();
  };
  return (
    <article className="unsent-one">
      <header><Link to={`/${plural}/${entry.about.id}`} onClick={onGo}>{entry.about.title}</Link><span className="muted nw">{formatInstant(new Date(entry.at).toISOString())}</span></header>
      <p>{entry.text}</p>
      {entry.problem ? <p className="late cap" role="alert">{t('offline.refused', { reason: entry.problem })}</p> : isDoubtful(entry, Date.now()) ? <p className="cap muted">{t('offline.doubtful')}</p> : null}
      <footer>
        <Button size="small" type="primary" loading={busy} disabled={lost !== null} onClick={() => void again()}>{t('offline.send')}</Button>
        <Popconfirm title={t('offline.drop_sure')} okText={t('offline.drop')} cancelText={t('action.cancel')} onConfirm={() => dropUnsent(entry)}><Button size="small" type="text" danger>{t('offline.drop')}</Button></Popconfirm>
      </footer>
    </article>
  );
}

export default function UnsentDrawer({ onClose }: { onClose: () => void }) {
  const phone = useMediaQuery('(max-width: 767px)');
  const entries = useUnsent();
  return (
    <Drawer open onClose={onClose} title={t('offline.title')} placement={phone ? 'bottom' : 'right'} size={phone ? 480 : 440} className="unsent">
      <p className="soft">{t('offline.explained')}</p>
      {entries.map((e) => <One key={e.key} entry={e} onGo={onClose} />)}
      {!entries.length && <p className="muted">{t('offline.none')}</p>}
    </Drawer>
  );
}
