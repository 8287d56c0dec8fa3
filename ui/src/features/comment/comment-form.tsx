// Writing a comment, new or again: text with mentions; Ctrl Enter sends, Esc leaves an unchanged one.
import { Button } from 'antd';
import { CircleAlert } from 'lucide-react';
import { useState, type KeyboardEvent, type SyntheticEvent } from 'react';
import { failureText } from '@/components/state';
import { ApiProblem } from '@/lib/api';
import { t } from '@/lib/i18n';
import type { LinkValue, ObjectMeta } from '@/lib/types';
import { MentionArea } from '@/record/mention/mention-area';
import { mentionedIn, withPerson } from '@/record/mention/mentions';
import { Unreached } from '@/record/mention/unreached';

export interface Words { text: string; mentions: LinkValue[] }

const reasonOf = (error: unknown): string => (error instanceof ApiProblem && error.errors.length ? error.errors.map((e) => e.message).join(' ') : failureText(error));

interface Props {
  comments: ObjectMeta; about: { plural: string; id: string }; first: Words; verb: string;
  onChange?: (words: Words) => void; onSend: (words: Words) => Promise<void>; onClose: () => void;
}

export function CommentForm({ comments, about, first, verb, onChange, onSend, onClose }: Props) {
  const [words, setWords] = useState(first);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const people = mentionedIn(words.text, words.mentions);
  const put = (next: Words) => { setFailure(''); setWords(next); onChange?.(next); };
  const send = async () => {
    if (busy || !words.text.trim()) return;
    setBusy(true);
    try {
      await onSend({ text: words.text, mentions: people });
      onClose();
    } catch (e) {
      setFailure(reasonOf(e));
      setBusy(false);
    }
  };
  const keys = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); void send(); }
    if (e.key === 'Escape' && words.text === first.text) onClose();
  };
  return (
    <form className="cm-form" aria-label={t('comment.write')} onSubmit={(e: SyntheticEvent) => { e.preventDefault(); void send(); }} onKeyDown={keys}>
      <MentionArea object={comments} focus value={words.text} label={t('comment.title')} placeholder={t('comment.hint')} onChange={(text) => put({ ...words, text })} onPerson={(person) => setWords((now) => { const next = { ...now, mentions: withPerson(now.mentions, person) }; onChange?.(next); return next; })} />
      <Unreached plural={about.plural} id={about.id} people={people} />
      {failure && <div className="banner danger" role="alert"><CircleAlert size={16} strokeWidth={1.75} aria-hidden /><div className="grow">{t('comment.failed', { reason: failure })}</div></div>}
      <div className="cm-foot"><span className="end row gap8"><Button onClick={onClose}>{t('action.cancel')}</Button><Button type="primary" htmlType="submit" loading={busy} disabled={!words.text.trim()}>{verb}</Button></span></div>
    </form>
  );
}
