// Figures of data quality, and the tasks that come of them.
import { useQuery } from '@tanstack/react-query';
import { get, send } from '@/lib/api';

export interface Figures { day: string; total: number; fields: number; filled: number; wrong: number; broken: number; stale: number; duplicates: number | null }
export interface ObjectFigures extends Figures { object: string; duplicates: number /* now */; stale_days: number }
export interface FieldFigures { field: string; filled: number; wrong: number; required: boolean; empty_filter: string; wrong_filter: string | null }
export interface RuleFigures { rule: string; message: string; broken: number; filter: string }
export interface Quality { object: string; day: string | null; duplicates: number; stale_days: number; stale_filter: string; fields: FieldFigures[]; rules: RuleFigures[]; trend: Figures[] }

export const qualityKey = ['quality'];
export const useQualities = () => useQuery({ queryKey: qualityKey, queryFn: ({ signal }) => get<{ stale_days: number; objects: ObjectFigures[] }>('/quality', {}, signal), staleTime: 0 });
export const useQuality = (object: string) => useQuery({ queryKey: [...qualityKey, object], queryFn: ({ signal }) => get<Quality>(`/quality/${object}`, {}, signal), staleTime: 0 });
/** A task for each owner, or one for a chosen person. */
export const assignTasks = (object: string, filter: string, owner?: string) => send<{ tasks: number; records: number }>('POST', `/quality/${object}/tasks`, { body: { filter, ...(owner ? { owner } : {}) } });
/** 0: the usual number. */
export const setStaleDays = (object: string, stale_days: number) => send<null>('PATCH', `/quality/${object}`, { body: { stale_days } });

/** Filled values of all that could be, 0 … 100; null where there is nothing. */
export function share(filled: number, all: number): number | null {
  return all > 0 ? Math.floor((filled / all) * 1000) / 10 : null;
}
