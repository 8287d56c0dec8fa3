// An entry carried elsewhere: there at once, saved, with the way back.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { formatInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { putRecord } from '@/record/data/put-record';
import { touch } from '@/record/data/records';
import { update } from '@/record/data/save';
import { toastUpdated } from '@/record/data/undo';
import { calendarKey } from './calendar-api';
import { changeOf, type Entry } from './entries';

export type Move = (entry: Entry, start: number, end: number) => void;

export function useMove(entries: Entry[]): { shown: Entry[]; move: Move } {
  const client = useQueryClient();
  const [carried, setCarried] = useState<{ key: string; start: number; end: number } | null>(null);
  const move: Move = (entry, start, end) => {
    const values = changeOf(entry, start, end);
    if (!entry.at || (start === entry.start && end === entry.end)) return;
    setCarried({ key: entry.key, start, end });
    void save(entry, values).finally(() => setCarried(null));
  };
  const save = async (entry: Entry, values: Record<string, unknown>) => {
    const { object, record } = entry;
    const answer = await update(object, record, values);
    if (answer.kind === 'saved') {
      putRecord(client, object, answer.record);
      toastUpdated(client, object, record, answer.record, Object.keys(values), t('cal.moved', { name: entry.title, at: formatInstant(String(answer.record[entry.at!] ?? values[entry.at!])) }));
    } else showFailure(answer.kind === 'invalid' ? answer.errors[0]?.message ?? answer.message : answer.kind === 'failed' ? failureText(answer.error) : t('toast.undo_conflict'));
    touch(client, object.plural);
    await client.invalidateQueries({ queryKey: calendarKey });
  };
  const shown = carried ? entries.map((e) => (e.key === carried.key ? { ...e, start: carried.start, end: carried.end } : e)) : entries;
  return { shown, move };
}
