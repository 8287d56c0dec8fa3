// Clean-up: rules of an object, what one would take, the job that archives and has the rest deleted.
import { useQuery } from '@tanstack/react-query';
import { get, send } from '@/lib/api';
import type { ObjectMeta, Rec } from '@/lib/types';
import type { Preview } from '@/record/bulk/bulk-api';
import { fetchPage } from '@/record/data/records';

export interface Rule { rule: string; months: number | null; filter: string }
export interface Rules { most: number; objects: { object: string; rules: Rule[] }[]; logs: { what: string; days: number }[]; archives: { items: Rec[] } }
export interface Along { object: string; records: number; kept: number }
export interface CleanupPreview { filter: string; takes: number; preview: Preview; with_of: number; with: Along[] }
export interface CleanupResult { records: number; refused: number; left: number; with: Along[]; file?: { name: string; url: string; size: number }; delete_job?: string }
export interface Body { object: string; rule: string; months?: number; filter?: string }

export const cleanupKey = ['cleanup'];
export const useRules = () => useQuery({ queryKey: cleanupKey, queryFn: ({ signal }) => get<Rules>('/cleanup', {}, signal), staleTime: 0 });

/** The condition at another age: rules name it in months_ago. */
export const filterAt = (rule: Rule, months: number | null): string => (months ? rule.filter.replaceAll(/months_ago\(\d+\)/g, `months_ago(${months})`) : rule.filter);

export const useRuleCount = (object: ObjectMeta, filter: string) => useQuery({
  queryKey: [...cleanupKey, object.object, filter],
  queryFn: ({ signal }) => fetchPage(`/${object.plural}`, { filter, limit: 1, count: 'capped', fields: 'id' }, null, signal),
  staleTime: 0,
});

export const previewCleanup = (body: Body) => send<CleanupPreview>('POST', '/cleanup/preview', { body });

/** How many would go, as far as it is known: each of the first ones was tried. */
export function outlook({ takes, preview }: CleanupPreview): { n: number; exact: boolean } {
  const exact = preview.checked >= takes;
  return { n: exact ? Math.min(preview.change, takes) : takes, exact };
}
