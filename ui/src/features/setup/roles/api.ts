// Roles: their records, their forms, what a form would open and close.
import { ApiProblem, get, getIfChanged, send } from '@/lib/api';
import { language } from '@/lib/i18n';
import type { LinkValue, Page, Rec } from '@/lib/types';
import { EMPTY, type Action, type FieldWord, type RoleForm } from './matrix';

export interface Role { id: string; version: number; code: string; name: string; name_en?: string | null; description?: string | null; is_preset?: boolean | null }

/** This role may do everything, whatever its form says. */
export const ALMIGHTY = 'administrator';
export const rolesKey = ['related', 'roles', 'settings'];
export const formKey = (code: string) => ['role-form', code];

export const fetchRoles = (signal?: AbortSignal) => get<Page>('/roles', { fields: 'code,name,name_en,description,is_preset', sort: 'id', limit: 200, count: 'none' }, signal).then((p) => p.items as unknown as Role[]);
export const roleName = (role: Pick<Role, 'code' | 'name' | 'name_en'>): string => (language() === 'en' && role.name_en) || role.name || role.code;

export interface Stored { form: RoleForm; version?: string }

/** A role without a form may nothing yet. The version is what a save is compared with. */
export async function fetchForm(code: string): Promise<Stored> {
  try {
    const answer = await getIfChanged<Partial<RoleForm>>(`/meta/access/${code}`, null);
    return { form: { ...EMPTY, ...answer?.data }, version: answer?.etag?.replaceAll('"', '') };
  } catch (e) {
    if (e instanceof ApiProblem && e.status === 404) return { form: EMPTY };
    throw e;
  }
}

export type FormBody = Partial<RoleForm>;
export const putForm = (code: string, body: FormBody, version?: string) => send<RoleForm>('PUT', `/meta/access/${code}`, { body: { objects: {}, ...body }, version });

export interface Side { people: number; records: number; exact: boolean; samples: LinkValue[] }
export interface Some { people: number; samples: LinkValue[] }
export interface Preview {
  people: number; looked_at: number; complete: boolean;
  objects: { object: string; gained: Side; lost: Side }[];
  actions: { object: string; action: Action; gained: Side; lost: Side }[];
  fields: ({ object: string; field: string; from: FieldWord; to: FieldWord; from_style?: string; to_style?: string } & Side)[];
  system: { right: string; gained: Some; lost: Some }[];
}
export const previewForm = (code: string, body: FormBody) => send<Preview>('POST', `/meta/access/${code}/preview`, { body: { objects: {}, ...body } });

export const createRole = (body: { code: string; name: string; name_en: string | null; description: string | null }) => send<Rec>('POST', '/roles', { body });
export const fetchHolders = (id: string, signal?: AbortSignal) => get<Page>('/users', { filter: `roles in (${JSON.stringify(id)}) and status = "active"`, fields: 'name', sort: 'name', limit: 20 }, signal);
