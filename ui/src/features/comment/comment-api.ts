// A comment as the API wants it, and what shows it.
import type { QueryClient } from '@tanstack/react-query';
import { htmlOf } from '@/fields/rich_text/plain';
import type { Words } from './comment-form';

export const bodyOf = ({ text, mentions }: Words): Record<string, unknown> => ({ body: htmlOf(text), mentions: mentions.map((m) => m.id) });

const SHOWS = new Set(['timeline', 'related', 'history']);
export const showAgain = (client: QueryClient) => void client.invalidateQueries({ predicate: (q) => SHOWS.has(String(q.queryKey[0])) });
