// Changes of the catalogue. Everybody's client reads it again within two minutes; this one at once.
import type { QueryClient } from '@tanstack/react-query';
import { get, send } from '@/lib/api';
import { metaKey } from '@/lib/meta';
import type { Choice, FieldMeta, Label, ObjectMeta } from '@/lib/types';

export interface NewField {
  name: string; type: string; label: Label; required?: boolean; search?: boolean; to?: string; choices?: Choice[]; scale?: number; of?: string; result?: string;
}
export interface NewObject { object: string; plural: string; area: string; icon: string; traits: string[]; label: Label; title: string; number?: string; fields: NewField[] }

export const createField = (object: string, field: NewField) => send<FieldMeta>('POST', `/meta/objects/${object}/fields`, { body: field });
export const changeField = (object: string, name: string, change: Partial<NewField>) => send<FieldMeta>('PATCH', `/meta/objects/${object}/fields/${name}`, { body: change });
export const createObject = (object: NewObject) => send<ObjectMeta>('POST', '/meta/objects', { body: object });

export const renameField = (object: string, name: string, to: string) => send<FieldMeta>('PATCH', `/meta/objects/${object}/fields/${name}`, { body: { name: to } });
export const removeField = (object: string, name: string) => send('DELETE', `/meta/objects/${object}/fields/${name}`);

export interface Retyped { converted: number; misfit_count: number; misfits: { id: string; value: string }[] }
interface RetypeJob { id: string; status: string; result?: Retyped; error?: { detail?: string } | null }
const ENDED = ['done', 'failed', 'cancelled'];

/** What a change of type would do (dry), or does: the job's result. */
export async function retypeField(object: string, name: string, type: string, dry: boolean): Promise<Retyped> {
  const scale = type === 'money' || type === 'decimal' ? { scale: 2 } : {};
  let job = await send<RetypeJob>('PATCH', `/meta/objects/${object}/fields/${name}`, { body: { type, ...scale, ...(dry ? { dry_run: true } : {}) } });
  while (!ENDED.includes(job.status)) {
    await new Promise((done) => { setTimeout(done, 200); });
    job = await get<RetypeJob>(`/jobs/${job.id}`);
  }
  if (job.status !== 'done' || !job.result) throw new Error(job.error?.detail ?? job.status);
  return job.result;
}

export interface CatalogueChange { id: string; at: string; by: { title: string | null } | null; action: string; object: string | null; name: string | null; reverted_by: string | null }
export interface Bin { objects: { object: string; label: Label | null }[]; fields: { object: string; field: string; key: string; label: Label | null }[] }
export const getChanges = () => get<{ items: CatalogueChange[] }>('/meta/changes', { limit: 100 });
export const revertChange = (id: string) => send('POST', `/meta/changes/${id}/revert`);
export const getBin = () => get<Bin>('/meta/bin');
export const bringBackField = (object: string, key: string) => send('POST', `/meta/objects/${object}/fields/${key}/restore`);
export const bringBackObject = (object: string) => send('POST', `/meta/objects/${object}/restore`);

export const reloadCatalogue = (client: QueryClient) => client.refetchQueries({ queryKey: metaKey });
