// Moving a card: both columns change at once, then the server is asked. A gate that is not met opens a form with what is missing.
import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { t } from '@/lib/i18n';
import { fieldOf } from '@/lib/meta';
import type { AggregateAnswer, MoneyValue, ObjectMeta, Page, Rec } from '@/lib/types';
import { putRecord } from '../data/put-record';
import { update } from '../data/save';
import { toastUpdated } from '../data/undo';
import type { BoardSpec } from './board-meta';
import { columnKey } from './column';
import type { BoardColumn } from './use-columns';
import { sumsKey } from './use-sums';

type Cards = InfiniteData<Page, string | null>;
export interface Missing { record: Rec; fields: string[]; preset: Record<string, unknown>; title: string; message: string }

const without = (data: Cards | undefined, id: string): Cards | undefined => data && { ...data, pages: data.pages.map((p) => ({ ...p, items: p.items.filter((r) => r.id !== id) })) };
const withFirst = (data: Cards | undefined, record: Rec): Cards | undefined => data && { ...data, pages: data.pages.map((p, i) => (i === 0 ? { ...p, items: [record, ...p.items] } : p)) };

/** Figures shift at once; the rounded sums shown here are replaced by exact ones after the answer. */
function shiftSums(client: QueryClient, key: unknown[], spec: BoardSpec, record: Rec, from: BoardColumn, to: BoardColumn) {
  const amount = spec.sum ? Number((record[spec.sum.name] as MoneyValue | null)?.value ?? 0) : 0;
  const measure = `sum_${spec.sum?.name ?? ''}`;
  client.setQueryData<AggregateAnswer>(key, (old) => old && { ...old, rows: old.rows.map((row) => {
    const value = row[spec.group.name];
    const id = value && typeof value === 'object' && 'id' in value ? value.id : value;
    const sign = id === from.key ? -1 : id === to.key ? 1 : 0;
    if (!sign) return row;
    const sum = row[measure] as MoneyValue | null | undefined;
    return { ...row, count: Number(row.count ?? 0) + sign, ...(sum ? { [measure]: { ...sum, value: String(Number(sum.value) + sign * amount) } } : {}) };
  }) });
}

export function useMove(object: ObjectMeta, spec: BoardSpec, filter: string) {
  const client = useQueryClient();
  const [missing, setMissing] = useState<Missing | null>(null);
  const refresh = () => void client.invalidateQueries({ queryKey: ['board', object.plural] });

  const show = async (record: Rec, from: BoardColumn, to: BoardColumn) => {
    await client.cancelQueries({ queryKey: ['board', object.plural] });
    client.setQueryData<Cards>(columnKey(object, filter, from.key), (d) => without(d, record.id));
    client.setQueryData<Cards>(columnKey(object, filter, to.key), (d) => withFirst(d, { ...record, [spec.group.name]: to.value }));
    shiftSums(client, sumsKey(object, filter), spec, record, from, to);
  };

  const move = async (record: Rec, from: BoardColumn, to: BoardColumn) => {
    await show(record, from, to);
    const change = { [spec.group.name]: to.value };
    const answer = await update(object, record, change);
    if (answer.kind === 'saved') {
      putRecord(client, object, answer.record);
      toastUpdated(client, object, record, answer.record, [spec.group.name], t('board.moved', { column: to.title }));
      return;
    }
    refresh();
    if (answer.kind === 'invalid') {
      const fields = [...new Set(answer.errors.map((e) => e.field ?? '').filter((f) => f !== spec.group.name && fieldOf(object, f)))];
      const message = answer.errors.map((e) => e.message).join(' ') || answer.message;
      if (fields.length) return setMissing({ record, fields, preset: change, title: to.title, message });
      return showFailure(message);
    }
    showFailure(answer.kind === 'conflict' ? t('board.conflict') : failureText(answer.error));
  };
  return { move, missing, clearMissing: () => setMissing(null) };
}
