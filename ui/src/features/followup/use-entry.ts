// The entry of one record: kept while it is written, sent with one request, gone from the browser once it is saved.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { failureText } from '@/components/state';
import { showToast } from '@/components/toast';
import { ApiProblem, newKey } from '@/lib/api';
import { formatInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { useSignedIn } from '@/lib/me';
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

export function useEntry({ followups, about, place, contact }: Subject) {
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
    try {
      await createRecord(followups.plural, bodyOf(about, sent), sent.key);
      rememberMethod(sent.method);
      put({ ...blank(), contact }, null);
      showToast(sent.next_at ? t('followup.saved_next', { at: formatInstant(sent.next_at) }) : t('followup.saved'));
      void client.invalidateQueries({ predicate: (q) => MOVED.has(String(q.queryKey[0])) });
      return true;
    } catch (e) {
      // A refusal ends this request; a lost answer does not: the same key then finds what was saved.
      if (e instanceof ApiProblem && e.status >= 400 && e.status < 500) change({ key: newKey() });
      setFailure(reasonOf(e));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { entry, change, save, busy, failure };
}
