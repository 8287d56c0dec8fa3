// What can be done with the selected rows, or with all that the filter means.
import '@/lib/duplicate-words';
import '@/lib/lists-words';
import { Dropdown, Popconfirm } from 'antd';
import { BellOff, BellPlus, CheckCheck, Ellipsis, Merge, PencilLine, Trash2, UserRoundPen, X, type LucideIcon } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { showToast } from '@/components/toast';
import { inSentence, plural, t } from '@/lib/i18n';
import { fieldOf, mayDelete, mayUpdate, objectLabel } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import type { Count, ObjectMeta, Rec } from '@/lib/types';
import { bulkVerbs, mayBulk, mayTransfer } from '../bulk/bulk-api';
import type { BulkVerb } from '../bulk/bulk-drawer';
import { useDelete } from '../data/use-delete';
import { useFollowMany } from '../data/use-marks';
import { useSlots } from '../page/slots';
import { verbLabel } from '../verbs/use-verbs';
import { verbIcon } from '../verbs/verb-icons';

const BulkDrawer = lazy(() => import('../bulk/bulk-drawer'));
const MergeDrawer = lazy(() => import('../duplicates/merge-drawer'));
const MERGED_AT_ONCE = 20;

/** All that the list means, of which some rows are loaded. */
export interface Whole { filter: string; count: Count | null }
interface Props { object: ObjectMeta; rows: Rec[]; whole?: Whole; onClear: () => void }

const Act = ({ icon: Icon, label, onClick }: { icon: LucideIcon; label: string; onClick?: () => void }) => (
  <button type="button" className="act" onClick={onClick}><Icon size={16} strokeWidth={1.75} aria-hidden />{label}</button>
);

/** An empty filter still says "all": true for every record. */
const EVERYTHING = 'id is not null';

const mayMerge = (object: ObjectMeta, n: number): boolean =>
  n > 1 && n <= MERGED_AT_ONCE && mayUpdate(object) && mayDelete(object) && (object.duplicates ?? []).length > 0;

interface ActsProps { object: ObjectMeta; rows: Rec[]; all: boolean; onVerb: (verb: BulkVerb) => void; onMerge: () => void; onClear: () => void }

/** Those chosen by hand: a whole filter would tell its follower of thousands of records. */
function FollowAct({ object, rows }: { object: ObjectMeta; rows: Rec[] }) {
  const { followed, put } = useFollowMany(object);
  const [busy, setBusy] = useState(false);
  const on = !followed(rows);
  const act = async () => {
    setBusy(true);
    const done = await put(rows.filter((r) => followed([r]) !== on), on);
    setBusy(false);
    if (done.length) showToast(t(on ? 'mark.followed' : 'mark.unfollowed', { n: done.length }), { label: t('action.undo'), key: 'Ctrl Z', run: () => void put(done, !on) });
  };
  return <Act icon={on ? BellPlus : BellOff} label={t(on ? 'bulk.follow' : 'bulk.unfollow')} onClick={busy ? undefined : () => void act()} />;
}

function Acts({ object, rows, all, onVerb, onMerge, onClear }: ActsProps) {
  const remove = useDelete(object);
  const bulk = mayBulk(object);
  const { withChosen: More } = useSlots();
  const many = plural(inSentence(objectLabel(object)));
  const act = async () => { if (await remove(rows)) onClear(); };
  return (
    <>
      {bulk && mayUpdate(object) && <Act icon={PencilLine} label={t('action.edit')} onClick={() => onVerb('edit')} />}
      {bulk && mayTransfer(object) && fieldOf(object, 'owner') && <Act icon={UserRoundPen} label={t('bulk.transfer')} onClick={() => onVerb('transfer')} />}
      <Verbs object={object} onVerb={onVerb} />
      {!all && <FollowAct object={object} rows={rows} />}
      {!all && More && <Suspense><More object={object} rows={rows} onDone={onClear} /></Suspense>}
      {!all && mayMerge(object, rows.length) && <Act icon={Merge} label={t('merge.open')} onClick={onMerge} />}
      {mayDelete(object) && all && bulk && <Act icon={Trash2} label={t('action.delete')} onClick={() => onVerb('delete')} />}
      {mayDelete(object) && !all && (
        <Popconfirm title={t('bulk.delete_confirm', { n: rows.length, objects: many })} okText={t('action.delete')} cancelText={t('action.cancel')} onConfirm={() => void act()} icon={null}>
          <button type="button" className="act"><Trash2 size={16} strokeWidth={1.75} aria-hidden />{t('action.delete')}</button>
        </Popconfirm>
      )}
    </>
  );
}

/** What the object declares beyond fields: assign, claim, close, win … */
function Verbs({ object, onVerb }: { object: ObjectMeta; onVerb: (verb: BulkVerb) => void }) {
  const verbs = bulkVerbs(object);
  if (!verbs.length) return null;
  const items = verbs.map((v) => {
    const Icon = verbIcon(v.icon);
    return { key: v.verb, icon: <Icon size={14} strokeWidth={1.75} />, label: verbLabel(v), danger: v.danger, onClick: () => onVerb(v) };
  });
  return (
    <Dropdown trigger={['click']} placement="top" menu={{ items }}>
      <button type="button" className="act" aria-haspopup="menu"><Ellipsis size={16} strokeWidth={1.75} aria-hidden />{t('bulk.verbs')}</button>
    </Dropdown>
  );
}

export default function BulkBar({ object, rows, whole, onClear }: Props) {
  const [all, setAll] = useState(false);
  const [verb, setVerb] = useState<BulkVerb | null>(null);
  const [merging, setMerging] = useState(false);
  const total = whole?.count?.value ?? 0;
  const n = all ? total : rows.length;
  const close = (done: boolean) => { setVerb(null); if (done) onClear(); };
  const label = all && whole?.count && !whole.count.exact ? t('bulk.all_more', { n: formatNumber(n) }) : t('list.selected', { n: formatNumber(n) });
  const which = all && whole ? { filter: whole.filter || EVERYTHING } : { ids: rows.map((r) => r.id) };
  return (
    <div className="bulk" role="toolbar" aria-label={label}>
      <b>{label}</b>
      {mayBulk(object) && whole && !all && total > rows.length && <Act icon={CheckCheck} label={t('bulk.choose_all')} onClick={() => setAll(true)} />}
      <span className="sep" />
      <Acts object={object} rows={rows} all={all} onVerb={setVerb} onMerge={() => setMerging(true)} onClear={onClear} />
      <span className="sep" />
      <IconButton icon={X} label={t('list.clear_selection')} onClick={onClear} />
      <Suspense>{merging && <MergeDrawer object={object} ids={rows.map((r) => r.id)} onClose={(done) => { setMerging(false); if (done) onClear(); }} />}</Suspense>
      <Suspense>{verb && <BulkDrawer object={object} verb={verb} count={n} which={which} onClose={close} />}</Suspense>
    </div>
  );
}
