// Changes of the catalogue. Everybody's client reads it again within two minutes; this one at once.
import type { QueryClient } from '@tanstack/react-query';
import { send } from '@/lib/api';
import { metaKey } from '@/lib/meta';
import type { Choice, FieldMeta, Label, ObjectMeta } from '@/lib/types';

export interface NewField {
  name: string; type: string; label: Label; required?: boolean; search?: boolean; to?: string; choices?: Choice[]; scale?: number; of?: string; result?: string;
}
export interface NewObject { object: string; plural: string; area: string; icon: string; traits: string[]; label: Label; title: string; number?: string; fields: NewField[] }

export const createField = (object: string, field: NewField) => send<FieldMeta>('POST', `/meta/objects/${object}/fields`, { body: field });
export const changeField = (object: string, name: string, change: Partial<NewField>) => send<FieldMeta>('PATCH', `/meta/objects/${object}/fields/${name}`, { body: change });
export const createObject = (object: NewObject) => send<ObjectMeta>('POST', '/meta/objects', { body: object });

export const reloadCatalogue = (client: QueryClient) => client.refetchQueries({ queryKey: metaKey });
