// Among what can be done with chosen rows: visits to them.
import '@/lib/nearby-words';
import { Route } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '@/lib/i18n';
import type { ObjectMeta, Rec } from '@/lib/types';
import { recordTitle } from '@/record/page/record-mark';
import { PLANNED_AT_ONCE, useMayPlan } from './plan-api';

const PlanDrawer = lazy(() => import('./plan-drawer'));

export default function PlanAct({ object, rows, onDone }: { object: ObjectMeta; rows: Rec[]; onDone: () => void }) {
  const may = useMayPlan(object);
  const [open, setOpen] = useState(false);
  if (!may || rows.length > PLANNED_AT_ONCE) return null;
  return (
    <>
      <button type="button" className="act" onClick={() => setOpen(true)}><Route size={16} strokeWidth={1.75} aria-hidden />{t('visit_plan.open')}</button>
      <Suspense>{open && <PlanDrawer chosen={rows.map((r) => ({ id: r.id, title: recordTitle(object, r) }))} onClose={(done) => { setOpen(false); if (done) onDone(); }} />}</Suspense>
    </>
  );
}
