// What the server says of an expression: type, mistake with its place, what may follow, what it gives for one record.
import { send } from '@/lib/api';

export interface Completion { text: string; kind: string; label?: string; type?: string }
export interface Checked {
  ok: boolean; type?: string; scale?: number; text?: string; sample?: unknown; sample_error?: string;
  error?: { message: string; at?: number; suggestion?: string }; from?: number; completions?: Completion[];
}
export interface Question { object: string; text: string; use: 'condition' | 'value' | 'rule'; at?: number; record?: string }
export const checkExpression = (body: Question, signal?: AbortSignal) => send<Checked>('POST', '/expressions/check', { body, signal });
