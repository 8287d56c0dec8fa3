// Who of those mentioned may not read the record: the writer learns it before he sends.
import { useQueries } from '@tanstack/react-query';
import { EyeOff } from 'lucide-react';
import { t } from '@/lib/i18n';
import type { LinkValue } from '@/lib/types';
import { fetchPerson } from '../access/access-api';

interface Props { plural: string; id: string; people: LinkValue[] }

export function Unreached({ plural, id, people }: Props) {
  const answers = useQueries({ queries: people.map((p) => ({ queryKey: ['access', plural, id, p.id, 'mention'], queryFn: ({ signal }: { signal?: AbortSignal }) => fetchPerson(plural, id, p.id, signal), staleTime: 30_000 })) });
  const out = people.filter((_, i) => { const a = answers[i]?.data; return a && a.read !== true; });
  if (!out.length) return null;
  return (
    <div className="mention-out" role="status"><EyeOff size={14} strokeWidth={1.75} aria-hidden />{t('mention.unreached', { names: out.map((p) => p.title).join(t('mention.and')) })}</div>
  );
}
