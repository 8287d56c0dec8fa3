// What is that person's, part by part, with where it goes; nothing moves before the button is pressed.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Checkbox, DatePicker, Popconfirm, Select } from 'antd';
import dayjs from 'dayjs';
import { PackageOpen } from 'lucide-react';
import { useState } from 'react';
import { BlockSkeleton } from '@/components/skeleton';
import { ErrorState, failureText, PageState } from '@/components/state';
import { LinkInput } from '@/fields/link/link-input';
import { linkTitle } from '@/fields/link/link';
import { send } from '@/lib/api';
import { t } from '@/lib/i18n';
import { useCatalogue } from '@/lib/meta';
import { formatNumber } from '@/lib/numbers';
import { PERSON } from '@/lib/principals';
import type { FieldMeta, LinkValue } from '@/lib/types';
import { startJob } from '@/record/data/job';
import { partWords } from './part-words';
import { bodyOf, choiceOf, movedBy, named, type Choice, type Part, type Plan, type Step, type Told, type Way } from './plan';

const TO: FieldMeta = { name: 'to', type: 'link', to: PERSON, required: true, fixed: true };

function PartRow({ part, plan, onChoice }: { part: Part; plan: Plan; onChoice: (choice: Choice) => void }) {
  const catalogue = useCatalogue();
  const choice = choiceOf(plan, part);
  const words = partWords(catalogue, part.part);
  const ways: Way[] = part.pooled ? ['to', 'pool', 'leave'] : ['to', 'leave'];
  const pick = (way: Way) => onChoice(way === 'to' ? { way, to: plan.to } : { way });
  return (
    <div className="hand-row">
      <div className="grow"><div className="row"><b className="cut">{words}</b><span className="soft nw">{formatNumber(part.count)}{part.exact ? '' : '+'}</span></div>{named(part.samples).length > 0 && <div className="cap muted cut">{named(part.samples).map(linkTitle).join(t('list.separator'))}</div>}</div>
      <Select value={choice.way} onChange={pick} options={ways.map((w) => ({ value: w, label: t(`hand.way.${w}`) }))} aria-label={t('hand.way_of', { part: words })} />
      {choice.way === 'to' ? <div><label className="visually-hidden" htmlFor={`to-${part.part}`}>{t('hand.to_of', { part: words })}</label><LinkInput id={`to-${part.part}`} field={TO} value={choice.to} onChange={(v) => onChoice({ way: 'to', to: v as LinkValue | null })} /></div> : <span />}
    </div>
  );
}

function StepRow({ step, plan, onChoice }: { step: Step; plan: Plan; onChoice: (choice: Choice | null) => void }) {
  const catalogue = useCatalogue();
  const words = partWords(catalogue, step.part);
  const leaves = plan.choices[step.part]?.way === 'leave';
  return (
    <div className="hand-row">
      <div className="grow"><div className="row"><b className="cut">{words}</b><span className="soft nw">{formatNumber(step.count)}</span></div></div>
      <Select value={leaves ? 'leave' : 'to'} onChange={(way: Way) => onChoice(way === 'leave' ? { way } : null)} options={(['to', 'leave'] as const).map((w) => ({ value: w, label: t(`hand.way.${w}`) }))} aria-label={t('hand.way_of', { part: words })} />
      <span className="soft cut">{!leaves && plan.to && linkTitle(plan.to)}</span>
    </div>
  );
}

interface Props { leaver: LinkValue; plan: Plan; onPlan: (plan: Plan) => void; onBack: () => void; onStarted: (job: string) => void }

export function HandOverParts({ leaver, plan, onPlan, onBack, onStarted }: Props) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const body = bodyOf(plan, true);
  const query = useQuery({ queryKey: ['hand-over', leaver.id, body], queryFn: ({ signal }) => send<Told>('POST', `/users/${leaver.id}/hand-over`, { body, signal }), placeholderData: keepPreviousData, gcTime: 0, retry: false });
  const choose = (part: string, choice: Choice | null) => {
    const rest = Object.fromEntries(Object.entries(plan.choices).filter(([name]) => name !== part));
    onPlan({ ...plan, choices: choice ? { ...rest, [part]: choice } : rest });
  };
  const run = async () => {
    setBusy(true);
    try { onStarted(await startJob(`/users/${leaver.id}/hand-over`, bodyOf(plan, false))); } catch (e) { setFailure(failureText(e)); setBusy(false); }
  };
  const told = query.data;
  const name = linkTitle(leaver);
  const n = movedBy(plan, told?.parts ?? []);
  if (query.isError) return <ErrorState error={query.error} title={t('hand.error')} onRetry={() => void query.refetch()} />;
  if (!told) return <BlockSkeleton lines={8} />;
  return (
    <div className="wizard wide">
      <p className="soft">{t('hand.intro', { name, to: linkTitle(plan.to) })}</p>
      {!told.parts.length && !told.steps.length && <PageState icon={PackageOpen} title={t('hand.nothing', { name })} />}
      {told.parts.map((p) => <PartRow key={p.part} part={p} plan={plan} onChoice={(c) => choose(p.part, c)} />)}
      {told.steps.map((s) => <StepRow key={s.part} step={s} plan={plan} onChoice={(c) => choose(s.part, c)} />)}
      <div className="row hand-leave"><Checkbox checked={plan.deactivate} onChange={(e) => onPlan({ ...plan, deactivate: e.target.checked })}>{t('hand.deactivate')}</Checkbox>{plan.deactivate && <DatePicker value={plan.leftOn ? dayjs(plan.leftOn) : null} onChange={(d) => onPlan({ ...plan, leftOn: d ? d.format('YYYY-MM-DD') : null })} aria-label={t('hand.left_on')} allowClear={false} />}</div>
      {failure && <div className="banner danger" role="alert"><div className="grow">{failure}</div></div>}
      <div className="row">
        <Button onClick={onBack}>{t('hand.back')}</Button>
        <Popconfirm title={t('hand.sure', { name, n })} description={t('hand.sure_text')} okText={t('hand.run')} cancelText={t('action.cancel')} onConfirm={() => void run()} icon={null}>
          <Button type="primary" loading={busy}>{t('hand.run_n', { n })}</Button>
        </Popconfirm>
      </div>
    </div>
  );
}
