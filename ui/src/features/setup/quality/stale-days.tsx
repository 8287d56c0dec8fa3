// After how many days without activity records of an object count as stale.
import { useQueryClient } from '@tanstack/react-query';
import { Button, InputNumber, Popover } from 'antd';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { t } from '@/lib/i18n';
import { mayCustomise, useSignedIn } from '@/lib/me';
import type { ObjectMeta } from '@/lib/types';
import { qualityKey, setStaleDays } from './quality-api';

function Days({ object, days, onDone }: { object: ObjectMeta; days: number; onDone: () => void }) {
  const client = useQueryClient();
  const [value, setValue] = useState(days);
  const save = () => void setStaleDays(object.object, value).then(() => {
    void client.invalidateQueries({ queryKey: qualityKey });
    showToast(t('quality.stale_saved'));
    onDone();
  }, (e: unknown) => showFailure(failureText(e)));
  return (
    <div className="q-assign">
      <label className="row gap8"><InputNumber min={1} max={3650} precision={0} value={value} onChange={(n) => setValue(n ?? days)} aria-label={t('quality.stale_days')} /><span>{t('quality.days')}</span></label>
      <p className="cap muted">{t('quality.stale_help')}</p>
      <div className="row end"><Button type="primary" size="small" disabled={value === days} onClick={save}>{t('action.save')}</Button></div>
    </div>
  );
}

export function StaleDays({ object, days }: { object: ObjectMeta; days: number }) {
  const { rights } = useSignedIn();
  const [open, setOpen] = useState(false);
  if (!mayCustomise(rights.system)) return null;
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottom" destroyOnHidden content={<Days key={days} object={object} days={days} onDone={() => setOpen(false)} />}>
      <button type="button" className="link-button q-change">{t('quality.change')}</button>
    </Popover>
  );
}
