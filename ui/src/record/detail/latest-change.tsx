import { History } from 'lucide-react';
import { linkOf, linkTitle } from '@/fields/link/link';
import { ago } from '@/lib/dates';
import { t } from '@/lib/i18n';
import type { ObjectMeta } from '@/lib/types';
import { useHistory } from '../data/use-history';
import { changeLabel } from './change-text';

/** Who changed what last, and the way to all of it. */
export function LatestChange({ object, id, onOpen }: { object: ObjectMeta; id: string; onOpen: () => void }) {
  const last = useHistory(object, id).items[0];
  if (!last) return null;
  const fields = last.changes.slice(0, 2).map((c) => changeLabel(object, c)).join(t('list.separator'));
  const values = { when: ago(last.at), who: linkTitle(linkOf(last.by)) || t('history.system'), fields };
  const words = last.version === 1 || !fields ? t(last.version === 1 ? 'history.latest_created' : 'history.latest_saved', values) : t('history.latest', values);
  return <span className="row end cap muted gap4 latest"><History size={14} strokeWidth={1.75} aria-hidden /><span className="cut">{words}</span><button type="button" className="link-button nw" onClick={onOpen}>{t('history.title')}</button></span>;
}
