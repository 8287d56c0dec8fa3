// Visits to chosen customers: the day and how long, the order as it comes out, and one button.
import '@/lib/nearby-words';
import '@/styles/nearby.css';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, DatePicker, Drawer, InputNumber, Segmented, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { CircleAlert, X } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { IconButton } from '@/components/icon-button';
import { BlockSkeleton } from '@/components/skeleton';
import { failureText } from '@/components/state';
import { showToast } from '@/components/toast';
import type { Place } from '@/fields/geo/geo';
import { ApiProblem, newKey } from '@/lib/api';
import { timeOf, today } from '@/lib/dates';
import { t } from '@/lib/i18n';
import { fieldOf, useCatalogue } from '@/lib/meta';
import type { FieldMeta, LinkValue } from '@/lib/types';
import { undoBatch } from '@/record/bulk/bulk-api';
import { FormField } from '@/record/form/form-field';
import { useShell } from '@/record/page/shell-context';
import { distanceText } from './distance';
import { makePlan, tryPlan, type Stop, type VisitPlan } from './plan-api';

interface Props { chosen: LinkValue[]; from?: Place; onClose: (done: boolean) => void }
interface When { on: string; start: string; minutes: number; kmh: number; order: string; begins: boolean }

const CLOCK = 'HH:mm';
const USUAL = { start: '09:00', minutes: 60, kmh: 30, order: 'short', begins: true };
const tomorrow = (): string => dayjs(today()).add(1, 'day').format('YYYY-MM-DD');

const Ask = ({ id, label, children }: { id?: string; label: string; children: ReactNode }) => (
  <div className="ff">{id ? <label htmlFor={id}>{label}</label> : <span className="lb">{label}</span>}{children}</div>
);

function Asked({ when, from, set }: { when: When; from?: Place; set: (change: Partial<When>) => void }) {
  return (
    <div className="near-asked">
      <Ask id="plan-day" label={t('visit_plan.day')}><DatePicker id="plan-day" value={dayjs(when.on)} allowClear={false} onChange={(d) => { if (d) set({ on: d.format('YYYY-MM-DD') }); }} disabledDate={(d) => d.isBefore(dayjs(today()), 'day')} /></Ask>
      <Ask id="plan-start" label={t('visit_plan.start')}><TimePicker id="plan-start" value={dayjs(when.start, CLOCK)} format={CLOCK} minuteStep={5} allowClear={false} needConfirm={false} onChange={(d) => { if (d) set({ start: d.format(CLOCK) }); }} /></Ask>
      <Ask id="plan-minutes" label={t('visit_plan.minutes')}><InputNumber id="plan-minutes" value={when.minutes} min={5} max={480} step={5} precision={0} onChange={(n) => { if (n) set({ minutes: n }); }} /></Ask>
      <Ask id="plan-kmh" label={t('visit_plan.kmh')}><InputNumber id="plan-kmh" value={when.kmh} min={1} max={200} precision={0} onChange={(n) => { if (n) set({ kmh: n }); }} /></Ask>
      <Ask label={t('visit_plan.order')}><Segmented value={when.order} options={['short', 'given'].map((value) => ({ value, label: t(`visit_plan.${value}`) }))} onChange={(order) => set({ order })} aria-label={t('visit_plan.order')} /></Ask>
      {from && <Checkbox checked={when.begins} onChange={(e) => set({ begins: e.target.checked })}>{t('visit_plan.from')}</Checkbox>}
    </div>
  );
}

function Way({ plan, stays, onDrop }: { plan: VisitPlan; stays: boolean; onDrop: (stop: Stop) => void }) {
  return (
    <>
      <ol className="near-way">
        {plan.stops.map((stop, i) => (
          <li key={stop.account.id} className="near-stop" aria-label={t('visit_plan.stop', { n: i + 1 })}>
            <span className="num strong">{timeOf(stop.due)}</span>
            <span className="grow"><span className="cut block">{stop.account.title}</span><span className="cap muted">{stop.placed ? stop.leg_m > 0 && `+ ${distanceText(stop.leg_m)}` : t('visit_plan.no_place')}</span></span>
            {stays && <IconButton icon={X} label={t('visit_plan.drop', { name: stop.account.title ?? '' })} onClick={() => onDrop(stop)} />}
          </li>
        ))}
      </ol>
      <p className="cap muted">{t('visit_plan.straight')}</p>
    </>
  );
}

