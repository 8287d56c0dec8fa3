// Requests about who may do what with a record (docs/admin/rights.md).
import { get, send } from '@/lib/api';
import type { Principal } from '@/lib/principals';
import type { LinkValue, Rec } from '@/lib/types';

export interface Rule { rule: string; positions?: LinkValue[]; own?: boolean } // the positions that bring the role; own: it is the person's besides
export type Doing = 'read' | 'update' | 'delete' | 'export' | 'share' | 'transfer' | 'bulk';
export type Mine = Record<Doing, boolean> & { because: Rule[] };
export interface Person { user: LinkValue; can: Doing[]; because: Rule[] }
export interface Everybody extends Mine { people: Person[]; people_more: boolean }
export type Answer = Record<Doing, boolean> & { user: LinkValue; active: boolean; because: Rule[]; because_not: Rule[] };

export type Level = 'read' | 'edit';
export type Share = Principal & { level: Level; source: 'manual' | 'collaborator' | 'rule' | 'field'; rule: string | null; field?: string; until: string | null; by: LinkValue | null; at: string };
export interface NewShare { with: Principal[]; level: Level; as: 'manual' | 'collaborator'; until: string | null }

const of = (plural: string, id: string): string => `/${plural}/${id}`;

export const fetchMine = (plural: string, id: string, signal?: AbortSignal) => get<Mine>(`${of(plural, id)}/access`, {}, signal);
export const fetchEverybody = (plural: string, id: string, signal?: AbortSignal) => get<Everybody>(`${of(plural, id)}/access`, { people: true }, signal);
export const fetchPerson = (plural: string, id: string, user: string, signal?: AbortSignal) => get<Answer>(`${of(plural, id)}/access`, { user }, signal);
export const fetchShares = (plural: string, id: string, signal?: AbortSignal) => get<{ items: Share[] }>(`${of(plural, id)}/shares`, {}, signal);
export const share = (plural: string, id: string, body: NewShare) => send<null>('POST', `${of(plural, id)}/share`, { body });
export const unshare = (plural: string, id: string, principals: Principal[]) => send<null>('POST', `${of(plural, id)}/unshare`, { body: { with: principals } });
/** Names in a field that opens the record: of one field taken out, into another put. */
export const name = (plural: string, id: string, put: string | undefined, out: string | undefined, who: string) => send<Rec>('PATCH', of(plural, id), { body: { ...(out && { [out]: { remove: [who] } }), ...(put && { [put]: { add: [who] } }) } });
export const reveal = (plural: string, id: string, field: string) => send<{ field: string; value: unknown }>('POST', `${of(plural, id)}/reveal`, { body: { field } });
