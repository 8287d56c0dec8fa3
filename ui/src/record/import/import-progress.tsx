import '@/lib/import-words';
import { Button } from 'antd';
import { t } from '@/lib/i18n';
import { formatNumber } from '@/lib/numbers';
import type { Job } from '@/lib/types';

/** Long work: how far, and a way to stop. One may leave the page. */
export function ImportProgress({ job, label, onCancel }: { job?: Job<unknown>; label: string; onCancel?: () => void }) {
  const { done = 0, total = 0 } = job?.progress ?? {};
  const share = total > 0 ? Math.min(100, (done / total) * 100) : 0;
  return (
    <section className="card" role="status">
      <div className="body" style={{ paddingTop: 16 }}>
        <div className="row between"><b>{label}</b><span className="muted">{total > 0 ? `${formatNumber(done)} / ${formatNumber(total)}` : t('import.queued')}</span></div>
        <div className="bar" style={{ margin: '10px 0' }} role="progressbar" aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100}><i style={{ width: `${share}%` }} /></div>
        <div className="row between cap muted"><span>{t('import.may_leave')}</span>{onCancel && <Button type="text" size="small" onClick={onCancel}>{t('action.cancel')}</Button>}</div>
      </div>
    </section>
  );
}