/** What the body says wrongly is said at its field, or above all. */
const purposeError = (e: unknown): string | undefined => (e instanceof ApiProblem ? e.errors.find((x) => x.field === 'purpose')?.message : undefined);
const otherwise = (e: unknown): string => (e instanceof ApiProblem && e.errors.length ? e.errors.map((x) => x.message).join(t('list.separator')) : failureText(e));

function useRun(body: Record<string, unknown>, onClose: (done: boolean) => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const key = useRef(newKey());
  const run = async () => {
    setBusy(true);
    try {
      const { plan, batch } = await makePlan(body, key.current);
      const before = `${location.pathname}${location.search}`;
      const route = `/visit_routes/${plan.route}`;
      const undo = (made: string) => {
        if (location.pathname === route) void navigate(before, { replace: true });
        void undoBatch(client, null, made);
      };
      showToast(t('visit_plan.done', { n: plan.stops.length }), batch ? { label: t('action.undo'), key: 'Ctrl Z', run: () => undo(batch) } : undefined);
      void client.invalidateQueries({ predicate: (q) => q.queryKey[0] === 'list' || q.queryKey[0] === 'timeline' });
      onClose(true);
      void navigate(route);
    } catch (e) {
      setFailure(e);
      key.current = newKey();
      setBusy(false);
    }
  };
  return { busy, failure, forget: () => setFailure(null), run };
}

const bodyOf = (stops: LinkValue[], when: When, from: Place | undefined): Record<string, unknown> => {
  const { begins, ...rest } = when;
  return { ...rest, accounts: stops.map((s) => s.id), ...(from && begins ? { from } : {}) };
};

export default function PlanDrawer({ chosen, from, onClose }: Props) {
  const { phone } = useShell();
  const visits = useCatalogue().byName.get('visit');
  const purpose = visits && fieldOf(visits, 'purpose');
  const [stops, setStops] = useState(chosen);
  const [why, setWhy] = useState<unknown>(purpose?.default ?? null);
  const [when, setWhen] = useState<When>(() => ({ ...USUAL, on: tomorrow() }));
  const body = bodyOf(stops, when, from);
  const plan = useQuery({ queryKey: ['visit-plan', body], queryFn: ({ signal }) => tryPlan(body, signal), placeholderData: keepPreviousData, staleTime: 0, gcTime: 0, retry: false });
  const { busy, failure, forget, run } = useRun({ ...body, ...(why ? { purpose: why } : {}) }, onClose);
  const wrong = plan.error ?? (purposeError(failure) ? null : failure);
  const footer = (
    <div className="form-foot"><span className="grow soft">{plan.data && t('visit_plan.total', { far: distanceText(plan.data.distance_m) })}</span>
      <Button onClick={() => onClose(false)}>{t('action.cancel')}</Button>
      <Button type="primary" loading={busy} disabled={!plan.data || plan.isError || plan.isPlaceholderData} onClick={() => void run()}>{t('visit_plan.run', { n: stops.length })}</Button>
    </div>
  );
  return (
    <Drawer open onClose={() => onClose(false)} title={t('visit_plan.title', { n: stops.length })} size={phone ? '100%' : 440} footer={footer}>
      {!!wrong && <div className="banner danger" role="alert"><CircleAlert size={16} strokeWidth={1.75} aria-hidden /><div className="grow">{otherwise(wrong)}</div></div>}
      {purpose && <Purpose field={purpose} value={why} error={purposeError(failure)} onChange={(v) => { setWhy(v); forget(); }} />}
      <Asked when={when} from={from} set={(change) => { setWhen((old) => ({ ...old, ...change })); forget(); }} />
      {plan.isPending && <BlockSkeleton lines={stops.length} />}
      {plan.data && <Way plan={plan.data} stays={stops.length > 1} onDrop={(stop) => setStops((old) => old.filter((s) => s.id !== stop.account.id))} />}
    </Drawer>
  );
}

const Purpose = ({ field, value, error, onChange }: { field: FieldMeta; value: unknown; error?: string; onChange: (value: unknown) => void }) => (
  <FormField field={field} value={value} error={error} record={{}} onChange={onChange} />
);
