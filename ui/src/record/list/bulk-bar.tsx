// What can be done with the selected rows.
import { Popconfirm } from 'antd';
import { Trash2, X } from 'lucide-react';
import { IconButton } from '@/components/icon-button';
import { inSentence, plural, t } from '@/lib/i18n';
import { mayDelete, objectLabel } from '@/lib/meta';
import type { ObjectMeta, Rec } from '@/lib/types';
import { useDelete } from '../data/use-delete';

export default function BulkBar({ object, rows, onClear }: { object: ObjectMeta; rows: Rec[]; onClear: () => void }) {
  const remove = useDelete(object);
  const many = plural(inSentence(objectLabel(object)));
  const act = async () => { if (await remove(rows)) onClear(); };
  return (
    <div className="bulk" role="toolbar" aria-label={t('list.selected', { n: rows.length })}>
      <b>{t('list.selected', { n: rows.length })}</b>
      {mayDelete(object) && <><span className="sep" />
        <Popconfirm title={t('bulk.delete_confirm', { n: rows.length, objects: many })} okText={t('action.delete')} cancelText={t('action.cancel')} onConfirm={() => void act()} icon={null}>
          <button type="button" className="act"><Trash2 size={16} strokeWidth={1.75} aria-hidden />{t('action.delete')}</button>
        </Popconfirm></>}
      <span className="sep" />
      <IconButton icon={X} label={t('list.clear_selection')} onClick={onClear} />
    </div>
  );
}
