// A comment in a timeline: its words with the names of those mentioned; its writer changes or deletes it, every version is kept.
import '@/lib/comment-words';
import '@/styles/comment.css';
import { useQueryClient } from '@tanstack/react-query';
import { Dropdown } from 'antd';
import { Ellipsis, History, PencilLine, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { linkOf, linkTitle } from '@/fields/link/link';
import { htmlText } from '@/fields/rich_text/html';
import { timeOf } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { useSignedIn } from '@/lib/me';
import { useCatalogue } from '@/lib/meta';
import type { LinkValue, ObjectMeta, Rec, TimelineItem } from '@/lib/types';
import { fetchRecord, updateRecord } from '@/record/data/records';
import { useDelete } from '@/record/data/use-delete';
import { MentionText } from '@/record/mention/mention-text';
import { bodyOf, showAgain } from './comment-api';
import { CommentForm, type Words } from './comment-form';

const HistoryDrawer = lazy(() => import('@/record/detail/history-drawer'));
const icon = { size: 14, strokeWidth: 1.75 };

function useOwn(comments: ObjectMeta | undefined, item: TimelineItem) {
  const client = useQueryClient();
  const remove = useDelete(comments ?? ({ plural: 'comments' } as ObjectMeta));
  const [record, setRecord] = useState<{ record: Rec; for: 'edit' | 'history' } | null>(null);
  const load = async (what: 'edit' | 'history' | 'delete') => {
    if (!comments) return;
    try {
      const now = await fetchRecord(comments.plural, item.id);
      if (what !== 'delete') return setRecord({ record: now, for: what });
      if (await remove([now])) showAgain(client);
    } catch (e) {
      showFailure(failureText(e));
    }
  };
  const save = async (words: Words) => {
    if (!comments || !record) return;
    await updateRecord(comments.plural, item.id, record.record.version, bodyOf(words));
    showToast(t('comment.kept'));
    showAgain(client);
  };
  return { record, load, save, close: () => setRecord(null) };
}

function Menu({ onChoose }: { onChoose: (what: 'edit' | 'history' | 'delete') => void }) {
  const items = [
    { key: 'edit', icon: <PencilLine {...icon} />, label: t('action.edit'), onClick: () => onChoose('edit') },
    { key: 'history', icon: <History {...icon} />, label: t('history.title'), onClick: () => onChoose('history') },
    { key: 'delete', icon: <Trash2 {...icon} />, label: t('action.delete'), danger: true, onClick: () => onChoose('delete') },
  ];
  return <span className="acts"><Dropdown menu={{ items }} trigger={['click']} placement="bottomRight"><span><IconButton small icon={Ellipsis} label={t('comment.actions')} /></span></Dropdown></span>;
}

function Edit({ comments, record, onSave, onClose }: { comments: ObjectMeta; record: Rec; onSave: (words: Words) => Promise<void>; onClose: () => void }) {
  const about = record.about as { object: string; id: string };
  const plural = useCatalogue().byName.get(about.object)?.plural ?? '';
  const first = { text: htmlText(String(record.body ?? '')), mentions: (record.mentions ?? []) as LinkValue[] };
  return <CommentForm comments={comments} about={{ plural, id: about.id }} first={first} verb={t('action.save')} onSend={onSave} onClose={onClose} />;
}

export default function CommentEntry({ item }: { item: TimelineItem }) {
  const comments = useCatalogue().byName.get('comment');
  const { user, viewed_by: viewer } = useSignedIn();
  const { record, load, save, close } = useOwn(comments, item);
  const mine = linkOf(item.by)?.id === user.id && !viewer;
  const open = comments && record;
  return (
    <div className="happening cm-entry">
      <div className="hd">
        <b>{linkTitle(linkOf(item.by)) || t('history.system')}</b><span className="soft">{t('comment.title')}</span>{(item.version ?? 1) > 1 && <span className="cap muted">{t('comment.edited')}</span>}
        <span className="when muted cap">{timeOf(item.at)}</span>
        {mine && <Menu onChoose={(what) => void load(what)} />}
      </div>
      {open && record.for === 'edit' ? <Edit comments={comments} record={record.record} onSave={save} onClose={close} /> : <div className="tx"><MentionText text={item.text ?? ''} people={item.mentions ?? []} /></div>}
      {open && record.for === 'history' && <Suspense><HistoryDrawer object={comments} record={record.record} onClose={close} /></Suspense>}
    </div>
  );
}
