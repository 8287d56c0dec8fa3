// When backups are made by themselves, and which are kept.
import { Button, InputNumber, Select, Switch } from 'antd';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showFailure, showToast } from '@/components/toast';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';

export interface Plan { on: boolean; every: 'hour' | 'day' | 'week'; hour: number; weekday: number; daily: number; weekly: number; monthly: number }
interface Props { plan: Plan; folder: string; onSaved: () => void }

const hours = Array.from({ length: 24 }, (_, hour) => ({ value: hour, label: `${String(hour).padStart(2, '0')}:00` }));

function When({ of, put }: { of: Plan; put: (change: Partial<Plan>) => void }) {
  const weekdays = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: day, label: t(`backups.weekday_${day}`) }));
  return (
    <>
      <Select value={of.every} onChange={(every) => put({ every })} aria-label={t('backups.every')} options={(['hour', 'day', 'week'] as const).map((every) => ({ value: every, label: t(`backups.every_${every}`) }))} />
      {of.every === 'week' && <Select value={of.weekday} onChange={(weekday) => put({ weekday })} aria-label={t('backups.weekday')} options={weekdays} />}
      {of.every !== 'hour' && <Select value={of.hour} onChange={(hour) => put({ hour })} aria-label={t('backups.hour')} options={hours} />}
    </>
  );
}

export function PlanForm({ plan, folder, onSaved }: Props) {
  const [draft, setDraft] = useState(plan);
  const [busy, setBusy] = useState(false);
  const put = (change: Partial<Plan>) => setDraft((was) => ({ ...was, ...change }));
  const changed = JSON.stringify(draft) !== JSON.stringify(plan);
  const save = async () => {
    setBusy(true);
    try { await send('PATCH', '/backups/plan', { body: draft }); showToast(t('backups.saved')); onSaved(); } catch (e) { showFailure(failureText(e)); }
    setBusy(false);
  };
  const kept = (['daily', 'weekly', 'monthly'] as const).map((name) => (
    <label key={name} className="plan-kept"><InputNumber min={0} max={1000} precision={0} value={draft[name]} onChange={(v) => put({ [name]: v ?? 0 })} aria-label={t(`backups.${name}`)} /> <span className="soft">{t(`backups.${name}`)}</span></label>
  ));
  return (
    <div className="backup-plan">
      <div className="plan-row"><label className="plan-on"><Switch size="small" checked={draft.on} onChange={(on) => put({ on })} /> {t('backups.plan')}</label>{draft.on && <When of={draft} put={put} />}</div>
      <div className="plan-row"><span className="soft">{t('backups.keep')}</span>{kept}</div>
      <div className="plan-row"><span className="cap muted cut">{t('backups.folder', { folder })}</span>{changed && <Button size="small" type="primary" loading={busy} onClick={() => void save()}>{t('action.save')}</Button>}</div>
    </div>
  );
}
