// 消息中心: what one is told by day, what one follows, what one wants to be told.
import '@/styles/messages.css';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { BellOff, CheckCheck, ListTodo } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, failureText, PageState } from '@/components/state';
import { showFailure } from '@/components/toast';
import { dayOf, formatDay } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { useSignedIn } from '@/lib/me';
import { useShell } from '@/record/page/shell-context';
import TodoCount from '../todo/todo-count';
import { DigestRow } from './digest-row';
import { Following } from './following';
import { MessageRow } from './message-row';
import { markRead, markReadUntil, readAgain, useMessages, type Message } from './messages-api';
import { SettingsPart } from './settings-part';

const PARTS = ['unread', 'all', 'follow', 'settings'] as const;
type Part = typeof PARTS[number];

const daysOf = (items: Message[]): string[] => [...new Set(items.map((m) => dayOf(Date.parse(m.at))))];

function List({ unread, onOpen }: { unread: boolean; onOpen: () => void }) {
  const client = useQueryClient();
  const { query, items } = useMessages(unread);
  const viewer = !!useSignedIn().viewed_by; // who looks through another's eyes reads nothing for him
  const act = async (what: () => Promise<null>) => { if (viewer) return; try { await what(); } catch (e) { showFailure(failureText(e)); } readAgain(client); };
  if (query.isPending) return <BlockSkeleton lines={6} />;
  if (query.isError && !items.length) return <ErrorState error={query.error} title={t('messages.failed')} onRetry={() => void query.refetch()} />;
  if (!items.length) return <PageState icon={BellOff} title={t(unread ? 'messages.none_unread' : 'messages.none')} text={t('messages.none_text')} />;
  return (
    <>
      {items.some((m) => !m.read) && <Button type="text" size="small" className="ms-all" icon={<CheckCheck size={14} strokeWidth={1.75} />} onClick={() => void act(() => markReadUntil(items[0]!.id))}>{t('messages.read_all')}</Button>}
      {daysOf(items).map((day) => (
        <section key={day}><h3 className="ms-day">{formatDay(day)}</h3>
          <ul className="ms-list">{items.filter((m) => dayOf(Date.parse(m.at)) === day).map((m) => {
            const read = () => { if (!m.read) void act(() => markRead([m.id])); };
            return m.kind === 'digest' ? <DigestRow key={m.id} message={m} onOpen={onOpen} onRead={read} /> : <MessageRow key={m.id} message={m} onRead={read} onOpen={() => { onOpen(); read(); }} />;
          })}</ul></section>
      ))}
      {query.hasNextPage && <Button type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('messages.older')}</Button>}
    </>
  );
}

export default function Panel({ onClose }: { onClose: () => void }) {
  const { phone } = useShell();
  const [part, setPart] = useState<Part>('unread');
  return (
    <Drawer open onClose={onClose} title={t('messages.title')} size={phone ? '100%' : 420} className="ms-panel">
      <div className="tabs ms-tabs" role="tablist" aria-label={t('messages.title')}>
        {PARTS.map((p) => <button key={p} type="button" role="tab" aria-selected={p === part} className={p === part ? 'on' : ''} onClick={() => setPart(p)}>{t(`messages.${p}`)}</button>)}
      </div>
      <div className="ms-body">
        {part !== 'settings' && <Link className="ms-todo" to="/todo" onClick={onClose}><ListTodo size={16} strokeWidth={1.75} aria-hidden />{t('messages.to_todo')}<TodoCount /></Link>}
        {(part === 'unread' || part === 'all') && <List key={part} unread={part === 'unread'} onOpen={onClose} />}
        {part === 'follow' && <Following onOpen={onClose} />}
        {part === 'settings' && <SettingsPart />}
      </div>
    </Drawer>
  );
}
