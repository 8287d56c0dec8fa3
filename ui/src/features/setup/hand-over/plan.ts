// What is said of a hand-over: everything to one person, and of which parts something else.
import { linkOf } from '@/fields/link/link';
import type { LinkValue } from '@/lib/types';

export type Way = 'to' | 'pool' | 'leave';
export interface Part { part: string; object: string; field: string; owned: boolean; count: number; exact: boolean; way: Way; to: LinkValue | null; pooled: boolean; samples: LinkValue[] }
export interface Step { part: string; count: number; way: Way }
export interface Told { user: LinkValue; parts: Part[]; steps: Step[]; total: number }
export interface Report {
  total: number; failed: number; deactivated: boolean;
  parts: { part: string; moved: number; pooled: number; left: number; failed: number }[];
  steps: { part: string; moved: number }[];
  errors: { object: string; id: string; error: { detail?: string; title?: string } }[];
}

/** A choice for one part that differs from "to the receiver". */
export type Choice = { way: 'to'; to: LinkValue | null } | { way: 'pool' } | { way: 'leave' };
export interface Plan { to: LinkValue | null; choices: Record<string, Choice>; deactivate: boolean; leftOn: string | null }

type Said = { to: string } | { pool: true } | { leave: true };

function saidOf(choice: Choice): Said | null {
  if (choice.way === 'to') return choice.to ? { to: choice.to.id } : null;
  return choice.way === 'pool' ? { pool: true } : { leave: true };
}

export function bodyOf(plan: Plan, dry: boolean): Record<string, unknown> {
  const parts = Object.entries(plan.choices).flatMap(([name, choice]) => { const said = saidOf(choice); return said ? [[name, said] as const] : []; });
  return {
    to: plan.to?.id, ...(parts.length ? { parts: Object.fromEntries(parts) } : {}),
    ...(dry ? { dry_run: true } : { deactivate: plan.deactivate, ...(plan.deactivate && plan.leftOn ? { left_on: plan.leftOn } : {}) }),
  };
}

/** What stands in the row: the person's choice, else what the server would do. */
export const choiceOf = (plan: Plan, part: { part: string; way: Way; to?: LinkValue | null }): Choice =>
  plan.choices[part.part] ?? (part.way === 'to' ? { way: 'to', to: linkOf(part.to) ?? plan.to } : { way: part.way });

/** How many records go somewhere: what is left stays out of the count. */
export const movedBy = (plan: Plan, parts: Part[]): number => parts.reduce((n, p) => n + (choiceOf(plan, p).way === 'leave' ? 0 : p.count), 0);
/** Records without a title are named by their number, which tells nobody anything. */
export const named = (samples: LinkValue[]): LinkValue[] => samples.filter((s) => s.title && s.title !== s.id);
