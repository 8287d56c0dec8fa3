// Changes of the catalogue. Everybody's client reads it again within two minutes; this one at once.
import type { QueryClient } from '@tanstack/react-query';
import { get, send } from '@/lib/api';
import { metaKey } from '@/lib/meta';
import type { ChoiceList, FieldMeta, Job, Label, Layout, ObjectMeta, Rule, View } from '@/lib/types';

type Version = number | string | undefined;
type Body = Record<string, unknown>;
const objectPath = (object: string) => `/meta/objects/${object}`;
const fieldPath = (object: string, name: string) => `${objectPath(object)}/fields/${name}`;
/** "*" says: whatever stands there now. */
const against = (version: Version) => (version === '*' ? {} : { version });

export const createObject = (body: Body) => send<ObjectMeta>('POST', '/meta/objects', { body });
export const changeObject = (object: string, body: Body, version?: Version) => send<ObjectMeta>('PATCH', objectPath(object), { body, ...against(version) });
export const removeObject = (object: string) => send('DELETE', objectPath(object));

export const createField = (object: string, body: Body) => send<FieldMeta>('POST', `${objectPath(object)}/fields`, { body });
/** The field, or a job where columns have to be filled first. */
export const changeField = (object: string, name: string, body: Body, version?: Version) => send<FieldMeta | Job<unknown>>('PATCH', fieldPath(object, name), { body, ...against(version) });
export const removeField = (object: string, name: string) => send('DELETE', fieldPath(object, name));
export const giveUpRetype = (object: string, name: string) => send('DELETE', `${fieldPath(object, name)}/retype`);
export const getMisfits = (object: string, name: string) => get<{ items: { id: string; value: string }[]; next: string | null }>(`${fieldPath(object, name)}/misfits`, { limit: 50 });

export const isJob = (answer: unknown): answer is Job<unknown> => !!answer && typeof answer === 'object' && 'status' in answer && 'kind' in answer;

export const getLists = () => get<{ items: ChoiceList[] }>('/meta/lists');
export const createList = (body: Body) => send<ChoiceList>('POST', '/meta/lists', { body });
export const changeList = (list: string, body: Body, version?: Version) => send<ChoiceList>('PATCH', `/meta/lists/${list}`, { body, ...against(version) });

export const putLayout = (object: string, layout: Partial<Layout> & { layout: string }, version?: Version) => send('PATCH', `${objectPath(object)}/layouts/${layout.layout}`, { body: layout, ...against(version) });
export const addLayout = (object: string, layout: Layout) => send('POST', `${objectPath(object)}/layouts`, { body: layout });
export const resetLayout = (object: string, layout: string) => send('DELETE', `${objectPath(object)}/layouts/${layout}`);
export const putView = (object: string, view: Partial<View> & { view: string }, version?: Version) => send('PATCH', `${objectPath(object)}/views/${view.view}`, { body: view, ...against(version) });
export const resetView = (object: string, view: string) => send('DELETE', `${objectPath(object)}/views/${view}`);

export interface IndexState { name: string; fields: string[]; unique: boolean; state: 'ready' | 'pending' | 'failed'; duplicates?: unknown[] }
export const getIndexes = (object: string) => get<{ items: IndexState[] }>(`${objectPath(object)}/indexes`);
export const changeRules = (object: string, rules: Rule[], version?: Version) => changeObject(object, { rules }, version);

export interface Difference { path: string[]; old?: unknown; new?: unknown }
export interface CatalogueChange {
  id: string; at: string; by: { id: string; title: string | null } | null; cause: string | null; action: string; object: string | null; name: string | null; reverts: string | null; reverted_by: string | null;
  diff?: Difference[];
}
export const getChanges = (after: string | null, object: string) => get<{ items: CatalogueChange[]; next: string | null }>('/meta/changes', { limit: 50, after, object });
export const getChange = (id: string) => get<CatalogueChange>(`/meta/changes/${id}`);
export const newestChange = async () => (await get<{ items: CatalogueChange[] }>('/meta/changes', { limit: 1 })).items[0] ?? null;
export const revertChange = (id: string) => send('POST', `/meta/changes/${id}/revert`);

export interface BinObject { object: string; plural: string; label: Label | null; removed_at?: string }
export interface BinField { object: string; field: string; key: string; type: string; label: Label | null; removed_at?: string }
export interface Bin { objects: BinObject[]; fields: BinField[]; days: number }
export const getBin = () => get<Bin>('/meta/bin');
export const keepBin = (days: number) => send('PATCH', '/meta/bin', { body: { days } });
export const bringBackField = (object: string, key: string) => send('POST', `${fieldPath(object, key)}/restore`);
export const bringBackObject = (object: string) => send('POST', `${objectPath(object)}/restore`);
export interface PurgeLook { records: number; filled: number }
const purgePath = (object: string, key?: string) => (key ? `${fieldPath(object, key)}/purge` : `${objectPath(object)}/purge`);
export const lookAtPurge = (object: string, key?: string) => send<PurgeLook>('POST', purgePath(object, key), { body: { dry_run: true } });
export const purge = (object: string, key?: string) => send('POST', purgePath(object, key), { body: { confirm: key ?? object } });

export type ConfigFiles = Record<string, unknown>;
export interface ApplyAnswer { applied: boolean; diff: Difference[] }
export const exportFiles = () => get<{ files: ConfigFiles }>('/meta/export');
export const applyFiles = (files: ConfigFiles, dry: boolean, drop: boolean) => send<ApplyAnswer>('POST', '/meta/apply', { body: { files, dry_run: dry, allow_drop: drop } });

export const reloadCatalogue = (client: QueryClient) => client.refetchQueries({ queryKey: metaKey });
