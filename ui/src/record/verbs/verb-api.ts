// What can be done to a record beyond changing its fields: the catalogue declares it, the server says what is possible now.
import { get, send, sendRaw } from '@/lib/api';
import { fieldOf } from '@/lib/meta';
import { kitOf } from '@/fields/fields';
import type { FieldMeta, ObjectMeta, Rec, VerbMeta } from '@/lib/types';

export interface Hint { object: string; param: string; id: string; title: string | null; because: string[] }
export interface Done { record: Rec; batch: string | null }

export const fetchPossible = (plural: string, id: string, signal?: AbortSignal) => get<{ items: string[] }>(`/${plural}/${id}/verbs`, {}, signal);

/** The verb's parameters as fields: of the object (required where the verb says so) or its own. */
export const paramsOf = (object: ObjectMeta, verb: VerbMeta): FieldMeta[] =>
  verb.params.flatMap((p) => {
    if (!('field' in p)) return [p];
    const field = fieldOf(object, p.field);
    return field ? [{ ...field, required: p.required ?? false }] : [];
  });

export const startOf = (params: FieldMeta[]): Record<string, unknown> =>
  Object.fromEntries(params.filter((f) => f.default !== undefined && f.default !== null).map((f) => [f.name, f.default]));

export function bodyOf(params: FieldMeta[], values: Record<string, unknown>): Record<string, unknown> {
  const said = params.filter((f) => f.name in values).map((f) => [f.name, kitOf(f).wire(values[f.name] ?? null)] as const);
  return Object.fromEntries(said.filter(([, v]) => v !== undefined));
}

export async function runVerb(object: ObjectMeta, record: Rec, verb: VerbMeta, params: FieldMeta[], values: Record<string, unknown>, key: string): Promise<Done> {
  const answer = await sendRaw('POST', `/${object.plural}/${record.id}/${verb.verb}`, { body: bodyOf(params, values), version: record.version, key });
  return { record: await answer.json() as Rec, batch: answer.headers.get('Guanxi-Batch') };
}

export const fetchHints = async (object: ObjectMeta, record: Rec, verb: VerbMeta): Promise<Hint[]> =>
  (await send<{ hints: Hint[] }>('POST', `/${object.plural}/${record.id}/${verb.verb}`, { body: { dry_run: true } })).hints;
