// Above the timeline: what was written about this record and has not reached the server yet.
import { CloudUpload } from 'lucide-react';
import { formatInstant } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { useUnsent } from '@/lib/offline/use-unsent';
import type { About } from './body';

export function UnsentHere({ place }: { place: About }) {
  const here = useUnsent().filter((u) => u.about.object === place.object && u.about.id === place.id);
  if (!here.length) return null;
  return (
    <ul className="fu-unsent" aria-label={t('followup.unsent')}>
      {here.map((u) => <li key={u.key}><CloudUpload size={14} strokeWidth={1.75} aria-hidden /><span className="grow">{u.text}</span><span className="cap nw">{t('followup.unsent')} · {formatInstant(new Date(u.at).toISOString())}</span></li>)}
    </ul>
  );
}
