// Records that a person marked: opened lately, favourites. Asked for once the page stands; changed at once, then told to the server.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { get, send } from '@/lib/api';
import { useSignedIn } from '@/lib/me';
import type { ObjectMeta, Rec } from '@/lib/types';
import { recordTitle } from '../page/record-mark';

export interface Mark { object: string; id: string; title: string; at: string }
export interface Marks { recent: Mark[]; favourite: Mark[]; follow: Mark[] }
type Kind = keyof Marks;

const KEY = ['marks'];
const LATER_MS = 1200;
const NONE: Marks = { recent: [], favourite: [], follow: [] };

/** Not before the first list is there. */
function useLater(): boolean {
  const [due, setDue] = useState(false);
  useEffect(() => { const timer = setTimeout(() => setDue(true), LATER_MS); return () => clearTimeout(timer); }, []);
  return due;
}

export function useMarks(): Marks {
  const due = useLater();
  return useQuery({ queryKey: KEY, queryFn: ({ signal }) => get<Marks>('/me/marks', {}, signal), enabled: due, staleTime: 5 * 60_000 }).data ?? NONE;
}

export const without = (marks: Mark[], object: string, id: string): Mark[] => marks.filter((m) => m.object !== object || m.id !== id);
const pathOf = (kind: Kind, object: ObjectMeta, id: string): string => `/me/marks/${kind}/${object.plural}/${id}`;

export function useMark(object: ObjectMeta, record: Rec, kind: Kind) {
  const client = useQueryClient();
  const marks = useMarks();
  const on = marks[kind].some((m) => m.object === object.object && m.id === record.id);
  const toggle = async () => {
    const mark: Mark = { object: object.object, id: record.id, title: recordTitle(object, record), at: new Date().toISOString() };
    client.setQueryData<Marks>(KEY, (old = NONE) => ({ ...old, [kind]: on ? without(old[kind], mark.object, mark.id) : [mark, ...old[kind]] }));
    try {
      await send(on ? 'DELETE' : 'PUT', pathOf(kind, object, record.id), on ? {} : { body: {} });
    } catch (e) {
      showFailure(failureText(e));
      void client.invalidateQueries({ queryKey: KEY });
    }
  };
  return { on, toggle };
}

const AT_ONCE = 4;

/** Follow records, or no longer, a few at a time; what failed is told, the rest stays done. */
export function useFollowMany(object: ObjectMeta) {
  const client = useQueryClient();
  const { follow } = useMarks();
  const followed = (rows: Rec[]) => rows.every((r) => follow.some((m) => m.object === object.object && m.id === r.id));
  const put = async (rows: Rec[], on: boolean): Promise<Rec[]> => {
    const waiting = [...rows];
    const done: Rec[] = [];
    let failure: unknown;
    const work = async () => {
      for (let r = waiting.shift(); r && !failure; r = waiting.shift()) {
        try { await send(on ? 'PUT' : 'DELETE', pathOf('follow', object, r.id), on ? { body: {} } : {}); done.push(r); } catch (e) { failure = e; }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await client.invalidateQueries({ queryKey: KEY });
    if (failure) showFailure(failureText(failure));
    return done;
  };
  return { followed, put };
}

/** The record's page was opened: newest among those opened lately. What fails here is nobody's worry. */
export function useOpened(object: ObjectMeta, record: Rec, past: boolean) {
  const client = useQueryClient();
  const viewer = !!useSignedIn().viewed_by;
  const title = recordTitle(object, record);
  const { id } = record;
  useEffect(() => {
    if (past || viewer) return; // who looks through another's eyes writes nothing
    const timer = setTimeout(() => {
      const mark: Mark = { object: object.object, id, title, at: new Date().toISOString() };
      send('PUT', pathOf('recent', object, id), { body: {} }).then(() => {
        client.setQueryData<Marks>(KEY, (old) => old && { ...old, recent: [mark, ...without(old.recent, mark.object, id)] });
        void client.invalidateQueries({ queryKey: ['home'] });
      }, () => {});
    }, LATER_MS);
    return () => clearTimeout(timer);
  }, [client, object, id, title, past, viewer]);
}
