// Comments of colleagues on any record: one line until somebody writes.
import '@/lib/comment-words';
import '@/styles/comment.css';
import { useQueryClient } from '@tanstack/react-query';
import { MessageCircle } from 'lucide-react';
import { useState } from 'react';
import { showToast } from '@/components/toast';
import { t } from '@/lib/i18n';
import { useSignedIn } from '@/lib/me';
import { mayCreate, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { createRecord } from '@/record/data/records';
import { bodyOf, showAgain } from './comment-api';
import { draftKey, keepDraft, readDraft } from './comment-draft';
import { CommentForm, type Words } from './comment-form';

function Box({ comments, object, record }: { comments: ObjectMeta; object: ObjectMeta; record: Rec }) {
  const client = useQueryClient();
  const { user } = useSignedIn();
  const [open, setOpen] = useState(false);
  const key = draftKey(user.id, object.object, record.id);
  const send = async (words: Words) => {
    await createRecord(comments.plural, { about: { object: object.object, id: record.id }, ...bodyOf(words) });
    keepDraft(key, { text: '', mentions: [] });
    showToast(t('comment.sent'));
    showAgain(client);
  };
  return (
    <div className="cm-box">
      {open
        ? <CommentForm comments={comments} about={{ plural: object.plural, id: record.id }} first={readDraft(key)} verb={t('comment.send')} onChange={(w) => keepDraft(key, w)} onSend={send} onClose={() => setOpen(false)} />
        : <button type="button" className="cm-closed" onClick={() => setOpen(true)}><MessageCircle size={16} strokeWidth={1.75} aria-hidden />{t('comment.open')}</button>}
    </div>
  );
}

export default function CommentBox({ object, record }: { object: ObjectMeta; record: Rec }) {
  const comments = useCatalogue().byName.get('comment');
  const takes = comments && mayCreate(comments) && (object.relations ?? []).some((r) => r.object === comments.object);
  return takes && !record.deleted_at ? <Box key={record.id} comments={comments} object={object} record={record} /> : null;
}
