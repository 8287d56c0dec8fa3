// A day's visits planned at once: tried as often as one likes, then done as one batch.
import { send, sendRaw } from '@/lib/api';
import { mayCreate, useCatalogue } from '@/lib/meta';
import type { LinkValue, ObjectMeta } from '@/lib/types';

export const PLANNED_AT_ONCE = 50;

export interface Stop { account: LinkValue; due: string; leg_m: number; placed: boolean }
export interface VisitPlan { route: string | null; distance_m: number; stops: Stop[] }

const PATH = '/visit_routes/plan';

export const tryPlan = (body: Record<string, unknown>, signal?: AbortSignal) => send<VisitPlan>('POST', PATH, { body: { ...body, dry_run: true }, signal });

export async function makePlan(body: Record<string, unknown>, key: string): Promise<{ plan: VisitPlan; batch: string | null }> {
  const answer = await sendRaw('POST', PATH, { body, key });
  return { plan: await answer.json() as VisitPlan, batch: answer.headers.get('Guanxi-Batch') };
}

/** Visits are planned to customers, by whoever may make visits and routes. */
export function useMayPlan(object: ObjectMeta): boolean {
  const { byName } = useCatalogue();
  return object.object === 'account' && ['visit', 'visit_route'].every((name) => { const o = byName.get(name); return !!o && mayCreate(o); });
}
