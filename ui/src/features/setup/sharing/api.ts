// Sharing rules, and the job that fills what a new condition opens.
import { get, send } from '@/lib/api';
import type { Principal } from '@/lib/principals';
import type { Side } from '../roles/api';

export type Rule = { id: string; object: string; when: string; with: Principal; level: 'read' | 'edit'; filled: boolean; at: string };
export interface RuleBody { object?: string; when: string; with: Principal; level: 'read' | 'edit' }

export const rulesKey = ['sharing-rules'];
export interface FillingJob { rule: string; status: string; progress: { done: number; total: number } }
/** All rules, each with the job that fills it, whoever saved it. */
export const fetchRules = (signal?: AbortSignal) => get<{ items: Rule[]; filling: FillingJob[] }>('/meta/sharing-rules', {}, signal).then((a) => a.items.map((r): Rule & { job?: FillingJob } => ({ ...r, job: a.filling.find((f) => f.rule === r.id) })));

export const saveRule = (id: string | null, { object, ...rest }: RuleBody) => send<Rule>(id ? 'PUT' : 'POST', id ? `/meta/sharing-rules/${id}` : '/meta/sharing-rules', { body: id ? rest : { object, ...rest } });

export const removeRule = (id: string) => send<null>('DELETE', `/meta/sharing-rules/${id}`);

export type RulePreviewBody = Partial<RuleBody> & { id?: string; remove?: boolean };
interface Both { gained: Side; lost: Side }
export interface RulePreview { people: number; people_exact: boolean; looked_at: number; read: Both; update: Both }
export const previewRule = (body: RulePreviewBody, signal?: AbortSignal) => send<RulePreview>('POST', '/meta/sharing-rules/preview', { body, signal });
