// What the server tells of a file before its import. Of a long text file its head is sent, of a workbook the whole.
import { sendRaw } from '@/lib/api';
import type { ObjectMeta } from '@/lib/types';

export interface Source { encoding?: string; sheet?: string; separator?: string; header_row?: number }
export interface PreviewColumn { name: string; field: string | null; samples: string[] }
export interface SavedOptions { mapping?: Record<string, unknown>; set?: Record<string, unknown>; mode?: string; key?: string[]; duplicates?: string; similar?: string; create_missing?: string[]; date_order?: string; encoding?: string; sheet?: string; separator?: string; header_row?: number }
export interface ReadyMapping { name: string; label: Record<string, string>; columns: number; options: SavedOptions }
export interface Preview { format: 'csv' | 'xlsx' | 'jsonl'; encoding: string; separator: string; header_row: number; sheet: string | null; sheets: string[]; columns: PreviewColumn[]; rows: string[][]; ready: ReadyMapping[] }

const HEAD_BYTES = 1024 * 1024;
const NEWLINE = 10;

const isArchive = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Whole lines of the head, as the encodings of text files have them. */
export async function headOf(file: File): Promise<Blob> {
  if (file.size <= HEAD_BYTES || isArchive(new Uint8Array(await file.slice(0, 2).arrayBuffer()))) return file;
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const end = head.lastIndexOf(NEWLINE);
  return file.slice(0, end > 0 ? end + 1 : HEAD_BYTES);
}

export async function loadPreview(object: ObjectMeta, file: File, source: Source): Promise<Preview> {
  const form = new FormData();
  form.append('options', JSON.stringify(source));
  form.append('file', await headOf(file), file.name);
  const answer = await sendRaw('POST', `/${object.plural}/import/preview`, { body: form });
  return await answer.json() as Preview;
}
