import { ArrowRight, History, Merge, Plus, RotateCcw, Trash2, Upload, type LucideIcon } from 'lucide-react';
import { Suspense } from 'react';
import { Link } from 'react-router';
import { iconOf } from '@/components/icons';
import { FileChip } from '@/fields/file/file';
import { linkOf, linkTitle } from '@/fields/link/link';
import { timeOf } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { objectLabel, useCatalogue } from '@/lib/meta';
import type { ObjectMeta, TimelineItem } from '@/lib/types';
import { useSlots } from '../page/slots';
import { changeLabel, ChangeValue, MergedMark } from './change-text';

const CAUSES: Record<string, LucideIcon> = { import: Upload, merge: Merge, undo: RotateCcw, purge: Trash2 };
const SHOWN = 4;

function Head({ who, what, at }: { who: string; what: React.ReactNode; at: string }) {
  return <div className="hd"><b>{who}</b><span className="soft">{what}</span><span className="when muted cap">{timeOf(at)}</span></div>;
}

function Change({ object, item }: { object: ObjectMeta; item: TimelineItem }) {
  const all = item.action === 'create' ? [] : item.changes ?? [];
  const changes = all.slice(0, SHOWN);
  const what = item.action === 'create' ? t('history.created') : changes.length === 0 ? t('history.saved') : t('history.changed');
  const cause = item.cause && item.cause !== 'person' && item.cause !== 'api' ? ` · ${t(`cause.${item.cause}`)}` : '';
  return (
    <div>
      <Head who={linkTitle(linkOf(item.by)) || t('history.system')} what={what + cause} at={item.at} />
      <MergedMark item={item} />
      {changes.map((c) => (
        <div className="ch" key={c.field}>
          <span className="muted">{changeLabel(object, c)}</span><span className="soft"><ChangeValue object={object} name={c.field} value={c.old} type={c.old_type} /></span>
          <ArrowRight size={12} strokeWidth={1.75} aria-hidden className="muted" /><ChangeValue object={object} name={c.field} value={c.new} type={c.new_type} />
        </div>
      ))}
      {all.length > changes.length && <div className="cap muted">{t('history.more_fields', { n: all.length - changes.length })}</div>}
    </div>
  );
}

function Happening({ item, target }: { item: TimelineItem; target: ObjectMeta | undefined }) {
  const kind = target ? objectLabel(target) : item.kind;
  const link = (words: string | null) => (target ? <Link to={`/${target.plural}/${item.id}`}>{words}</Link> : words);
  const named = item.title !== kind;
  return (
    <div className="happening">
      <Head who={linkTitle(linkOf(item.by)) || t('history.system')} what={named ? kind : link(kind)} at={item.at} />
      {named && link(item.title)}
      {item.text && item.text !== item.title && <div className="tx">{item.text}</div>}
      {item.files && <div className="row wrap gap4 files">{item.files.map((f) => <FileChip key={f.id} file={f} />)}</div>}
    </div>
  );
}

export function TimelineEntry({ object, item, last, button }: { object: ObjectMeta; item: TimelineItem; last: boolean; button?: React.ReactNode }) {
  const { byName } = useCatalogue();
  const target = item.kind === 'change' ? undefined : byName.get(item.object);
  const Own = useSlots().timelineEntries?.[item.kind];
  const Icon = item.kind !== 'change' ? iconOf(target?.icon) : item.action === 'create' ? Plus : CAUSES[item.cause ?? ''] ?? History;
  return (
    <div className={last ? 'ev last' : 'ev'}>
      <span className="pin"><Icon size={14} strokeWidth={1.75} aria-hidden /></span>
      {item.kind === 'change' ? <Change object={object} item={item} /> : Own ? <Suspense fallback={<Happening item={item} target={target} />}><Own item={item} /></Suspense> : <Happening item={item} target={target} />}
      {button && <span className="tl-act">{button}</span>}
    </div>
  );
}
