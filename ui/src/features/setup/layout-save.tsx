// What every layout editor has at its foot: what is not saved yet, back to what was, the program's own again.
import { Button, Popconfirm } from 'antd';
import { t } from '@/lib/i18n';
import { resetLayout } from './api';
import { Refusals } from './parts';
import type { useSubmit } from './use-submit';

interface Props { form: ReturnType<typeof useSubmit>; dirty: boolean; object: string; layout?: string; variant?: boolean; shown?: string[]; onSave: () => void; onDiscard: () => void }

export function LayoutFoot({ form, dirty, object, layout, variant, onSave, onDiscard }: Props) {
  return (
    <>
      <Refusals of={form} />
      <div className="layout-foot">
        {layout && <Popconfirm title={t(variant ? 'layout.remove_sure' : 'layout.reset_sure')} okText={t(variant ? 'layout.remove' : 'layout.reset')} cancelText={t('action.cancel')} onConfirm={() => void form.submit(() => resetLayout(object, layout), t(variant ? 'layout.was_removed' : 'layout.was_reset'))}><Button type="text" disabled={form.busy}>{t(variant ? 'layout.remove' : 'layout.reset')}</Button></Popconfirm>}
        <span className="note cut">{dirty ? t('layout.unsaved') : t('setup.at_once')}</span>
        <Button disabled={!dirty} onClick={onDiscard}>{t('layout.discard')}</Button>
        <Button type="primary" disabled={!dirty} loading={form.busy} onClick={onSave}>{t('action.save')}</Button>
      </div>
    </>
  );
}
