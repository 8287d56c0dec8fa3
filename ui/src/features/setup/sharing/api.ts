// Sharing rules, and the job that fills what a new condition opens.
import { get, send, sendRaw } from '@/lib/api';
import type { Principal } from '@/lib/principals';
import type { Side } from '../roles/api';

export type Rule = { id: string; object: string; when: string; with: Principal; level: 'read' | 'edit'; filled: boolean; at: string };
export interface RuleBody { object?: string; when: string; with: Principal; level: 'read' | 'edit' }

export const rulesKey = ['sharing-rules'];
export const fetchRules = (signal?: AbortSignal) => get<{ items: Rule[] }>('/meta/sharing-rules', {}, signal).then((a) => a.items);

/** The answer names the job when there is something to fill. */
export async function saveRule(id: string | null, body: RuleBody): Promise<{ rule: Rule; job: string | null }> {
  const { object, ...rest } = body;
  const answer = await sendRaw(id ? 'PUT' : 'POST', id ? `/meta/sharing-rules/${id}` : '/meta/sharing-rules', { body: id ? rest : { object, ...rest } });
  const job = answer.headers.get('Content-Location')?.split('/').pop() ?? null;
  return { rule: await answer.json() as Rule, job };
}

export const removeRule = (id: string) => send<null>('DELETE', `/meta/sharing-rules/${id}`);

export type RulePreviewBody = Partial<RuleBody> & { id?: string; remove?: boolean };
interface Both { gained: Side; lost: Side }
export interface RulePreview { people: number; people_exact: boolean; looked_at: number; read: Both; update: Both }
export const previewRule = (body: RulePreviewBody, signal?: AbortSignal) => send<RulePreview>('POST', '/meta/sharing-rules/preview', { body, signal });
