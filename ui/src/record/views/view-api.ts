// Views that people saved: their own and those shared with them, and which ones stand as tabs.
import { get, send } from '@/lib/api';
import type { LinkValue, View } from '@/lib/types';

export interface SavedView extends View { object: string; mine: boolean; owner: LinkValue; shared_with?: string[] | null; problem?: string }
export interface Pin { object: string; view: string; home: boolean }
export interface SavedViews { items: SavedView[]; pins: Pin[] }
export type ViewBody = Pick<View, 'label' | 'kind' | 'filter' | 'sort' | 'columns' | 'group' | 'look'> & { object?: string; shared_with?: string[] | null };

export const fetchViews = (object: string, signal?: AbortSignal) => get<SavedViews>('/me/views', { object }, signal);
export const createView = (body: ViewBody) => send<SavedView>('POST', '/me/views', { body });
export const changeView = (view: string, body: Partial<ViewBody>) => send<SavedView>('PATCH', `/me/views/${view}`, { body });
export const deleteView = (view: string) => send('DELETE', `/me/views/${view}`);
export const pinView = (object: string, view: string, home?: boolean) => send('PUT', `/me/pins/${object}/${view}`, { body: home === undefined ? {} : { home } });
export const unpinView = (object: string, view: string) => send('DELETE', `/me/pins/${object}/${view}`);

/** Names that the server gives: a view of the catalogue may begin with v, but not go on in digits. */
export const isSaved = (name: string): boolean => /^v\d{6,}$/.test(name);
export const isSavedView = (view: View): view is SavedView => 'mine' in view;
