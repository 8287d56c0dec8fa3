// The entry of one record: kept while it is written, sent with one request, gone from the browser once it is saved.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { failureText } from '@/components/state';
import { showToast } from '@/components/toast';
import { ApiProblem, newKey, serverNow } from '@/lib/api';
import { formatInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { useSignedIn } from '@/lib/me';
import { fieldOf } from '@/lib/meta';
import type { ObjectMeta } from '@/lib/types';
import { createRecord } from '@/record/data/records';
import type { Subject } from './about';
import { bodyOf } from './body';
import { blank, keepEntry, readEntry, rememberMethod, type Entry } from './draft';

/** What a follow-up moves: itself, its record, customer, contact, deal, tasks, and the home page. */
const MOVED = new Set(['list', 'count', 'sums', 'board', 'related', 'record', 'history', 'timeline', 'home', 'followup-day']);

/** What is wrong, in words: of a refused field the server's own. */
const reasonOf = (error: unknown): string => (error instanceof ApiProblem && error.errors.length ? error.errors.map((e) => e.message).join(' ') : failureText(error));

/** Of a part, or of what is there now: uploads arrive while somebody types. */
export type Change = (part: Partial<Entry> | ((now: Entry) => Partial<Entry>)) => void;

/** Out of reach is no refusal: what was written waits on this device, with the time it was written. */
async function putAside(user: string, subject: Subject, sent: Entry, body: Record<string, unknown>): Promise<boolean> {
  const { putUnsent } = await import('@/lib/offline/unsent');
  const now = serverNow();
  return putUnsent({ key: sent.key, user, path: `/${subject.followups.plural}`, body, about: { ...subject.place, title: subject.title }, text: sent.text, at: now, tried: now, problem: null }).then(() => true, () => false);
}

/** The same time with the same key, however often it is sent; none where the person may not say it. */
function timed(followups: ObjectMeta, sent: Entry): { at?: string; occurred_at?: string } {
  const field = fieldOf(followups, 'occurred_at');
  if (!field || field.readonly || field.right) return {};
  const at = sent.at ?? new Date(serverNow()).toISOString();
  return { at, occurred_at: at };
}

export function useEntry(subject: Subject) {
  const { followups, about, place, contact } = subject;
  const client = useQueryClient();
  const { user } = useSignedIn();
  const [entry, setEntry] = useState<Entry>(() => readEntry(user.id, place.object, place.id) ?? { ...blank(), contact });
  const latest = useRef(entry);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const put = (next: Entry, kept: Entry | null) => { latest.current = next; setEntry(next); keepEntry(user.id, place.object, place.id, kept); };
  const change: Change = (part) => {
    const next = { ...latest.current, ...(typeof part === 'function' ? part(latest.current) : part) };
    setFailure('');
    put(next, next);
  };
  const save = async (): Promise<boolean> => {
    const sent = latest.current;
    if (!sent.text.trim() || busy) return false;
    setBusy(true);
    setFailure('');
    const { at, ...when } = timed(followups, sent);
    const body = { ...bodyOf(about, sent), ...when };
    if (at !== sent.at) change({ at });
    try {
      await createRecord(followups.plural, body, sent.key);
      rememberMethod(sent.method);
      put({ ...blank(), contact }, null);
      showToast(sent.next_at ? t('followup.saved_next', { at: formatInstant(sent.next_at) }) : t('followup.saved'));
      void client.invalidateQueries({ predicate: (q) => MOVED.has(String(q.queryKey[0])) });
      return true;
    } catch (e) {
      // A refusal ends this request; a lost answer does not: the same key then finds what was saved.
      if (e instanceof ApiProblem && e.status >= 400 && e.status < 500) change({ key: newKey(), at: undefined });
      if (e instanceof ApiProblem && e.status === 0 && await putAside(user.id, subject, sent, body)) {
        put({ ...blank(), contact }, null);
        showToast(t('followup.put_aside'));
        return true;
      }
      setFailure(reasonOf(e));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { entry, change, save, busy, failure };
}
