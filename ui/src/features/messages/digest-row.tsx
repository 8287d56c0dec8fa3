// A digest: how much of what; unfolded where it stands it shows what it told, and is read when one of it is opened.
import { Button } from 'antd';
import { Check, ChevronDown, ChevronUp, Newspaper } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState } from '@/components/state';
import { timeOf } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import { MessageRow } from './message-row';
import { useDigest, type Message } from './messages-api';
import { headOf, sentenceOf } from './sentence';

interface Props { message: Message; onOpen: () => void; onRead: () => void }

export function DigestRow({ message, onOpen, onRead }: Props) {
  const [open, setOpen] = useState(false);
  const catalogue = useCatalogue();
  const query = useDigest(message.id, open);
  return (
    <>
      <li className={message.read ? 'ms-row' : 'ms-row new'}>
        <span className="ms-icon"><Newspaper size={16} strokeWidth={1.75} aria-hidden /></span>
        <div className="grow">
          <div className="row gap8"><span className="cut ms-head">{headOf(message)}</span><span className="end cap muted">{timeOf(message.at)}</span></div>
          <div className="soft">{sentenceOf(message, catalogue)}</div>
          <Button type="text" size="small" className="ms-unfold" aria-expanded={open} icon={open ? <ChevronUp size={14} strokeWidth={1.75} /> : <ChevronDown size={14} strokeWidth={1.75} />} onClick={() => setOpen(!open)}>{t(open ? 'messages.digest.fold' : 'messages.digest.unfold')}</Button>
        </div>
        {!message.read && <IconButton small icon={Check} className="ms-check" label={t('messages.read_one')} onClick={onRead} />}
      </li>
      {open && <li className="ms-inside">
        {query.isPending && <BlockSkeleton lines={3} />}
        {query.isError && <ErrorState error={query.error} title={t('messages.failed')} onRetry={() => void query.refetch()} />}
        <ul className="ms-list">{query.data?.items.map((m) => <MessageRow key={m.id} message={{ ...m, read: true }} onOpen={() => { onOpen(); onRead(); }} onRead={onRead} />)}</ul>
      </li>}
    </>
  );
}
